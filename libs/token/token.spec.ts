import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { exportSpki, generateSm2KeyPair, privateScalar, publicPoint, sm2Encrypt, sm2Verify, type Sm2KeyPair, type SubjectName } from '#pki';
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
const fileText = () => readFileSync(join(folder, `${SERIAL}.json`), 'utf8');
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

describe('a blank token', () => {
  it('opens with the PIN that every token is delivered with', () => {
    expect(() => blank().login('12345678')).not.toThrow();
  });

  it('is the same token when asked for again, with its keys', () => {
    const { publicKey } = withKey();
    const again = drawer().blank(SERIAL, 'another label');
    again.login(INITIAL_USER_PIN);
    expect(exportSpki(again.generateSigningKey(CONTAINER))).toEqual(exportSpki(publicKey));
    expect(again.describe().label).toBe('四川信印科技有限公司');
  });

  it.each(['../outside', 'a/b', '', '.hidden', 'x'.repeat(65)])(
    'refuses the serial number %j, which would be a file name',
    (serialNumber) => {
      expect(() => drawer().blank(serialNumber, 'label')).toThrow(refusal('INPUT_INVALID'));
      expect(() => drawer().insert(serialNumber)).toThrow(refusal('NOT_FOUND'));
    },
  );

  it('is found in the drawer, and nothing else is', () => {
    blank();
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(drawer().serialNumbers()).toEqual([SERIAL]);
    expect(() => drawer().insert('OTHER')).toThrow(refusal('NOT_FOUND'));
  });
});

describe('the PIN', () => {
  it('has three tries here; the last one locks, and then the right PIN is refused too', () => {
    const token = blank();
    expect(() => token.login('00000000')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
    expect(() => token.login('00000000')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 1 }));
    expect(() => token.login('00000000')).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(() => token.login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_LOCKED'));
  });

  it('counts across restarts: three processes with one wrong try each lock the token', () => {
    blank();
    for (let attempt = 0; attempt < 3; attempt++) expect(() => inserted().login('00000000')).toThrow();
    expect(() => inserted().login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(inserted().describe().pins.user).toEqual({ left: 0, limit: 3 });
  });

  it('is counted before it is judged: a process that dies while judging has spent a try', () => {
    const token = blank();
    // The derivation fails in the middle of the login, as if the process died there.
    const content = fileText();
    writeFileSync(join(folder, `${SERIAL}.json`), content.replace(/"cost": 16/, '"cost": 17'));
    expect(() => token.login(INITIAL_USER_PIN)).toThrow();
    expect(token.describe().pins.user.left).toBe(2);
  });

  it('gets its full count back by a right try', () => {
    const token = blank();
    expect(() => token.login('00000000')).toThrow();
    token.login(INITIAL_USER_PIN);
    expect(token.describe().pins.user.left).toBe(3);
  });

  it('is changed with the old one; the old one is wrong from then on', () => {
    const token = blank();
    token.changePin(INITIAL_USER_PIN, 'new-pin-1');
    expect(() => token.login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
    expect(() => inserted().login('new-pin-1')).not.toThrow();
  });

  it('says whether it is still the initial one', () => {
    const token = blank();
    expect(token.describe().initialPin).toBe(true);
    token.changePin(INITIAL_USER_PIN, 'new-pin-1');
    expect(token.describe().initialPin).toBe(false);
  });

  it('spends a try when the old one is wrong', () => {
    const token = blank();
    expect(() => token.changePin('00000000', 'new-pin-1')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
  });

  it.each(['12345', '1'.repeat(17), '12 34 56', '口令口令口令'])('refuses %j as a new one without spending a try', (pin) => {
    const token = blank();
    expect(() => token.changePin('00000000', pin)).toThrow(refusal('INPUT_INVALID'));
    expect(token.describe().pins.user.left).toBe(3);
  });
});

describe('unblocking', () => {
  function locked(): SoftwareToken {
    const token = blank();
    for (let attempt = 0; attempt < 3; attempt++) expect(() => token.login('00000000')).toThrow();
    return token;
  }

  it('gives a new PIN and a full count, and the keys are still there', () => {
    const { publicKey } = withKey();
    const token = locked();
    token.unblockPin(ADMIN_PIN, 'new-pin-1');
    token.login('new-pin-1');
    expect(token.describe().pins.user).toEqual({ left: 3, limit: 3 });
    expect(sm2Verify(publicKey, Buffer.from('text'), token.sign(CONTAINER, Buffer.from('text')))).toBe(true);
  });

  it('spends the administrator’s count, not the user’s, and locks it too', () => {
    const token = blank();
    expect(() => token.unblockPin('wrong-pin', 'new-pin-1')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 1 }));
    expect(token.describe().pins).toEqual({ user: { left: 3, limit: 3 }, admin: { left: 1, limit: 2 } });
    expect(() => inserted().unblockPin('wrong-pin', 'new-pin-1')).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(() => inserted().unblockPin(ADMIN_PIN, 'new-pin-1')).toThrow(refusal('TOKEN_PIN_LOCKED'));
  });

  it('the administrator’s PIN does not log in', () => {
    expect(() => blank().login(ADMIN_PIN)).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
  });
});

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
    expect(() => work(inserted())).toThrow(refusal('LOGIN_REQUIRED'));
    token.logout();
    expect(() => work(token)).toThrow(refusal('LOGIN_REQUIRED'));
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

describe('the file', () => {
  it('holds no secret in clear and is the owner’s alone', () => {
    const { token, publicKey } = withKey();
    const pair = generateSm2KeyPair();
    token.importEncryptionKey(CONTAINER, envelope(pair, publicKey));
    const secret = privateScalar(pair.privateKey);
    const values = fileText()
      .match(/"[A-Za-z0-9+/=]{16,}"/g)!
      .map((text) => Buffer.from(text, 'base64'));
    expect(values.length).toBeGreaterThan(6);
    expect(values.some((value) => value.includes(secret))).toBe(false);
    expect(fileText()).not.toContain(ADMIN_PIN);
    expect(fileText()).not.toContain(INITIAL_USER_PIN);
    expect(statSync(join(folder, `${SERIAL}.json`)).mode & 0o777).toBe(0o600);
  });

  it('shows no secret through the token object', () => {
    const { token } = withKey();
    const shown = inspect(token, { depth: 9, showHidden: true }) + JSON.stringify(token) + JSON.stringify(token.describe());
    expect(shown).not.toMatch(/PRIVATE|sealed|Buffer/);
  });

  it('is not misled by what a crash left: a half-written copy beside it and the lock of a dead process', () => {
    const { publicKey } = withKey();
    writeFileSync(join(folder, `${SERIAL}.json.99.abc.tmp`), fileText().slice(0, 100));
    // Process numbers end at 4194304 (Linux) and 99999 (macOS).
    writeFileSync(join(folder, `${SERIAL}.json.lock`), '99999999');
    const again = inserted();
    again.login(INITIAL_USER_PIN);
    expect(exportSpki(again.generateSigningKey(CONTAINER))).toEqual(exportSpki(publicKey));
    expect(drawer().serialNumbers()).toEqual([SERIAL]);
  });

  it('leaves nothing beside itself', () => {
    withKey();
    expect(readdirSync(folder)).toEqual([`${SERIAL}.json`]);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, 200)],
    ['an empty file', () => ''],
    ['the file of another token', (text: string) => text.replaceAll(SERIAL, 'XY20261124002')],
    ['an unknown field', (text: string) => text.replace('"label"', '"colour": 1, "label"')],
  ])('is refused as it is: %s', (_what, damage) => {
    blank();
    writeFileSync(join(folder, `${SERIAL}.json`), damage(fileText()));
    expect(() => inserted()).toThrow(refusal('TOKEN_CONTENT'));
    expect(() => blank()).toThrow(refusal('TOKEN_CONTENT'));
  });

  it('a sealed key does not open in another container', () => {
    const { token } = withKey();
    token.generateSigningKey('certificate-2');
    const content = JSON.parse(fileText()) as { containers: Record<string, { signing: { sealed: string } }> };
    content.containers['certificate-2']!.signing.sealed = content.containers[CONTAINER]!.signing.sealed;
    writeFileSync(join(folder, `${SERIAL}.json`), JSON.stringify(content));
    expect(() => token.sign('certificate-2', Buffer.of(1))).toThrow(refusal('TOKEN_CONTENT'));
  });
});

it('with the real cost, a login takes 30 to 400 ms and a signature after it less than a tenth of that', () => {
  const token = openTokenDrawer(folder).blank('REAL', 'real');
  const timed = (work: () => void) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const login = timed(() => token.login(INITIAL_USER_PIN));
  token.generateSigningKey(CONTAINER);
  token.sign(CONTAINER, Buffer.of(1));
  expect(login).toBeGreaterThan(30);
  expect(login).toBeLessThan(400);
  expect(timed(() => token.sign(CONTAINER, Buffer.of(1)))).toBeLessThan(login / 10);
});
