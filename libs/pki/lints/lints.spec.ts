import type { KeyObject } from 'node:crypto';
import { XinyinError } from '#domain';
import {
  bitString,
  boolean,
  elements,
  integer,
  nullValue,
  octetString,
  oid,
  printableString,
  sequence,
  setOf,
  tlv,
  utf8String,
} from '../der.js';
import { lintTbs, prepare, type Issuer } from '../linted.js';
import { OID } from '../oids.js';
import { PROFILES, type ProfileName } from '../profiles.js';
import { generateSm2KeyPair, publicPoint, sm3 } from '../sm2.js';
import { nameDer } from '../distinguished-name.js';
import { LINTS, UNREADABLE } from './index.js';

const OCSP = 'ocsp-responder';
const urls = { crl: 'http://ca.test/ca.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/ca.cer' };
const keys = { issuer: generateSm2KeyPair().publicKey, subject: generateSm2KeyPair().publicKey };
const issuerName = nameDer({ organisation: '签发机构', commonName: '签发 CA' });
const issuerPoint = publicPoint(keys.issuer);
const facts = {
  subjectDer: issuerName,
  point: issuerPoint,
  keyIdentifier: sm3(issuerPoint).subarray(0, 20),
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2046-01-01T00:00:00Z'),
};
const issuerOf = (profile: ProfileName): Issuer => {
  const kind = PROFILES[profile].issuer;
  return { kind, urls, facts: kind === 'self' ? null : facts };
};

function good(profile: ProfileName): Buffer {
  const organisation = '成都某某医药有限公司';
  return prepare(issuerOf(profile), profile, {
    subject: { organisation, commonName: organisation },
    publicKey: keys.subject,
    notBefore: new Date('2026-11-24T01:02:03Z'),
    notAfter: new Date(profile === OCSP ? '2026-12-24T01:02:03Z' : '2028-11-24T01:02:03Z'),
    // GB 32100-2015: the example of the standard.
    uscc: '91350100M000100Y43',
  }).tbs;
}

function failedOf(profile: ProfileName, tbs: Buffer, paired?: KeyObject): string {
  try {
    lintTbs(issuerOf(profile), profile, tbs, paired);
    return '';
  } catch (error) {
    if (error instanceof XinyinError && error.code === 'CERTIFICATE_LINT') return String(error.params['failed']);
    throw error;
  }
}

/** Replaces the element at the path of child indexes by any number of others; every length above it is written anew. */
function edit(der: Buffer, path: readonly number[], change: (element: Buffer) => readonly Buffer[]): Buffer {
  const [step, ...rest] = path;
  if (step === undefined) return Buffer.concat(change(der));
  const [outer] = elements(der);
  if (!outer) throw new Error('path');
  return tlv(outer.tag, ...elements(outer.content).map(({ bytes }, index) => (index === step ? edit(bytes, rest, change) : bytes)));
}
const put =
  (path: readonly number[], ...elements: readonly Buffer[]) =>
  (tbs: Buffer) =>
    edit(tbs, path, () => elements);
const also =
  (path: readonly number[], ...elements: readonly Buffer[]) =>
  (tbs: Buffer) =>
    edit(tbs, path, (old) => [old, ...elements]);
const both =
  (...changes: readonly ((tbs: Buffer) => Buffer)[]) =>
  (tbs: Buffer) =>
    changes.reduce((der, change) => change(der), tbs);

const SIGNING = 'organisation-signing';
const [VERSION, SERIAL, ALGORITHM, ISSUER, NOT_BEFORE, NOT_AFTER, SUBJECT, SPKI] = [[0, 0], [1], [2], [3], [4, 0], [4, 1], [5], [6]];
const COUNTRY = [5, 0, 0, 1];
const LOCALITY = [5, 2, 0, 1];
const NAMES = [
  [5, 3, 0, 1],
  [5, 4, 0, 1],
] as const;
const extension = (type: string, ...inside: number[]) => [7, 0, PROFILES[SIGNING].extensions.indexOf(type), ...inside];
const ofAuthority = (type: string, ...inside: number[]) => [7, 0, PROFILES['issuing-ca'].extensions.indexOf(type), ...inside];
const ofResponder = (type: string, ...inside: number[]) => [7, 0, PROFILES[OCSP].extensions.indexOf(type), ...inside];
const time = (tag: number, text: string) => tlv(tag, Buffer.from(text));
const bothNames = (text: string) => both(put(NAMES[0], utf8String(text)), put(NAMES[1], utf8String(text)));
const url = (address: string) => tlv(0x86, Buffer.from(address));
const oidAndNothing = (type: string, value: Buffer) => sequence(oid(type), octetString(value));
const withKey = (point: Buffer) =>
  both(put([6, 1], bitString(point)), put(extension(OID.subjectKeyIdentifier, 1, 0), octetString(sm3(point).subarray(0, 20))));
const offCurve = Buffer.from(publicPoint(keys.subject));
offCurve[64] = (offCurve[64] ?? 0) ^ 1;
const merged = (tbs: Buffer) => {
  const [locality, organisation] = elements(elements(elements(tbs)[0]?.content ?? tbs)[5]?.content ?? tbs).slice(2, 4);
  const pairs = [locality, organisation].map((relative) => relative?.content ?? Buffer.alloc(0));
  return both(put([5, 3], setOf(...pairs)), put([5, 2]))(tbs);
};

type Change = (tbs: Buffer) => Buffer;
const broken: readonly [lint: string, profile: ProfileName, what: string, change: Change][] = [
  ['der-canonical', SIGNING, 'TRUE written as 01', put(extension(OID.keyUsage, 1), tlv(0x01, Buffer.from([1])))],
  ['der-canonical', SIGNING, 'critical FALSE written out', also(extension(OID.certificatePolicies, 0), boolean(false))],
  ['der-canonical', SIGNING, 'a length in long form', put(COUNTRY, Buffer.from('13810243 4e'.replace(' ', ''), 'hex'))],
  ['der-canonical', SIGNING, 'an integer with a zero too many', put(VERSION, Buffer.from('02020002', 'hex'))],
  ['version-3', SIGNING, 'version 2', put(VERSION, integer(1))],
  ['version-3', SIGNING, 'no version, which is version 1', put([0])],
  ['serial-positive', SIGNING, 'a negative number', put(SERIAL, Buffer.from('0209800102030405060708', 'hex'))],
  ['serial-length', SIGNING, '21 octets', put(SERIAL, integer(Buffer.from('0102030405060708090a0b0c0d0e0f101112131415', 'hex')))],
  ['serial-entropy', SIGNING, 'a counter', put(SERIAL, integer(1234567))],
  ['signature-algorithm', SIGNING, 'ecdsa-with-SHA256', put([2, 0], oid('1.2.840.10045.4.3.2'))],
  ['signature-algorithm-bare', SIGNING, 'NULL parameters', also([2, 0], nullValue())],
  ['no-unique-identifiers', SIGNING, 'a subject unique identifier', also(SPKI, tlv(0x82, Buffer.from([0, 1])))],
  ['validity-format', SIGNING, 'no seconds', put(NOT_BEFORE, time(0x17, '2611240102Z'))],
  ['validity-format', SIGNING, 'fractions of a second', put(NOT_AFTER, time(0x18, '20500101000000.5Z'))],
  ['validity-encoding', SIGNING, 'GeneralizedTime before 2050', put(NOT_AFTER, time(0x18, '20281124010203Z'))],
  ['validity-order', SIGNING, 'ends when it begins', put(NOT_AFTER, time(0x17, '261124010203Z'))],
  ['validity-within-issuer', SIGNING, 'begins a second before its issuer', put(NOT_BEFORE, time(0x17, '251231235959Z'))],
  [
    'validity-within-issuer',
    'seal-maker',
    'ends a second after its issuer',
    put([4], sequence(time(0x17, '400101000000Z'), time(0x17, '460101000001Z'))),
  ],
  ['validity-maximum', SIGNING, 'five years, 62 days and a second', put(NOT_AFTER, time(0x17, '320125010204Z'))],
  ['validity-maximum', OCSP, 'thirty days and a second', put(NOT_AFTER, time(0x17, '261224010204Z'))],
  ['issuer-is-signer', SIGNING, 'the name of another', put(ISSUER, nameDer({ organisation: '签发机构', commonName: '签发 CA 2' }))],
  ['subject-not-issuer', 'seal-maker', 'the name of the issuer', put(SUBJECT, issuerName)],
  ['subject-attributes', SIGNING, 'no locality', put([5, 2])],
  ['subject-attributes', SIGNING, 'locality twice', also([5, 2], setOf(sequence(oid(OID.locality), utf8String('成都市'))))],
  ['subject-single-valued', SIGNING, 'L and O in one relative name', merged],
  ['country-printable', SIGNING, 'UTF8String', put(COUNTRY, utf8String('CN'))],
  ['country-code', SIGNING, 'lower case', put(COUNTRY, printableString('cn'))],
  ['subject-utf8-string', SIGNING, 'PrintableString', put(LOCALITY, printableString('Chengdu'))],
  ['subject-well-formed', SIGNING, 'half a character', put(LOCALITY, tlv(0x0c, Buffer.from('e688', 'hex')))],
  ['subject-not-empty', SIGNING, 'an empty locality', put(LOCALITY, utf8String(''))],
  ['subject-upper-bounds', SIGNING, '65 Han characters', bothNames('医'.repeat(65))],
  ['subject-visible', SIGNING, 'a zero-width space', bothNames('成都\u200b某某')],
  ['subject-visible', SIGNING, 'a line break', put(LOCALITY, utf8String('成\n都'))],
  ['subject-trimmed', SIGNING, 'a space at the end', bothNames('成都某某 ')],
  ['common-name-is-organisation', SIGNING, 'another common name', put(NAMES[1], utf8String('某某'))],
  ['key-algorithm', SIGNING, 'rsaEncryption', put([6, 0, 0], oid('1.2.840.113549.1.1.1'))],
  ['key-curve', SIGNING, 'P-256', put([6, 0, 1], oid('1.2.840.10045.3.1.7'))],
  ['key-uncompressed', SIGNING, 'a compressed point', put([6, 1], bitString(Buffer.alloc(33, 2)))],
  ['key-on-curve', SIGNING, 'a point beside the curve', withKey(offCurve)],
  ['key-not-issuers', SIGNING, 'the key of the issuer', withKey(issuerPoint)],
  ['extensions-present', SIGNING, 'no policy', put(extension(OID.certificatePolicies))],
  ['extensions-known', SIGNING, 'an unknown extension', also([7, 0, 0], oidAndNothing('1.2.3.4', nullValue()))],
  ['extensions-unique', SIGNING, 'key identifier twice', (tbs) => edit(tbs, extension(OID.subjectKeyIdentifier), (old) => [old, old])],
  ['extensions-not-critical', SIGNING, 'a critical policy', also(extension(OID.certificatePolicies, 0), boolean(true))],
  ['key-usage-critical', SIGNING, 'not critical', put(extension(OID.keyUsage, 1))],
  ['key-usage-exact', SIGNING, 'digitalSignature alone', put(extension(OID.keyUsage, 2, 0), bitString(Buffer.from([0x80]), 7))],
  [
    'key-usage-exact',
    'organisation-encryption',
    'the usages of a signing key',
    put(extension(OID.keyUsage, 2, 0), bitString(Buffer.from([0xc0]), 6)),
  ],
  ['key-usage-minimal', SIGNING, 'zero bits at the end', put(extension(OID.keyUsage, 2, 0), bitString(Buffer.from([0xc0])))],
  ['basic-constraints-critical', 'issuing-ca', 'not critical', put(ofAuthority(OID.basicConstraints, 1))],
  ['basic-constraints-authority', 'issuing-ca', 'cA left out', put(ofAuthority(OID.basicConstraints, 2, 0), sequence(integer(0)))],
  ['path-length', 'issuing-ca', 'one authority more', put(ofAuthority(OID.basicConstraints, 2, 0, 1), integer(1))],
  ['path-length', 'root', 'no limit', put([7, 0, 1, 2, 0, 1])],
  [
    'end-entity-no-authority',
    SIGNING,
    'basic constraints',
    also([7, 0, 0], sequence(oid(OID.basicConstraints), boolean(true), octetString(sequence(boolean(true))))),
  ],
  [
    'subject-key-identifier',
    SIGNING,
    'that of another key',
    put(extension(OID.subjectKeyIdentifier, 1, 0), octetString(Buffer.alloc(20, 7))),
  ],
  [
    'authority-key-identifier',
    SIGNING,
    'that of another key',
    put(extension(OID.authorityKeyIdentifier, 1, 0, 0), tlv(0x80, Buffer.alloc(20, 7))),
  ],
  ['crl-distribution-http', SIGNING, 'https', put(extension(OID.crlDistributionPoints, 1, 0, 0, 0, 0, 0), url('https://ca.test/ca.crl'))],
  ['ocsp-http', SIGNING, 'ftp', put(extension(OID.authorityInformationAccess, 1, 0, 0, 1), url('ftp://ca.test/ocsp'))],
  ['ca-issuers-http', SIGNING, 'a path', put(extension(OID.authorityInformationAccess, 1, 0, 1, 1), url('/ca.cer'))],
  ['certificate-policy', SIGNING, 'any policy', put(extension(OID.certificatePolicies, 1, 0, 0, 0), oid('2.5.29.32.0'))],
  ['credit-code-printable', SIGNING, 'UTF8String', put(extension(OID.organisationCode, 1, 0), utf8String('91350100M000100Y43'))],
  ['credit-code-valid', SIGNING, 'a wrong check digit', put(extension(OID.organisationCode, 1, 0), printableString('91350100M000100Y44'))],
  ['credit-code-valid', SIGNING, 'empty', put(extension(OID.organisationCode, 1, 0), printableString(''))],
  ['key-usage-exact', OCSP, 'nonRepudiation too', put(ofResponder(OID.keyUsage, 2, 0), bitString(Buffer.from([0xc0]), 6))],
  ['extensions-present', OCSP, 'no extended key usage', put(ofResponder(OID.extendedKeyUsage))],
  ['extensions-not-critical', OCSP, 'a critical nocheck', also(ofResponder(OID.ocspNoCheck, 0), boolean(true))],
  ['extended-key-usage-exact', OCSP, 'any usage too', also(ofResponder(OID.extendedKeyUsage, 1, 0, 0), oid('2.5.29.37.0'))],
  ['extended-key-usage-exact', OCSP, 'serverAuth', put(ofResponder(OID.extendedKeyUsage, 1, 0, 0), oid('1.3.6.1.5.5.7.3.1'))],
  ['extended-key-usage-exact', OCSP, 'no usage at all', put(ofResponder(OID.extendedKeyUsage, 1, 0, 0))],
  ['ocsp-nocheck-null', OCSP, 'TRUE', put(ofResponder(OID.ocspNoCheck, 1, 0), boolean(true))],
  ['extensions-known', SIGNING, 'OCSP signing', also([7, 0, 0], oidAndNothing(OID.extendedKeyUsage, sequence(oid(OID.ocspSigning))))],
  [UNREADABLE, SIGNING, 'cut short', (tbs) => tbs.subarray(0, -1)],
  [UNREADABLE, SIGNING, 'a byte more', (tbs) => Buffer.concat([tbs, Buffer.from([0])])],
  [UNREADABLE, SIGNING, 'no algorithm', put(ALGORITHM)],
];

describe('lints', () => {
  it.each(Object.keys(PROFILES) as ProfileName[])('a good certificate of profile %s passes them all', (profile) => {
    expect(failedOf(profile, good(profile))).toBe('');
  });

  it.each(broken)('%s alone refuses, for %s: %s', (lint, profile, _what, change) => {
    expect(failedOf(profile, change(good(profile)))).toBe(lint);
  });

  it('key-pair-distinct alone refuses an encryption certificate over the signing key', () => {
    expect(failedOf('organisation-encryption', good('organisation-encryption'), keys.subject)).toBe('key-pair-distinct');
  });

  it('each has a certificate here that fails it', () => {
    const shown = new Set([...broken.map(([lint]) => lint), 'key-pair-distinct']);
    expect(LINTS.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('each has its own id, a source, and a profile that it applies to', () => {
    expect(new Set(LINTS.map(({ id }) => id)).size).toBe(LINTS.length);
    expect(LINTS.filter(({ source, appliesTo }) => source === '' || appliesTo.length === 0)).toEqual([]);
  });

  it('a profile that another authority signs is refused before any lint', () => {
    expect(() => lintTbs(issuerOf('root'), SIGNING, good(SIGNING))).toThrow(XinyinError);
  });
});
