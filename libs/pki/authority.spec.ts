import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XinyinError } from '#domain';
import { openAuthority, type Authority } from './authority.js';
import { parseCertificate } from './certificate-view.js';
import { verifyChain } from './chain.js';
import { checkpointKey, verifyCheckpoint } from './checkpoint.js';
import type { CertificateRequest } from './linted.js';
import { toPem } from './pem.js';
import { publicPoint, sm2Verify, generateSm2KeyPair } from './sm2.js';

const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };
const NOW = new Date('2026-11-24T01:02:03Z');
const DISTID = ['-vfyopt', 'distid:1234567812345678'];

let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'authority-'));
  authority = await open('ca');
});
afterAll(() => rmSync(folder, { recursive: true }));

const open = (name: string, passphrase = 'four words of chance', now = NOW) =>
  openAuthority({ folder: join(folder, name), passphrase, urls, now: () => now });

function request(): CertificateRequest {
  const subject = { organisation: '成都某某医药有限公司', commonName: '成都某某医药有限公司', locality: '成都市', unit: '采购部' };
  const notAfter = new Date('2028-11-24T01:02:03Z');
  return { subject, publicKey: generateSm2KeyPair().publicKey, notBefore: NOW, notAfter, uscc: '91350100M000100Y43' };
}
const leaf = () => authority.sign(authority.prepare('organisation-signing', request())).der;

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const pem = (name: string, der: Buffer) => file(`${name}.pem`, toPem('CERTIFICATE', der));
const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });

/** One link at a time: `-vfyopt` gives the signer id to the certificate asked about only, not to those between it and the root. */
function opensslAccepts(certificate: Buffer, issuer: Buffer): boolean {
  const at = ['-attime', String(NOW.getTime() / 1000 + 60)];
  try {
    openssl('verify', ...DISTID, ...at, '-x509_strict', '-partial_chain', '-trusted', pem('issuer', issuer), pem('subject', certificate));
    return true;
  } catch {
    return false;
  }
}

/** With one bit of the signature changed: the last byte belongs to s, and stays an integer. */
function corrupted(der: Buffer): Buffer {
  const copy = Buffer.from(der);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}

/** What stands between the text of the field and the next line. */
const field = (text: string, name: RegExp) => name.exec(text)?.[1]?.trim();

describe('certificates, as OpenSSL sees them', () => {
  it('accepts root, issuing CA, seal maker and organisation, each under its issuer', () => {
    expect(opensslAccepts(authority.rootCertificate, authority.rootCertificate)).toBe(true);
    expect(opensslAccepts(authority.issuingCertificate, authority.rootCertificate)).toBe(true);
    expect(opensslAccepts(authority.sealMakerCertificate, authority.issuingCertificate)).toBe(true);
    expect(opensslAccepts(leaf(), authority.issuingCertificate)).toBe(true);
  });
  it('refuses a corrupted leaf, a corrupted CA and a swapped issuer', async () => {
    const other = await open('other');
    expect(opensslAccepts(corrupted(leaf()), authority.issuingCertificate)).toBe(false);
    expect(opensslAccepts(corrupted(authority.issuingCertificate), authority.rootCertificate)).toBe(false);
    expect(opensslAccepts(leaf(), other.issuingCertificate)).toBe(false);
  });
  it('reads the fields of an organisation certificate as they were asked for', () => {
    const text = openssl('x509', '-in', pem('leaf', leaf()), '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus');
    expect(field(text, /Subject:(.*)/)).toBe('C=CN,ST=四川省,L=成都市,O=成都某某医药有限公司,OU=采购部,CN=成都某某医药有限公司');
    expect(field(text, /Not Before: (.*)/)).toBe('Nov 24 01:02:03 2026 GMT');
    expect(field(text, /Not After : (.*)/)).toBe('Nov 24 01:02:03 2028 GMT');
    expect(field(text, /Key Usage: critical\n(.*)/)).toBe('Digital Signature, Non Repudiation');
    expect(field(text, /Signature Algorithm: (.*)/)).toBe('SM2-with-SM3');
    expect(field(text, /CRL Distribution Points: \n\s+Full Name:\n(.*)/)).toBe('URI:http://ca.test/issuing.crl');
    expect(field(text, /OCSP - (.*)/)).toBe('URI:http://ca.test/ocsp');
    expect(field(text, /1\.2\.156\.10260\.4\.1\.4: \n(.*)/)).toBe('..91350100M000100Y43');
  });
  it('reads the authorities as authorities, with the lists of their own issuers', () => {
    const root = openssl('x509', '-in', pem('root', authority.rootCertificate), '-noout', '-text');
    const issuing = openssl('x509', '-in', pem('issuing', authority.issuingCertificate), '-noout', '-text');
    expect(field(root, /Basic Constraints: critical\n(.*)/)).toBe('CA:TRUE, pathlen:1');
    expect(field(issuing, /Basic Constraints: critical\n(.*)/)).toBe('CA:TRUE, pathlen:0');
    expect(field(issuing, /Key Usage: critical\n(.*)/)).toBe('Certificate Sign, CRL Sign');
    expect(field(issuing, /URI:(.*)/)).toBe('http://ca.test/root.crl');
    expect(field(root, /Not After : (.*)/)).toBe('Nov 24 01:02:03 2056 GMT');
  });
  it('finds the algorithm of GM/T 0006 in both places of the encoding', () => {
    const text = openssl('asn1parse', '-inform', 'DER', '-in', file('leaf.der', leaf()));
    expect(text.match(/OBJECT +:SM2-with-SM3/g)).toHaveLength(2);
  });
});

describe('issuing', () => {
  it('signs the bytes that were linted', () => {
    const linted = authority.prepare('organisation-signing', request());
    expect(parseCertificate(authority.sign(linted).der).tbs).toEqual(linted.tbs);
  });
  it('a retry from the stored bytes gives the same certificate but for its signature', () => {
    const { tbs, serial } = authority.prepare('organisation-encryption', request());
    const again = authority.sign(authority.lintTbs('organisation-encryption', tbs));
    expect(again.serial).toBe(serial);
    expect(parseCertificate(again.der).tbs).toEqual(tbs);
  });
  it('linted bytes cannot be changed from outside', () => {
    const linted = authority.prepare('organisation-signing', request());
    linted.tbs.fill(0);
    expect(() => authority.sign(linted)).not.toThrow();
  });
  it('refuses a name of 65 characters, naming the lint', () => {
    const name = '医'.repeat(65);
    const asked = { ...request(), subject: { organisation: name, commonName: name } };
    expect(() => authority.prepare('organisation-signing', asked)).toThrow(
      expect.objectContaining({ code: 'CERTIFICATE_LINT', params: { failed: 'subject-upper-bounds' } }),
    );
  });
  it('what another authority linted is not signed', async () => {
    const other = await open('another');
    expect(() => authority.sign(other.prepare('organisation-signing', request()))).toThrow(
      expect.objectContaining({ code: 'ISSUANCE_MISMATCH' }),
    );
  });
  it('a value that only looks linted is not signed', () => {
    const linted = authority.prepare('organisation-signing', request());
    const forged = Object.assign(Object.create(null), { tbs: linted.tbs, issuerPoint: linted.issuerPoint });
    expect(() => authority.sign(forged)).toThrow(expect.objectContaining({ code: 'ISSUANCE_MISMATCH' }));
  });
  it('the seal maker signs with the key of its certificate', () => {
    const bytes = Buffer.from('eSealInfo');
    expect(sm2Verify(parseCertificate(authority.sealMakerCertificate).publicKey, bytes, authority.signAsSealMaker(bytes))).toBe(true);
  });
});

describe('a checkpoint of the audit', () => {
  const facts = Buffer.from('{"number":1}');
  it('is verified with the certificates of the folder, without its passphrase', async () => {
    const key = await checkpointKey(join(folder, 'ca'));
    const signature = authority.signCheckpoint(facts);
    expect(verifyCheckpoint(key, facts, signature)).toBe(true);
    expect(verifyCheckpoint(key, Buffer.from('{"number":2}'), signature)).toBe(false);
    expect(verifyCheckpoint(key, facts, Buffer.from('no signature'))).toBe(false);
  });
  it('is signed over its purpose and its facts', () => {
    const { publicKey } = parseCertificate(authority.sealMakerCertificate);
    const signed = Buffer.from('xinyin audit checkpoint v1\n{"number":1}');
    expect(sm2Verify(publicKey, signed, authority.signCheckpoint(facts))).toBe(true);
  });
  it('takes no signature that was made for a seal, and the other way round', async () => {
    const key = await checkpointKey(join(folder, 'ca'));
    expect(verifyCheckpoint(key, facts, authority.signAsSealMaker(facts))).toBe(false);
    expect(sm2Verify(key, facts, authority.signCheckpoint(facts))).toBe(false);
  });
  it('by another authority does not hold here', async () => {
    const other = await open('another-signer');
    expect(verifyCheckpoint(await checkpointKey(join(folder, 'ca')), facts, other.signCheckpoint(facts))).toBe(false);
  });
  it('is not verified with a certificate that another authority issued', async () => {
    await open('mixed');
    writeFileSync(join(folder, 'mixed', 'seal-maker.cer'), authority.sealMakerCertificate);
    await expect(checkpointKey(join(folder, 'mixed'))).rejects.toMatchObject({ fields: [{ field: 'chain/0' }] });
  });
});

describe('the folder of an authority', () => {
  it('is loaded at the second start', async () => {
    const again = await open('ca');
    expect(again.issuingCertificate).toEqual(authority.issuingCertificate);
    expect(again.rootCrl()).toEqual(authority.rootCrl());
    const der = again.sign(again.prepare('organisation-signing', request())).der;
    expect(() => verifyChain([der, authority.issuingCertificate, authority.rootCertificate], { at: NOW })).not.toThrow();
  });
  it('refuses another passphrase', async () => {
    await expect(open('ca', 'four words of malice')).rejects.toMatchObject({ fields: [{ field: 'passphrase' }] });
  });
  it('keeps keys readable to their owner only, and nowhere in clear', () => {
    const keys = readdirSync(join(folder, 'ca')).filter((name) => name.endsWith('.key'));
    expect(keys.sort()).toEqual(['issuing-ca.key', 'kmc-master.key', 'root.key', 'seal-maker.key']);
    expect(keys.map((name) => statSync(join(folder, 'ca', name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
  });
  it.each(['root.cer', 'issuing-ca.cer', 'seal-maker.cer', 'root.crl'])(
    'a ceremony cut short before %s goes on from there',
    async (last) => {
      const name = `half-${last}`;
      const first = await open(name);
      const order = [
        'root.key',
        'root.cer',
        'issuing-ca.key',
        'issuing-ca.cer',
        'kmc-master.key',
        'seal-maker.key',
        'seal-maker.cer',
        'root.crl',
      ];
      for (const later of order.slice(order.indexOf(last))) rmSync(join(folder, name, later));
      const finished = await open(name);
      verifyChain([finished.sealMakerCertificate, finished.issuingCertificate, finished.rootCertificate], { at: NOW });
      expect(publicPoint(parseCertificate(finished.rootCertificate).publicKey)).toEqual(
        publicPoint(parseCertificate(first.rootCertificate).publicKey),
      );
    },
  );
  it.each(['root.key', 'issuing-ca.key', 'seal-maker.key', 'kmc-master.key'])(
    'that lost %s is refused where that key is needed, and no new one is made',
    async (lost) => {
      const name = `lost-${lost}`;
      await open(name);
      rmSync(join(folder, name, lost));
      const later = new Date('2027-02-01T00:00:00Z');
      await expect(open(name, undefined, later)).rejects.toMatchObject({ fields: [{ field: `folder/${lost}` }] });
      expect(readdirSync(join(folder, name))).not.toContain(lost);
    },
  );
  it('one secret in the place of another is refused', async () => {
    await open('swapped');
    writeFileSync(join(folder, 'swapped', 'seal-maker.key'), readFileSync(join(folder, 'swapped', 'issuing-ca.key')));
    await expect(open('swapped')).rejects.toBeInstanceOf(XinyinError);
  });
  it('two first starts at the same moment make one authority', async () => {
    const [left, right] = await Promise.all([open('twins'), open('twins')]);
    expect(left.rootCertificate).toEqual(right.rootCertificate);
    expect(left.issuingCertificate).toEqual(right.issuingCertificate);
    expect(left.sealMakerCertificate).toEqual(right.sealMakerCertificate);
  });
  it('leaves no half-written file behind', () => {
    expect(readdirSync(join(folder, 'ca')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
