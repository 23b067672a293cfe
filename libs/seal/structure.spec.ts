import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XinyinError } from '#domain';
import { importPkcs8, sm2Sign, sm3 } from '#pki';
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

/** A seal built by hand, to stand for what other makers write and for what nobody should. */
function handmade(parts: Partial<Record<'header' | 'property' | 'picture' | 'extensions' | 'algorithm', Buffer>> = {}): Buffer {
  const time = write.time(now);
  const header = parts.header ?? write.sequence(write.ia5('ES'), write.integer(4), write.ia5('OTHER'));
  const list = write.sequence(write.octets(holder.certificate));
  const property = parts.property ?? write.sequence(write.integer(1), write.utf8('名'), write.integer(1), list, time, time, write.time(at));
  const picture = parts.picture ?? write.sequence(write.ia5('SVG'), write.octets(PNG), write.integer(45), write.integer(30));
  const info = write.sequence(header, write.ia5('1'), property, picture, ...(parts.extensions ? [parts.extensions] : []));
  const algorithm = parts.algorithm ?? write.oid('1.2.156.10197.1.501');
  return write.sequence(info, write.octets(maker.certificate), algorithm, write.bits(sm2Sign(maker.privateKey, info)));
}

describe('seals of other makers', () => {
  it('reads a list of digests and checks a holder against it', () => {
    const digest = write.sequence(Buffer.concat([Buffer.of(0x13, 3), Buffer.from('SM3')]), write.octets(sm3(holder.certificate)));
    const time = write.time(now);
    const property = write.sequence(
      write.integer(2),
      write.utf8('名'),
      write.integer(2),
      write.sequence(digest),
      time,
      time,
      write.time(at),
    );
    const der = handmade({ property });
    expect(readSeal(der)).toMatchObject({
      type: 'person',
      holders: { kind: 'digests', digests: [{ type: 'SM3', value: sm3(holder.certificate) }] },
    });
    expect(verifySeal(der, { at, holder: holder.certificate }).problems).toEqual([]);
    expect(verifySeal(der, { at, holder: stranger.certificate }).problems).toEqual(['holder-not-listed']);
  });

  it('reads extensions', () => {
    const extension = write.sequence(write.oid('1.2.156.112606.1'), Buffer.of(0x01, 0x01, 0xff), write.octets(Buffer.of(7)));
    expect(readSeal(handmade({ extensions: write.sequence(extension) })).extensions).toEqual([
      { oid: '1.2.156.112606.1', critical: true, value: Buffer.of(7) },
    ]);
  });

  const time = write.time(now);
  const list = write.sequence(write.octets(holder.certificate));
  const property = (...items: Buffer[]) => ({ property: write.sequence(...items) });
  it.each([
    ['version 1', { header: write.sequence(write.ia5('ES'), write.integer(1), write.ia5('X')) }],
    ['another header', { header: write.sequence(write.ia5('XX'), write.integer(4), write.ia5('X')) }],
    ['a field too many', { header: write.sequence(write.ia5('ES'), write.integer(4), write.ia5('X'), write.ia5('X')) }],
    ['a field too few', { header: write.sequence(write.ia5('ES'), write.integer(4)) }],
    ['a type that is neither unit nor person', property(write.integer(3), write.utf8('名'), write.integer(1), list, time, time, time)],
    ['a list of a third kind', property(write.integer(1), write.utf8('名'), write.integer(3), list, time, time, time)],
    [
      'UTCTime',
      property(write.integer(1), write.utf8('名'), write.integer(1), list, time, time, Buffer.from(`\x17\x0d261201000000Z`, 'latin1')),
    ],
    [
      'a 30th of February',
      property(write.integer(1), write.utf8('名'), write.integer(1), list, time, time, Buffer.from('\x18\x0f20260230000000Z', 'latin1')),
    ],
    ['text that is no UTF-8', property(write.integer(1), Buffer.of(0x0c, 1, 0xff), write.integer(1), list, time, time, time)],
    ['a number with a needless zero', property(Buffer.of(2, 2, 0, 1), write.utf8('名'), write.integer(1), list, time, time, time)],
    ['another signature algorithm', { algorithm: write.oid('1.2.840.10045.4.3.2') }],
    [
      'a boolean that is not 00 or FF',
      { extensions: write.sequence(write.sequence(write.oid('1.2.3'), Buffer.of(1, 1, 1), write.octets(PNG))) },
    ],
  ])('refuses %s', (_what, parts) => {
    expect(() => readSeal(handmade(parts))).toThrow(XinyinError);
    expect(verifySeal(handmade(parts), { at })).toEqual({ valid: false, problems: ['structure'], seal: null });
  });

  it('accepts the hand-made form itself, so that the refusals above are for their own reason', () => {
    expect(verifySeal(handmade(), { at, trustedMaker: maker.certificate }).problems).toEqual([]);
  });
});

describe('what is not DER', () => {
  it.each([
    ['a byte after the end', Buffer.concat([seal, Buffer.of(0)])],
    ['a byte missing', seal.subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
    ['an indefinite length', Buffer.concat([Buffer.of(0x30, 0x80), seal.subarray(4), Buffer.of(0, 0)])],
    ['a length in more bytes than needed', Buffer.concat([Buffer.of(0x30, 0x83, 0x00), seal.subarray(2)])],
  ])('refuses %s', (_what, bytes) => expect(verifySeal(bytes, { at }).problems).toEqual(['structure']));
});
