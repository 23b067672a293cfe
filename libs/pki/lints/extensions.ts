/** The extensions. A missing one is refused by `extensions-present` alone. */
import { createHash } from 'node:crypto';
import { OID } from '../oids.js';
import { KEY_USAGES } from '../profiles.js';
import { pointOf } from './keys.js';
import { ALL, AUTHORITIES, END_ENTITIES, ISSUED, OF_ORGANISATIONS, type Lint } from './lint.js';
import { identifier, isIdentifier, type Node, type TbsRead } from './reading.js';

const PRINTABLE_STRING = 0x13;
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const URI = 0x86;
const CRITICAL: readonly string[] = [OID.keyUsage, OID.basicConstraints];

/** Checks the value of an extension when it is there. */
const when = (tbs: TbsRead, type: string, holds: (value: Node) => boolean): boolean => {
  const found = tbs.extension(type);
  return !found || holds(found.value);
};

function usagesOf({ content }: Node): string {
  const bits = [...content.subarray(1)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return KEY_USAGES.filter((_usage, index) => bits[index] === '1').join();
}

/** RFC 5280, 8: not https, for whose certificate one would have to ask at such an address again. */
function isHttp(node: Node | undefined): boolean {
  const text = node?.tag === URI ? node.content.toString('latin1') : '';
  return /^http:\/\/[\x21-\x7e]+$/.test(text) && URL.canParse(text) && new URL(text).username === '';
}

/** The addresses of one access method. */
function locations(value: Node, method: string): Node[] {
  return value.items.filter(({ items }) => items[0] && identifier(items[0]) === method).flatMap(({ items }) => items.slice(1));
}

/** GB 32100-2015: alphabet without I, O, Z, S, V; Σ Ci·3^(i−1) + C18 ≡ 0 (mod 31). Written here anew, apart from the domain's. */
function isCreditCode(code: string): boolean {
  const values = [...code].map((character) => '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(character));
  if (values.length !== 18 || values.includes(-1)) return false;
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1];
  return values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) % 31 === 0;
}

export const extensionLints: readonly Lint[] = [
  {
    id: 'extensions-present',
    source: 'RFC 5280, 4.2.1; GM/T 0015: what the profile names',
    appliesTo: ALL,
    check: (tbs) => tbs.profile.extensions.every((type) => tbs.extension(type) !== undefined),
  },
  {
    id: 'extensions-known',
    source: 'RFC 5280, 4.2: nothing beyond the profile, critical or not',
    appliesTo: ALL,
    check: ({ extensions, profile }) => extensions.every(({ type }) => type === OID.basicConstraints || profile.extensions.includes(type)),
  },
  {
    id: 'extensions-unique',
    source: 'RFC 5280, 4.2',
    appliesTo: ALL,
    check: ({ extensions }) => new Set(extensions.map(({ type }) => type)).size === extensions.length,
  },
  {
    id: 'extensions-not-critical',
    source: 'RFC 5280, 4.2.1.1, 4.2.1.2, 4.2.1.13, 4.2.2.1: only key usage and basic constraints are critical',
    appliesTo: ALL,
    check: ({ extensions }) => extensions.every(({ type, critical }) => !critical || CRITICAL.includes(type)),
  },
  {
    id: 'key-usage-critical',
    source: 'RFC 5280, 4.2.1.3; GM/T 0015',
    appliesTo: ALL,
    check: (tbs) => tbs.extension(OID.keyUsage)?.critical !== false,
  },
  {
    id: 'key-usage-exact',
    source: 'RFC 5280, 4.2.1.3; GM/T 0015: signing and encryption keys are kept apart',
    appliesTo: ALL,
    check: (tbs) => when(tbs, OID.keyUsage, (value) => usagesOf(value) === tbs.profile.keyUsages.join()),
  },
  {
    id: 'key-usage-minimal',
    source: 'X.690, 11.2.2: a named bit list ends with its last set bit',
    appliesTo: ALL,
    check: (tbs) =>
      when(tbs, OID.keyUsage, ({ content }) => {
        const [unused = 0] = content;
        return content.length > 1 && ((content[content.length - 1] ?? 0) & (1 << unused)) !== 0;
      }),
  },
  {
    id: 'basic-constraints-critical',
    source: 'RFC 5280, 4.2.1.9',
    appliesTo: AUTHORITIES,
    check: (tbs) => tbs.extension(OID.basicConstraints)?.critical !== false,
  },
  {
    id: 'basic-constraints-authority',
    source: 'RFC 5280, 4.2.1.9: cA TRUE',
    appliesTo: AUTHORITIES,
    check: (tbs) => when(tbs, OID.basicConstraints, ({ items }) => items[0]?.tag === BOOLEAN && items[0].content[0] === 0xff),
  },
  {
    id: 'path-length',
    source: 'RFC 5280, 4.2.1.9: as many authorities below as the profile says',
    appliesTo: AUTHORITIES,
    check: (tbs) =>
      when(tbs, OID.basicConstraints, ({ items }) => {
        const length = items.find(({ tag }) => tag === INTEGER);
        return length?.content.length === 1 && length.content[0] === tbs.profile.authority?.pathLength;
      }),
  },
  {
    id: 'end-entity-no-authority',
    source: 'RFC 5280, 4.2.1.9: no basic constraints on an end entity',
    appliesTo: END_ENTITIES,
    check: (tbs) => tbs.extension(OID.basicConstraints) === undefined,
  },
  {
    id: 'subject-key-identifier',
    source: 'RFC 5280, 4.2.1.2; RFC 7093, 2 (1) with SM3: leftmost 160 bits of the hash of the key',
    appliesTo: ALL,
    check: (tbs) =>
      when(tbs, OID.subjectKeyIdentifier, ({ content }) => {
        const point = pointOf(tbs);
        return point === null || createHash('sm3').update(point).digest().subarray(0, 20).equals(content);
      }),
  },
  {
    id: 'authority-key-identifier',
    source: 'RFC 5280, 4.2.1.1: the key identifier of the signer, and nothing else',
    appliesTo: ISSUED,
    check: (tbs) =>
      when(tbs, OID.authorityKeyIdentifier, ({ items }) => {
        const [identifierOfKey] = items;
        return (
          items.length === 1 &&
          identifierOfKey?.tag === 0x80 &&
          identifierOfKey.content.equals(tbs.issuer?.keyIdentifier ?? Buffer.alloc(0))
        );
      }),
  },
  {
    id: 'crl-distribution-http',
    source: 'RFC 5280, 4.2.1.13 and 8',
    appliesTo: ISSUED,
    check: (tbs) =>
      when(
        tbs,
        OID.crlDistributionPoints,
        ({ items }) => items.length > 0 && items.every((point) => isHttp(point.items[0]?.items[0]?.items[0])),
      ),
  },
  {
    id: 'ocsp-http',
    source: 'RFC 6960, 3.1; RFC 5280, 4.2.2.1',
    appliesTo: ISSUED,
    check: (tbs) =>
      when(
        tbs,
        OID.authorityInformationAccess,
        (value) => locations(value, OID.ocsp).length > 0 && locations(value, OID.ocsp).every(isHttp),
      ),
  },
  {
    id: 'ca-issuers-http',
    source: 'RFC 5280, 4.2.2.1',
    appliesTo: ISSUED,
    check: (tbs) =>
      when(
        tbs,
        OID.authorityInformationAccess,
        (value) => locations(value, OID.caIssuers).length > 0 && locations(value, OID.caIssuers).every(isHttp),
      ),
  },
  {
    id: 'certificate-policy',
    source: 'RFC 5280, 4.2.1.4: the policy of the profile',
    appliesTo: ISSUED,
    check: (tbs) =>
      when(tbs, OID.certificatePolicies, ({ items }) => items.length === 1 && isIdentifier(items[0]?.items[0], tbs.profile.policy ?? '')),
  },
  {
    id: 'credit-code-printable',
    source: 'GM/T 0015, organisation code: PrintableString',
    appliesTo: OF_ORGANISATIONS,
    check: (tbs) => when(tbs, OID.organisationCode, ({ tag }) => tag === PRINTABLE_STRING),
  },
  {
    id: 'credit-code-valid',
    source: 'GB 32100-2015, 4 and 5',
    appliesTo: OF_ORGANISATIONS,
    check: (tbs) => when(tbs, OID.organisationCode, ({ content }) => isCreditCode(content.toString('latin1'))),
  },
];
