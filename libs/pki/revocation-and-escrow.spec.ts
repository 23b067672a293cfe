import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XinyinError } from '#domain';
import { openAuthority, type Authority } from './authority.js';
import { parseCertificate } from './certificate-view.js';
import { openEnvelopedKey } from './enveloped-key.js';
import { toPem } from './pem.js';
import { exportSpki, generateSm2KeyPair, publicPoint, sm2Sign, sm2Verify } from './sm2.js';
import { sm2Decrypt, sm2Encrypt } from './sm2-encryption.js';

const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };
const NOW = new Date('2026-11-24T01:02:03Z');

let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'escrow-'));
  authority = await openAuthority({ folder: join(folder, 'ca'), passphrase: 'four words of chance', urls, now: () => NOW });
});
afterAll(() => rmSync(folder, { recursive: true }));

function crlText(der: Buffer): string {
  const path = join(folder, 'list.crl');
  writeFileSync(path, der);
  return execFileSync('openssl', ['crl', '-inform', 'DER', '-in', path, '-noout', '-text'], { encoding: 'utf8' });
}

describe('revocation list', () => {
  const content = { number: 4711, thisUpdate: NOW, nextUpdate: new Date('2026-11-25T01:02:03Z') };
  const date = new Date('2026-11-24T00:00:00Z');

  it('OpenSSL reads number, times, serial numbers and reasons', () => {
    const revoked = [
      { serial: '80abcdef', date, reason: 'keyCompromise' as const },
      { serial: '7f01', date, reason: 'unspecified' as const },
    ];
    const text = crlText(authority.crl({ ...content, revoked }));
    expect(text).toMatch(/Version 2 \(0x1\)/);
    expect(text).toMatch(/Last Update: Nov 24 01:02:03 2026 GMT\s+Next Update: Nov 25 01:02:03 2026 GMT/);
    expect(text).toMatch(/X509v3 CRL Number: \n\s+4711\n/);
    expect(text).toMatch(
      /Serial Number: 80ABCDEF\n\s+Revocation Date: Nov 24 00:00:00 2026 GMT\n\s+CRL entry extensions:\n.*\n\s+Key Compromise/,
    );
    expect(text).toMatch(/Serial Number: 7F01\n\s+Revocation Date: Nov 24 00:00:00 2026 GMT\n\s+Signature/);
  });
  it('an empty list has no list of entries at all (RFC 5280, 5.1.2.6)', () => {
    expect(crlText(authority.crl({ ...content, revoked: [] }))).toMatch(/No Revoked Certificates/);
  });
  it('names the key of the issuing CA as its authority', () => {
    const identifier = parseCertificate(authority.issuingCertificate).subjectKeyIdentifier?.toString('hex').toUpperCase() ?? '';
    expect(crlText(authority.crl({ ...content, revoked: [] }))).toContain(identifier.match(/../g)?.join(':'));
  });
  it('the list of the root is signed by the root for 400 days', () => {
    expect(crlText(authority.rootCrl())).toMatch(/Next Update: Dec 29 01:02:03 2027 GMT/);
  });
  it('refuses a list that ends before it begins, and a serial number that is none', () => {
    expect(() => authority.crl({ ...content, nextUpdate: NOW, revoked: [] })).toThrow(XinyinError);
    expect(() => authority.crl({ ...content, revoked: [{ serial: '12 34', date, reason: 'superseded' }] })).toThrow(XinyinError);
  });
});

describe('encryption keys from the key management centre', () => {
  it('the opened envelope gives the key whose point is in the encryption certificate', () => {
    const signing = generateSm2KeyPair();
    const { publicKey, escrow } = authority.encryptionKeys.generate();
    const name = '成都某某医药有限公司';
    const linted = authority.prepare('organisation-encryption', {
      subject: { organisation: name, commonName: name },
      publicKey,
      pairedPublicKey: signing.publicKey,
      notBefore: NOW,
      notAfter: new Date('2027-11-24T01:02:03Z'),
      uscc: '91350100M000100Y43',
    });
    const certificate = parseCertificate(authority.sign(linted).der);
    const opened = openEnvelopedKey(authority.encryptionKeys.envelope(escrow, signing.publicKey), signing.privateKey);
    expect(publicPoint(opened.privateKey)).toEqual(publicPoint(certificate.publicKey));
    expect(sm2Decrypt(opened.privateKey, sm2Encrypt(certificate.publicKey, Buffer.from('投标文件'))).toString()).toBe('投标文件');
    expect(certificate.keyUsage).toEqual(['keyEncipherment', 'dataEncipherment', 'keyAgreement']);
  });
  it('GB/T 35276: the envelope is algorithm, SM2Cipher, point, encrypted key', () => {
    const path = join(folder, 'envelope.der');
    const { escrow } = authority.encryptionKeys.generate();
    writeFileSync(path, authority.encryptionKeys.envelope(escrow, generateSm2KeyPair().publicKey));
    const text = execFileSync('openssl', ['asn1parse', '-inform', 'DER', '-in', path], { encoding: 'utf8' });
    const types = text.split('\n').flatMap((line) => /d=\d .*l= *(?:\d+) (?:prim|cons): (\w+ ?\w*)/.exec(line)?.[1]?.trim() ?? []);
    expect(types).toEqual([
      'SEQUENCE',
      ...['SEQUENCE', 'OBJECT', 'NULL'],
      ...['SEQUENCE', 'INTEGER', 'INTEGER', 'OCTET STRING', 'OCTET STRING'],
      ...['BIT STRING', 'BIT STRING'],
    ]);
    expect(text).toMatch(/OBJECT +:sm4-ecb/);
  });
  it('another signing key does not open the envelope', () => {
    const { escrow } = authority.encryptionKeys.generate();
    const envelope = authority.encryptionKeys.envelope(escrow, generateSm2KeyPair().publicKey);
    expect(() => openEnvelopedKey(envelope, generateSm2KeyPair().privateKey)).toThrow(XinyinError);
  });
  it('an envelope whose point is of another key is refused', () => {
    const signing = generateSm2KeyPair();
    const [one, other] = [authority.encryptionKeys.generate(), authority.encryptionKeys.generate()];
    const envelope = authority.encryptionKeys.envelope(one.escrow, signing.publicKey);
    const place = envelope.indexOf(publicPoint(one.publicKey));
    publicPoint(other.publicKey).copy(envelope, place);
    expect(() => openEnvelopedKey(envelope, signing.privateKey)).toThrow(XinyinError);
  });
  it('a changed escrow, and the escrow of another centre, are refused', async () => {
    const { publicKey } = generateSm2KeyPair();
    const { escrow } = authority.encryptionKeys.generate();
    const changed = Buffer.from(escrow);
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    const other = await openAuthority({ folder: join(folder, 'other'), passphrase: 'four words of chance', urls, now: () => NOW });
    expect(() => authority.encryptionKeys.envelope(changed, publicKey)).toThrow(XinyinError);
    expect(() => other.encryptionKeys.envelope(escrow, publicKey)).toThrow(XinyinError);
  });
  it('after a restart the same escrow opens to the same key', async () => {
    const signing = generateSm2KeyPair();
    const { publicKey, escrow } = authority.encryptionKeys.generate();
    const again = await openAuthority({ folder: join(folder, 'ca'), passphrase: 'four words of chance', urls, now: () => NOW });
    const opened = openEnvelopedKey(again.encryptionKeys.envelope(escrow, signing.publicKey), signing.privateKey);
    expect(sm2Verify(publicKey, Buffer.from('x'), sm2Sign(opened.privateKey, Buffer.from('x')))).toBe(true);
  });
});

describe('PEM', () => {
  it('OpenSSL reads it', () => {
    const path = join(folder, 'key.pem');
    writeFileSync(path, toPem('PUBLIC KEY', exportSpki(generateSm2KeyPair().publicKey)));
    expect(execFileSync('openssl', ['pkey', '-pubin', '-in', path, '-noout', '-text'], { encoding: 'utf8' })).toMatch(/ASN1 OID: SM2/);
  });
});
