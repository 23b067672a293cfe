/** What kinds of certificate there are, as data. The builder writes by it and the lints check by it; neither knows a profile by name. */
import { OID } from './oids.js';

export type ProfileName = 'root' | 'issuing-ca' | 'seal-maker' | 'organisation-signing' | 'organisation-encryption' | 'ocsp-responder';

/** RFC 5280, 4.2.1.3, in the order of their bits. `nonRepudiation` keeps the name that the Chinese standards use for contentCommitment. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** How long a certificate may be valid at most. */
export type LongestValidity = { readonly years: number; readonly days?: number } | { readonly years?: never; readonly days: number };

export interface Profile {
  readonly name: ProfileName;
  readonly issuer: 'self' | 'root' | 'issuing-ca';
  /** Null on end entities. `pathLength` counts the authorities that may follow below (RFC 5280, 4.2.1.9). */
  readonly authority: { readonly pathLength: number } | null;
  readonly keyUsages: readonly KeyUsage[];
  /** What the key is for beyond its usages (RFC 5280, 4.2.1.12); empty where the certificate does not say. */
  readonly extendedKeyUsages: readonly string[];
  /** Organisation certificates bear one name, as CN and as O, and the unified social credit code. */
  readonly ofOrganisation: boolean;
  readonly validity: LongestValidity;
  readonly policy: string | null;
  readonly extensions: readonly string[];
}

/**
 * Five years can be bought, and a renewal adds them to what is left: 60 days of Shanghai and the last one, and a day more when a 29 February
 * lies between where five years from today and the new end come to lie.
 */
const BOUGHT_AND_LEFT = { years: 5, days: 62 } as const;

/** Arc of the certificate policies: the example arc of RFC 5612, to be replaced by the operator's own before real use. */
const POLICY_ARC = '1.3.6.1.4.1.32473.10';

const AUTHORITY_EXTENSIONS = [OID.subjectKeyIdentifier, OID.basicConstraints, OID.keyUsage];
const ISSUED_EXTENSIONS = [OID.authorityKeyIdentifier, OID.certificatePolicies, OID.crlDistributionPoints, OID.authorityInformationAccess];
const END_ENTITY_EXTENSIONS = [OID.subjectKeyIdentifier, OID.keyUsage, ...ISSUED_EXTENSIONS];

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  root: {
    name: 'root',
    issuer: 'self',
    authority: { pathLength: 1 },
    keyUsages: ['keyCertSign', 'cRLSign'],
    extendedKeyUsages: [],
    ofOrganisation: false,
    validity: { years: 30 },
    policy: null,
    extensions: AUTHORITY_EXTENSIONS,
  },
  'issuing-ca': {
    name: 'issuing-ca',
    issuer: 'root',
    authority: { pathLength: 0 },
    keyUsages: ['keyCertSign', 'cRLSign'],
    extendedKeyUsages: [],
    ofOrganisation: false,
    validity: { years: 20 },
    policy: `${POLICY_ARC}.1`,
    extensions: [...AUTHORITY_EXTENSIONS, ...ISSUED_EXTENSIONS],
  },
  'seal-maker': {
    name: 'seal-maker',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['digitalSignature', 'nonRepudiation'],
    extendedKeyUsages: [],
    ofOrganisation: false,
    validity: { years: 10 },
    policy: `${POLICY_ARC}.2`,
    extensions: END_ENTITY_EXTENSIONS,
  },
  'organisation-signing': {
    name: 'organisation-signing',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['digitalSignature', 'nonRepudiation'],
    extendedKeyUsages: [],
    ofOrganisation: true,
    validity: BOUGHT_AND_LEFT,
    policy: `${POLICY_ARC}.3`,
    extensions: [...END_ENTITY_EXTENSIONS, OID.organisationCode],
  },
  'organisation-encryption': {
    name: 'organisation-encryption',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'],
    extendedKeyUsages: [],
    ofOrganisation: true,
    validity: BOUGHT_AND_LEFT,
    policy: `${POLICY_ARC}.3`,
    extensions: [...END_ENTITY_EXTENSIONS, OID.organisationCode],
  },
  /**
   * Signs OCSP responses in place of the issuing CA (RFC 6960, 4.2.2.2). It cannot be revoked in any way that its relying parties would
   * see (4.2.2.2.1), so it lives for a month and points to no list or responder; neither extended key usage nor nocheck is critical.
   */
  'ocsp-responder': {
    name: 'ocsp-responder',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['digitalSignature'],
    extendedKeyUsages: [OID.ocspSigning],
    ofOrganisation: false,
    validity: { days: 30 },
    policy: null,
    extensions: [OID.subjectKeyIdentifier, OID.keyUsage, OID.extendedKeyUsage, OID.authorityKeyIdentifier, OID.ocspNoCheck],
  },
};

/** The last instant of a certificate of that validity which begins then. */
export function longestFrom(begin: Date, validity: LongestValidity): Date {
  const end = new Date(begin);
  end.setUTCFullYear(end.getUTCFullYear() + (validity.years ?? 0));
  end.setUTCDate(end.getUTCDate() + (validity.days ?? 0));
  return end;
}
