import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XinyinError } from '#domain';
import { openAuthority, type Authority } from './authority.js';
import { createCertificationRequest, readCertificationRequest } from './certification-request.js';
import { parseCertificate } from './certificate-view.js';
import { verifyChain } from './chain.js';
import { issue } from './issue.js';
import { keySigner } from './signer.js';
import { prepare, type Issuer } from './linted.js';
import { fromPem, toPem } from './pem.js';
import { generateSm2KeyPair, publicPoint } from './sm2.js';
import { issuerFactsOf } from './ceremony.js';

const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };
const NOW = new Date('2026-11-24T01:02:03Z');
const END = new Date('2027-11-24T01:02:03Z');
const subject = { organisation: '成都某某医药有限公司', commonName: '成都某某医药有限公司' };

let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'request-'));
  authority = await openAuthority({ folder: join(folder, 'ca'), passphrase: 'four words of chance', urls, now: () => NOW });
});
afterAll(() => rmSync(folder, { recursive: true }));

const request = () => ({ subject, publicKey: generateSm2KeyPair().publicKey, notBefore: NOW, notAfter: END, uscc: '91350100M000100Y43' });
const leaf = () => authority.sign(authority.prepare('organisation-signing', request())).der;

describe('PKCS#10', () => {
  it('OpenSSL verifies the proof of possession', () => {
    const path = join(folder, 'request.der');
    writeFileSync(path, createCertificationRequest({ subject, ...generateSm2KeyPair() }));
    const args = ['req', '-inform', 'DER', '-in', path, '-noout', '-verify', '-vfyopt', 'distid:1234567812345678'];
    expect(() => execFileSync('openssl', args, { stdio: 'pipe' })).not.toThrow();
  });
  it('gives the key that signed it', () => {
    const pair = generateSm2KeyPair();
    const read = readCertificationRequest(createCertificationRequest({ subject, ...pair }));
    expect(publicPoint(read.publicKey)).toEqual(publicPoint(pair.publicKey));
  });
  it('we read what OpenSSL makes', () => {
    const key = join(folder, 'openssl.key');
    execFileSync('openssl', ['genpkey', '-algorithm', 'SM2', '-out', key], { stdio: 'pipe' });
    const args = ['req', '-new', '-sm3', '-key', key, '-sigopt', 'distid:1234567812345678', '-subj', '/C=CN/O=x', '-outform', 'DER'];
    const made = execFileSync('openssl', args, { stdio: 'pipe' });
    expect(readCertificationRequest(made).verified).toBe(true);
  });
  it('refuses a key that did not sign', () => {
    const der = createCertificationRequest({
      subject,
      privateKey: generateSm2KeyPair().privateKey,
      publicKey: generateSm2KeyPair().publicKey,
    });
    expect(() => readCertificationRequest(der)).toThrow(XinyinError);
  });
  it.each([0, 1, 20, 100])('refuses it cut to %i bytes', (length) => {
    const der = createCertificationRequest({ subject, ...generateSm2KeyPair() });
    expect(() => readCertificationRequest(der.subarray(0, length))).toThrow(XinyinError);
  });
});

describe('a chain', () => {
  const at = NOW;
  it('holds from leaf to root', () => {
    expect(() => verifyChain([leaf(), authority.issuingCertificate, authority.rootCertificate], { at })).not.toThrow();
  });
  it('is refused a second before it begins and a second after it ends', () => {
    const chain = [leaf(), authority.issuingCertificate, authority.rootCertificate];
    expect(() => verifyChain(chain, { at: new Date('2026-11-24T01:02:02Z') })).toThrow(XinyinError);
    expect(() => verifyChain(chain, { at: new Date('2027-11-24T01:02:04Z') })).toThrow(XinyinError);
  });
  it.each([0, 1, 2])('is refused when the signature at place %i was changed', (place) => {
    const chain = [leaf(), Buffer.from(authority.issuingCertificate), Buffer.from(authority.rootCertificate)];
    const changed = chain[place] ?? Buffer.alloc(0);
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    expect(() => verifyChain(chain, { at })).toThrow(XinyinError);
  });
  it('is refused without its middle, without its root, and empty', () => {
    expect(() => verifyChain([leaf(), authority.rootCertificate], { at })).toThrow(XinyinError);
    expect(() => verifyChain([leaf(), authority.issuingCertificate], { at })).toThrow(XinyinError);
    expect(() => verifyChain([], { at })).toThrow(XinyinError);
  });
  it('is refused below an end entity that signs like an authority', () => {
    const pair = generateSm2KeyPair();
    const middle = authority.sign(authority.prepare('seal-maker', { ...request(), publicKey: pair.publicKey })).der;
    const facts = issuerFactsOf(parseCertificate(middle));
    const forger: Issuer = { kind: 'issuing-ca', facts, urls };
    const name = { organisation: '某某', commonName: '某某' };
    const linted = prepare(forger, 'organisation-signing', { ...request(), subject: name });
    const forged = issue(linted, keySigner(pair.privateKey, pair.publicKey)).der;
    expect(() => verifyChain([forged, middle, authority.issuingCertificate, authority.rootCertificate], { at })).toThrow(XinyinError);
  });
});

describe('a signer that fails', () => {
  const pair = generateSm2KeyPair();
  const linted = () => {
    const self: Issuer = { kind: 'self', facts: null, urls };
    return prepare(self, 'root', {
      subject: { organisation: '某某', commonName: '根' },
      publicKey: pair.publicKey,
      notBefore: NOW,
      notAfter: END,
    });
  };
  it('by signing other bytes issues nothing', () => {
    const honest = keySigner(pair.privateKey, pair.publicKey);
    const signer = { publicKey: pair.publicKey, sign: () => honest.sign(Buffer.from('other bytes')) };
    expect(() => issue(linted(), signer)).toThrow(expect.objectContaining({ code: 'ISSUANCE_MISMATCH' }));
  });
  it('by holding another key than the one linted for issues nothing', () => {
    const other = generateSm2KeyPair();
    expect(() => issue(linted(), keySigner(other.privateKey, other.publicKey))).toThrow(
      expect.objectContaining({ code: 'ISSUANCE_MISMATCH' }),
    );
  });
});

describe('a certificate, read', () => {
  it('says what was asked for', () => {
    const view = parseCertificate(leaf());
    expect(view.subject).toEqual({
      country: 'CN',
      province: '四川省',
      locality: '成都市',
      organisation: '成都某某医药有限公司',
      commonName: '成都某某医药有限公司',
    });
    expect([view.uscc, view.notBefore, view.notAfter]).toEqual(['91350100M000100Y43', NOW, END]);
    expect([view.keyUsage, view.authority]).toEqual([['digitalSignature', 'nonRepudiation'], null]);
  });
  it('OpenSSL finds the same serial number', () => {
    const der = leaf();
    const path = join(folder, 'serial.pem');
    writeFileSync(path, toPem('CERTIFICATE', der));
    const serial = execFileSync('openssl', ['x509', '-in', path, '-noout', '-serial'], { encoding: 'utf8' });
    expect(serial.trim()).toBe(`serial=${parseCertificate(der).serial.toUpperCase()}`);
  });
  it('comes back from PEM, and text that holds none is refused', () => {
    const der = leaf();
    expect(fromPem('CERTIFICATE', toPem('CERTIFICATE', der))).toEqual(der);
    expect(() => fromPem('CERTIFICATE', toPem('X509 CRL', der))).toThrow(XinyinError);
  });
});
