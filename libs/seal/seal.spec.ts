import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { importPkcs8, sm2Sign } from '#pki';
import { write } from './der.js';
import { makeSeal, readSeal, verifySeal, type SealInput } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'seal-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SIGNER_ID = 'distid:1234567812345678';
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

/** A pair and a certificate made by OpenSSL, valid for ten years from today. */
function certify(name: string) {
  openssl('ecparam', '-genkey', '-name', 'SM2', '-noout', '-out', `${name}.key`);
  openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    `${name}.key`,
    '-sm3',
    '-sigopt',
    SIGNER_ID,
    '-days',
    '3650',
    '-subj',
    `/CN=${name}`,
    '-out',
    `${name}.crt`,
  );
  openssl('x509', '-in', `${name}.crt`, '-outform', 'DER', '-out', `${name}.der`);
  const pkcs8 = createPrivateKey(readFileSync(join(folder, `${name}.key`))).export({ type: 'pkcs8', format: 'der' });
  return { certificate: readFileSync(join(folder, `${name}.der`)), privateKey: importPkcs8(pkcs8) };
}

const maker = certify('maker');
const holder = certify('holder');
const stranger = certify('stranger');

const PNG = Buffer.from('89504e470d0a1a0a00112233', 'hex');
/** Certificates begin today, so a seal made in this minute begins tomorrow and is judged in a month. */
const DAY = 86_400_000;
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const inDays = (days: number) => new Date(now.getTime() + days * DAY);

const input = (changes: Partial<SealInput> = {}): SealInput => ({
  esId: '51010000000001',
  vendorId: 'XINYIN',
  name: '四川信印科技有限公司',
  holderCertificates: [holder.certificate],
  picture: { type: 'PNG', data: PNG, widthMm: 40, heightMm: 40 },
  createdAt: now,
  validFrom: inDays(1),
  validTo: inDays(365),
  makerCertificate: maker.certificate,
  signAsMaker: (bytes) => sm2Sign(maker.privateKey, bytes),
  ...changes,
});
const seal = makeSeal(input());
const at = inDays(30);

describe('the structure, GB/T 38540', () => {
  it('has the tags of SESeal version 4 in their places, as OpenSSL reads them', () => {
    writeFileSync(join(folder, 'seal.der'), seal);
    const lines = openssl('asn1parse', '-inform', 'DER', '-in', 'seal.der').toString().trim().split('\n');
    const fields = lines.map((line) => /d=(\d+) .*(?:prim|cons): (.*)$/.exec(line)).map((found) => `${found![1]} ${found![2]!.trim()}`);
    const utc = (date: Date) => `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
    expect(fields.map((field) => field.replace(/\[HEX DUMP\].*/, ''))).toEqual([
      '0 SEQUENCE',
      '1 SEQUENCE',
      '2 SEQUENCE',
      '3 IA5STRING         :ES',
      '3 INTEGER           :04',
      '3 IA5STRING         :XINYIN',
      '2 IA5STRING         :51010000000001',
      '2 SEQUENCE',
      '3 INTEGER           :01',
      '3 UTF8STRING        :四川信印科技有限公司',
      '3 INTEGER           :01',
      '3 SEQUENCE',
      '4 OCTET STRING      ',
      `3 GENERALIZEDTIME   :${utc(now)}`,
      `3 GENERALIZEDTIME   :${utc(inDays(1))}`,
      `3 GENERALIZEDTIME   :${utc(inDays(365))}`,
      '2 SEQUENCE',
      '3 IA5STRING         :PNG',
      '3 OCTET STRING      ',
      '3 INTEGER           :28',
      '3 INTEGER           :28',
      '1 OCTET STRING      ',
      '1 OBJECT            :SM2-with-SM3',
      '1 BIT STRING',
    ]);
  });

  it('is signed by the maker over DER(eSealInfo): OpenSSL agrees, and only with the signer id', () => {
    const strparse = (offset: number, out: string) =>
      openssl('asn1parse', '-inform', 'DER', '-in', 'seal.der', '-strparse', String(offset), '-noout', '-out', out);
    const lines = openssl('asn1parse', '-inform', 'DER', '-in', 'seal.der').toString().trim().split('\n');
    const numbers = (line: string) => /^\s*(\d+):d=\d+\s+hl=(\d+)\s+l=\s*(\d+)/.exec(line)!.slice(1).map(Number);
    const [start = 0, head = 0, length = 0] = numbers(lines[1]!);
    writeFileSync(join(folder, 'info.der'), seal.subarray(start, start + head + length));
    strparse(numbers(lines.at(-1)!)[0]!, 'seal.sig');
    openssl('x509', '-in', 'maker.crt', '-pubkey', '-noout', '-out', 'maker.pub');
    const verify = [
      'pkeyutl',
      '-verify',
      '-rawin',
      '-digest',
      'sm3',
      '-in',
      'info.der',
      '-sigfile',
      'seal.sig',
      '-pubin',
      '-inkey',
      'maker.pub',
    ];
    expect(openssl(...verify, '-pkeyopt', SIGNER_ID).toString()).toContain('Signature Verified Successfully');
    expect(() => openssl(...verify)).toThrow();
  });

  it('is read back field by field', () => {
    expect(readSeal(seal)).toMatchObject({
      version: 4,
      vendorId: 'XINYIN',
      esId: '51010000000001',
      type: 'unit',
      name: '四川信印科技有限公司',
      holders: { kind: 'certificates', certificates: [holder.certificate] },
      createdAt: now,
      validFrom: inDays(1),
      validTo: inDays(365),
      picture: { type: 'PNG', data: PNG, widthMm: 40, heightMm: 40 },
      extensions: [],
      makerCertificate: maker.certificate,
      signatureAlgorithm: '1.2.156.10197.1.501',
    });
  });
});

describe('the verdict', () => {
  it('is valid for the right maker, time and holder', () => {
    expect(verifySeal(seal, { at, trustedMaker: maker.certificate, holder: holder.certificate })).toMatchObject({
      valid: true,
      problems: [],
    });
  });

  it.each([
    ['before it begins', { at: inDays(0.5) }, ['not-yet-valid']],
    ['in its first second', { at: inDays(1) }, []],
    ['in its last second', { at: inDays(365) }, []],
    ['after it ends', { at: inDays(366) }, ['expired']],
    ['from somebody else', { at, trustedMaker: stranger.certificate }, ['maker-untrusted']],
    ['for somebody else', { at, holder: stranger.certificate }, ['holder-not-listed']],
  ])('%s', (_what, expected, problems) => expect(verifySeal(seal, expected).problems).toEqual(problems));

  it('refuses a seal that was made before its maker was certified', () => {
    expect(verifySeal(makeSeal(input({ createdAt: inDays(-2) })), { at }).problems).toEqual(['maker-certificate']);
  });

  it('refuses another name under the same signature', () => {
    const forged = Buffer.from(seal);
    forged.write('川', seal.indexOf('川') + 0);
    forged.write('印信', seal.indexOf('信印'));
    expect(verifySeal(forged, { at, trustedMaker: maker.certificate }).problems).toEqual(['signature']);
  });

  it('property: a seal damaged in any byte is refused, and nothing crashes', () => {
    const damage = fc.record({ place: fc.nat(seal.length - 1), flip: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(damage, ({ place, flip }) => {
        const damaged = Buffer.from(seal);
        damaged[place] = damaged[place]! ^ flip;
        expect(verifySeal(damaged, { at, trustedMaker: maker.certificate, holder: holder.certificate }).valid).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  it('property: bytes cut, doubled or made up are refused, and nothing crashes', () => {
    const cut = fc
      .tuple(fc.nat(seal.length), fc.nat(seal.length))
      .map(([from, to]) => Buffer.concat([seal.subarray(0, from), seal.subarray(to)]));
    const madeUp = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([Buffer.of(0x30), write.octets(bytes).subarray(1)]));
    fc.assert(
      fc.property(fc.oneof(cut, madeUp), (bytes) => {
        fc.pre(!bytes.equals(seal));
        expect(verifySeal(bytes, { at }).valid).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('making', () => {
  it('refuses a signer that does not hold the key of the maker certificate', () => {
    expect(() => makeSeal(input({ signAsMaker: (bytes) => sm2Sign(stranger.privateKey, bytes) }))).toThrow(
      expect.objectContaining({ code: 'ISSUANCE_MISMATCH' }),
    );
  });

  it.each([
    ['seal/esId', { esId: '编号' }],
    ['seal/vendorId', { vendorId: '' }],
    ['seal/name', { name: ' ' }],
    ['seal/name', { name: '信\u200b印' }],
    ['seal/holderCertificates', { holderCertificates: [] }],
    ['seal/holderCertificates', { holderCertificates: [Buffer.concat([holder.certificate, Buffer.of(0)])] }],
    ['seal/makerCertificate', { makerCertificate: PNG }],
    ['seal/picture', { picture: { type: 'PNG' as const, data: Buffer.from('GIF89a'), widthMm: 40, heightMm: 40 } }],
    ['seal/picture', { picture: { type: 'PNG' as const, data: PNG, widthMm: 40.5, heightMm: 40 } }],
    ['seal/validTo', { validTo: inDays(1) }],
  ])('refuses by its field: %s', (field, changes) => {
    expect(() => makeSeal(input(changes))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', fields: [expect.objectContaining({ field })] }),
    );
  });

  it('the fixtures are what they claim: two keys, certified by OpenSSL', () => {
    expect(new X509Certificate(maker.certificate).subject).toBe('CN=maker');
    expect(new X509Certificate(holder.certificate).subject).toBe('CN=holder');
  });
});
