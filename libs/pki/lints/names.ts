/** Who the certificate is for, and who signs it. */
import { OID } from '../oids.js';
import { ALL, ISSUED, OF_ORGANISATIONS, type Lint } from './lint.js';
import type { TbsRead } from './reading.js';

const UTF8_STRING = 0x0c;
const PRINTABLE_STRING = 0x13;

/** RFC 5280, appendix A.1, in characters: a Han character counts as one. */
const UPPER_BOUNDS: Readonly<Record<string, number>> = {
  [OID.country]: 2,
  [OID.province]: 128,
  [OID.locality]: 128,
  [OID.organisation]: 64,
  [OID.unit]: 64,
  [OID.commonName]: 64,
};

/** Control and format characters, private and unassigned ones, line separators, and what decoders put for a broken character. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufffd]/u;

const ORDER = [OID.country, OID.province, OID.locality, OID.organisation, OID.unit, OID.commonName];
const WITHOUT_UNIT = ORDER.filter((type) => type !== OID.unit);

const every = (tbs: TbsRead, holds: (text: string) => boolean) => tbs.attributes.every(({ text }) => text === null || holds(text));
const valueOf = (tbs: TbsRead, type: string) => tbs.attributes.find((attribute) => attribute.type === type);

export const nameLints: readonly Lint[] = [
  {
    id: 'issuer-is-signer',
    source: 'RFC 5280, 4.1.2.4 and 6.1.3 (a)(4): byte for byte the subject of the signing certificate',
    appliesTo: ALL,
    check: ({ issuer, issuerName, subject }) => issuerName.bytes.equals(issuer ? issuer.subjectDer : subject.bytes),
  },
  {
    id: 'subject-not-issuer',
    source: 'RFC 5280, 3.2: only a root is self-issued',
    appliesTo: ISSUED,
    check: ({ issuer, subject }) => !issuer || !subject.bytes.equals(issuer.subjectDer),
  },
  {
    id: 'subject-attributes',
    source: 'GM/T 0015, subject; profile: C, ST, L, O, OU if any, CN',
    appliesTo: ALL,
    check: ({ attributes }) => {
      const types = attributes.map(({ type }) => type).join();
      return types === ORDER.join() || types === WITHOUT_UNIT.join();
    },
  },
  {
    id: 'subject-single-valued',
    source: 'X.501, 9.3; CA/Browser Forum Baseline Requirements, 7.1.4.1: one attribute in each relative name',
    appliesTo: ALL,
    check: ({ relativeNames }) => relativeNames.every((relative) => relative.length === 1),
  },
  {
    id: 'country-printable',
    source: 'RFC 5280, appendix A.1: X520countryName is a PrintableString',
    appliesTo: ALL,
    check: (tbs) => (valueOf(tbs, OID.country)?.value.tag ?? PRINTABLE_STRING) === PRINTABLE_STRING,
  },
  {
    id: 'country-code',
    source: 'ISO 3166-1: CN',
    appliesTo: ALL,
    check: (tbs) => (valueOf(tbs, OID.country)?.text ?? 'CN') === 'CN',
  },
  {
    id: 'subject-utf8-string',
    source: 'RFC 5280, 4.1.2.4 and 4.1.2.6: DirectoryString as UTF8String',
    appliesTo: ALL,
    check: ({ attributes }) => attributes.every(({ type, value }) => type === OID.country || value.tag === UTF8_STRING),
  },
  {
    id: 'subject-well-formed',
    source: 'RFC 3629, 3: valid UTF-8',
    appliesTo: ALL,
    check: ({ attributes }) => attributes.every(({ text }) => text !== null),
  },
  {
    id: 'subject-not-empty',
    source: 'RFC 5280, appendix A.1: SIZE (1..MAX)',
    appliesTo: ALL,
    check: (tbs) => every(tbs, (text) => text !== ''),
  },
  {
    id: 'subject-upper-bounds',
    source: 'RFC 5280, appendix A.1: ub-common-name, ub-organization-name 64 characters',
    appliesTo: ALL,
    check: ({ attributes }) =>
      attributes.every(({ type, text }) => type === OID.country || [...(text ?? '')].length <= (UPPER_BOUNDS[type] ?? 64)),
  },
  {
    id: 'subject-visible',
    source: 'RFC 5280, 4.1.2.4 and 7.1 (RFC 4518, 2.4): no control, format or private characters',
    appliesTo: ALL,
    check: (tbs) => every(tbs, (text) => !INVISIBLE.test(text)),
  },
  {
    id: 'subject-trimmed',
    source: 'RFC 4518, 2.6.1: no space at either end',
    appliesTo: ALL,
    check: (tbs) => every(tbs, (text) => text === text.trim()),
  },
  {
    id: 'common-name-is-organisation',
    source: 'Certificate profile: an organisation has one name',
    appliesTo: OF_ORGANISATIONS,
    check: (tbs) => {
      const [organisation, commonName] = [valueOf(tbs, OID.organisation), valueOf(tbs, OID.commonName)];
      return !organisation || !commonName || organisation.value.content.equals(commonName.value.content);
    },
  },
];
