import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSpki, generateSm2KeyPair, privateScalar, publicPoint, sm2Encrypt, type Sm2KeyPair, type SubjectName } from '#pki';
import { INITIAL_USER_PIN, openTokenDrawer, type SoftwareToken } from './index.js';

const ADMIN_PIN = 'admin-4711';
const SERIAL = 'XY20261124001';
const CONTAINER = 'certificate-1';
const SIGNER_ID = 'distid:1234567812345678';
const CHEAP = { cost: 2 ** 4, blockSize: 8, parallelization: 1 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const drawer = () => openTokenDrawer(folder, { adminPin: () => ADMIN_PIN, retryLimits: { user: 3, admin: 2 }, scrypt: CHEAP });
const blank = () => drawer().blank(SERIAL, '四川信印科技有限公司');
const inserted = () => drawer().insert(SERIAL);
const refusal = (code: string, params?: object) => expect.objectContaining(params ? { code, params } : { code });

function loggedIn(): SoftwareToken {
  const token = blank();
  token.login(INITIAL_USER_PIN);
  return token;
}

function withKey(): { token: SoftwareToken; publicKey: ReturnType<SoftwareToken['generateSigningKey']> } {
  const token = loggedIn();
  return { token, publicKey: token.generateSigningKey(CONTAINER) };
}

describe('the signing key', () => {
  it('signs what OpenSSL verifies', () => {
    const { token, publicKey } = withKey();
    const message = Buffer.from('提交申请 A20261124000001');
    const pathOf = (name: string) => join(folder, name);
    writeFileSync(pathOf('message'), message);
    writeFileSync(pathOf('signature'), token.sign(CONTAINER, message));
    writeFileSync(pathOf('key.der'), exportSpki(publicKey));
    const key = ['-pubin', '-keyform', 'DER', '-inkey', pathOf('key.der'), '-pkeyopt', SIGNER_ID];
    const files = ['-in', pathOf('message'), '-sigfile', pathOf('signature')];
    expect(execFileSync('openssl', ['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', ...files, ...key]).toString()).toContain(
      'Verified Successfully',
    );
  });

  it('is one for the life of a container, another for another container', () => {
    const { token, publicKey } = withKey();
    expect(exportSpki(token.generateSigningKey(CONTAINER))).toEqual(exportSpki(publicKey));
    expect(exportSpki(token.generateSigningKey('certificate-2'))).not.toEqual(exportSpki(publicKey));
  });

  it.each(['__proto__', 'constructor/x', '', '-'])('refuses the container name %j', (name) => {
    expect(() => loggedIn().generateSigningKey(name)).toThrow(refusal('INPUT_INVALID'));
  });

  it('finds no container that only every object has', () => {
    expect(() => loggedIn().sign('constructor', Buffer.of(1))).toThrow(refusal('NOT_FOUND'));
  });

  it.each<[string, (token: SoftwareToken) => unknown]>([
    ['sign', (token) => token.sign(CONTAINER, Buffer.of(1))],
    ['decrypt', (token) => token.decrypt(CONTAINER, Buffer.of(1))],
    ['make a key', (token) => token.generateSigningKey('other')],
    ['take a key', (token) => token.importEncryptionKey(CONTAINER, Buffer.of(1))],
    ['take a certificate', (token) => token.importCertificate(CONTAINER, 'signing', Buffer.of(1))],
    ['take a seal', (token) => token.writeSeal(CONTAINER, Buffer.of(1))],
  ])('does not %s without login, nor after logout', (_what, work) => {
    const { token } = withKey();
    expect(() => work(inserted())).toThrow(refusal('TOKEN_NOT_LOGGED_IN'));
    token.logout();
    expect(() => work(token)).toThrow(refusal('TOKEN_NOT_LOGGED_IN'));
  });

  it('is logged out by a wrong PIN', () => {
    const { token } = withKey();
    expect(() => token.login('00000000')).toThrow();
    expect(token.loggedIn).toBe(false);
  });
});

describe('the request', () => {
  it('is a PKCS#10 that OpenSSL verifies, with the key of the container', () => {
    const { token, publicKey } = withKey();
    const subject: SubjectName = { organisation: '四川信印科技有限公司', commonName: '四川信印科技有限公司' };
    writeFileSync(join(folder, 'request.der'), token.certificationRequest(CONTAINER, subject));
    const read = ['req', '-in', join(folder, 'request.der'), '-inform', 'DER', '-noout'];
    const key = execFileSync('openssl', [...read, '-pubkey'], { encoding: 'utf8' });
    expect(Buffer.from(key.replace(/-----[^-]+-----|\s/g, ''), 'base64')).toEqual(exportSpki(publicKey));
    expect(() => execFileSync('openssl', [...read, '-verify', '-vfyopt', SIGNER_ID], { stdio: 'pipe' })).not.toThrow();
  });
});

/** SM2EnvelopedKey of GB/T 35276, put together by hand from gm.md. */
function envelope(pair: Sm2KeyPair, receiver: Sm2KeyPair['publicKey']): Buffer {
  const der = (tag: number, ...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([content.length < 0x80 ? Buffer.of(tag, content.length) : Buffer.of(tag, 0x81, content.length), content]);
  };
  const sessionKey = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const cipher = createCipheriv('sm4-ecb', sessionKey, null).setAutoPadding(false);
  const wrapped = Buffer.concat([cipher.update(privateScalar(pair.privateKey)), cipher.final()]);
  const sm4Ecb = der(0x30, Buffer.from('06082a811ccf550168010500', 'hex'));
  const bits = (content: Buffer) => der(0x03, Buffer.of(0), content);
  return der(0x30, sm4Ecb, sm2Encrypt(receiver, sessionKey), bits(publicPoint(pair.publicKey)), bits(wrapped));
}

describe('the encryption key', () => {
  it('comes in its envelope and opens what was encrypted for it, also after a restart', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    const again = inserted();
    again.login(INITIAL_USER_PIN);
    expect(again.decrypt(CONTAINER, sm2Encrypt(pair.publicKey, Buffer.from('会话密钥'))).toString()).toBe('会话密钥');
  });

  it('stands in the file sealed only, as do the PINs', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    const secret = privateScalar(pair.privateKey);
    const text = readFileSync(join(folder, `${SERIAL}.json`), 'utf8');
    const values = text.match(/"[A-Za-z0-9+/=]{16,}"/g)!.map((value) => Buffer.from(value, 'base64'));
    expect(values.length).toBeGreaterThan(6);
    expect(values.some((value) => value.includes(secret))).toBe(false);
    expect(text).not.toContain(ADMIN_PIN);
    expect(text).not.toContain(INITIAL_USER_PIN);
  });

  it('is refused in an envelope for another token', () => {
    const { token } = withKey();
    expect(() => token.importEncryptionKey(CONTAINER, envelope(generateSm2KeyPair(), generateSm2KeyPair().publicKey))).toThrow(
      refusal('TOKEN_CONTENT'),
    );
    expect(token.describe().containers[0]!.encryption).toBeNull();
  });

  it('is refused in a damaged envelope', () => {
    const { token, publicKey } = withKey();
    const damaged = envelope(generateSm2KeyPair(), publicKey);
    damaged[damaged.length - 1]! ^= 1;
    expect(() => token.importEncryptionKey(CONTAINER, damaged)).toThrow(refusal('TOKEN_CONTENT'));
  });

  it('needs the signing key first', () => {
    expect(() => loggedIn().importEncryptionKey(CONTAINER, Buffer.of(1))).toThrow(refusal('NOT_FOUND'));
  });

  it('does not decrypt what was made for another key, nor before it is there', () => {
    const { token, publicKey } = withKey();
    expect(() => token.decrypt(CONTAINER, Buffer.of(1))).toThrow(refusal('TOKEN_CONTENT'));
    token.importEncryptionKey(CONTAINER, envelope(generateSm2KeyPair(), publicKey));
    expect(() => token.decrypt(CONTAINER, sm2Encrypt(publicKey, Buffer.from('text')))).toThrow(refusal('TOKEN_CONTENT'));
  });
});

/** A certificate by OpenSSL for a public key: the maker's own key signs it. */
function certify(publicKey: Sm2KeyPair['publicKey']): Buffer {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(join(folder, 'subject.der'), exportSpki(publicKey));
  openssl('ecparam', '-genkey', '-name', 'SM2', '-noout', '-out', 'ca.key');
  openssl('req', '-x509', '-new', '-key', 'ca.key', '-sm3', '-sigopt', SIGNER_ID, '-subj', '/CN=ca', '-out', 'ca.crt');
  openssl('req', '-new', '-key', 'ca.key', '-sm3', '-sigopt', SIGNER_ID, '-subj', '/CN=holder', '-out', 'holder.csr');
  // An extension makes it version 3, the only one there is.
  writeFileSync(join(folder, 'extensions'), 'basicConstraints = CA:FALSE');
  openssl('pkey', '-pubin', '-inform', 'DER', '-in', 'subject.der', '-out', 'subject.pem');
  const issue = [
    'x509',
    '-req',
    '-in',
    'holder.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-set_serial',
    '1',
    '-sm3',
    '-sigopt',
    SIGNER_ID,
  ];
  return openssl(...issue, '-vfyopt', SIGNER_ID, '-extfile', 'extensions', '-force_pubkey', 'subject.pem', '-outform', 'DER');
}

describe('certificates', () => {
  it('are taken for the key they name', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    const [signing, encryption] = [certify(publicKey), certify(pair.publicKey)];
    token.importCertificate(CONTAINER, 'signing', signing);
    token.importCertificate(CONTAINER, 'encryption', encryption);
    const [container] = inserted().describe().containers;
    const der = (pem: string | null | undefined) => Buffer.from(pem!.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(der(container!.signing.certificate)).toEqual(signing);
    expect(der(container!.encryption!.certificate)).toEqual(encryption);
  });

  it('are refused for another key, and the two cannot be swapped', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    expect(() => token.importCertificate(CONTAINER, 'signing', certify(pair.publicKey))).toThrow(refusal('TOKEN_CONTENT'));
    expect(() => token.importCertificate(CONTAINER, 'encryption', certify(publicKey))).toThrow(refusal('TOKEN_CONTENT'));
    expect(token.describe().containers[0]!.signing.certificate).toBeNull();
  });

  it('are refused when there is no key for them, and when they are none', () => {
    const { token, publicKey } = withKey();
    expect(() => token.importCertificate(CONTAINER, 'encryption', certify(publicKey))).toThrow(refusal('TOKEN_CONTENT'));
    expect(() => token.importCertificate(CONTAINER, 'signing', Buffer.from('no certificate'))).toThrow(refusal('TOKEN_CONTENT'));
    expect(() => token.importCertificate(CONTAINER, 'signing', Buffer.concat([certify(publicKey), Buffer.of(0)]))).toThrow(
      refusal('TOKEN_CONTENT'),
    );
  });

  it('of an old encryption key goes when another key comes, and stays when the same comes again', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    token.importCertificate(CONTAINER, 'encryption', certify(pair.publicKey));
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    expect(token.describe().containers[0]!.encryption!.certificate).not.toBeNull();
    token.importEncryptionKey(CONTAINER, envelope(generateSm2KeyPair(), publicKey));
    expect(token.describe().containers[0]!.encryption!.certificate).toBeNull();
  });
});

describe('what was issued', () => {
  it('is taken whole or not at all', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    const [signing, encryption, seal] = [certify(publicKey), certify(pair.publicKey), Buffer.from('seal')];
    const issued = { signing, envelope: envelope(pair, publicKey), encryption, seal };
    expect(() => token.personalise(CONTAINER, { ...issued, seal: Buffer.alloc(0) })).toThrow(refusal('TOKEN_CONTENT'));
    const empty = { signing: { certificate: null }, encryption: null, hasSeal: false };
    expect(inserted().describe().containers).toMatchObject([empty]);
    token.personalise(CONTAINER, issued);
    const [container] = inserted().describe().containers;
    expect([container?.signing.certificate, container?.encryption?.certificate, container?.hasSeal]).toEqual([
      expect.stringMatching(/^-----BEGIN CERTIFICATE/),
      expect.stringMatching(/^-----BEGIN CERTIFICATE/),
      true,
    ]);
  });
});

describe('the seal', () => {
  it('is written by its owner and read by anybody', () => {
    const { token } = withKey();
    token.writeSeal(CONTAINER, Buffer.from('seal'));
    expect(inserted().readSeal(CONTAINER)).toEqual(Buffer.from('seal'));
    expect(inserted().describe().containers[0]!.hasSeal).toBe(true);
  });

  it('is not there before, and finds no room when it is too big', () => {
    const { token } = withKey();
    expect(() => token.readSeal(CONTAINER)).toThrow(refusal('NOT_FOUND'));
    expect(() => token.writeSeal(CONTAINER, Buffer.alloc(256 * 1024 + 1))).toThrow(refusal('TOKEN_CONTENT'));
  });
});
