import fc from 'fast-check';
import { XinyinError } from '#domain';
import { elementAt, integer, oid, oidText, only, sequence, TAG, timeOf, tlv, unsigned, validityTime } from './der.js';
import { openEnvelopedKey } from './enveloped-key.js';
import { parseCertificate } from './certificate-view.js';
import { readCertificationRequest } from './certification-request.js';
import { generateSm2KeyPair } from './sm2.js';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('DER', () => {
  it.each([
    [0, '02 01 00'],
    [127, '02 01 7f'],
    [128, '02 02 00 80'],
    [256, '02 02 01 00'],
  ])('X.690, 8.3: INTEGER %i', (value, encoded) => {
    expect(integer(value)).toEqual(hex(encoded));
  });
  it('X.690, 8.19.5: 2.100.3 is 81 34 03, and 1.2.156.10197.1.501 as GM/T 0006 has it', () => {
    expect(oid('2.100.3')).toEqual(hex('06 03 81 34 03'));
    expect(oid('1.2.156.10197.1.501')).toEqual(hex('06 08 2a 81 1c cf 55 01 83 75'));
    expect(oidText(only(hex('06 03 81 34 03'), TAG.oid))).toBe('2.100.3');
  });
  it('RFC 5280, 4.1.2.5: UTCTime to the end of 2049, GeneralizedTime from 2050', () => {
    expect(validityTime(new Date('2049-12-31T23:59:59.999Z')).toString('latin1')).toBe('\x17\x0d491231235959Z');
    expect(validityTime(new Date('2050-01-01T00:00:00Z')).toString('latin1')).toBe('\x18\x0f20500101000000Z');
  });
  it('RFC 5280, 4.1.2.5.1: UTCTime years 50 to 99 are of the twentieth century', () => {
    expect(timeOf(only(tlv(TAG.utcTime, Buffer.from('500101000000Z')), TAG.utcTime))).toEqual(new Date('1950-01-01T00:00:00Z'));
    expect(timeOf(only(tlv(TAG.utcTime, Buffer.from('491231235959Z')), TAG.utcTime))).toEqual(new Date('2049-12-31T23:59:59Z'));
  });
  it('writes lengths of 127, 128, 256 and 65536 in the fewest bytes', () => {
    const head = (length: number) => sequence(Buffer.alloc(length)).subarray(0, 5).toString('hex').slice(2);
    expect([head(127), head(128), head(256), head(65536)]).toEqual(['7f000000', '81800000', '82010000', '83010000']);
  });
  it.each([
    ['an indefinite length', '30 80 00 00'],
    ['a length in too many bytes', '30 81 05 00 00 00 00 00'],
    ['a value that runs past the end', '30 05 00'],
    ['a tag of more than one byte', '1f 81 01 00'],
  ])('refuses %s', (_what, encoded) => {
    expect(() => elementAt(hex(encoded), 0)).toThrow(XinyinError);
  });
  it('refuses a negative INTEGER and one with a zero too many', () => {
    expect(() => unsigned(elementAt(hex('02 01 80'), 0), 4)).toThrow(XinyinError);
    expect(() => unsigned(elementAt(hex('02 02 00 7f'), 0), 4)).toThrow(XinyinError);
  });
});

describe('readers of what comes from outside', () => {
  const { privateKey } = generateSm2KeyPair();
  const certificate = hex('30 10 30 08 02 01 01 30 03 06 01 2a 30 02 05 00 03 00');
  const readers = [parseCertificate, readCertificationRequest, (der: Buffer) => openEnvelopedKey(der, privateKey)];

  it('property: refuse any bytes with a XinyinError and nothing else', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => sequence(bytes)),
      fc.tuple(fc.nat(certificate.length - 1), fc.nat(255)).map(([at, value]) => Buffer.from(certificate).fill(value, at, at + 1)),
    );
    fc.assert(
      fc.property(anything, fc.nat(2), (bytes, which) => {
        expect(() => readers[which]?.(Buffer.from(bytes))).toThrow(XinyinError);
      }),
      { numRuns: 2000 },
    );
  });
});
