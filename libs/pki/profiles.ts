/** What kinds of certificate there are, as data. The builder writes by it and the lints check by it; neither knows a profile by name. */
import { OID } from './oids.js';

export type ProfileName = 'root' | 'issuing-ca' | 'seal-maker' | 'organisation-signing' | 'organisation-encryption';

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

export interface Profile {
  readonly name: ProfileName;
  readonly issuer: 'self' | 'root' | 'issuing-ca';
  /** Null on end entities. `pathLength` counts the authorities that may follow below (RFC 5280, 4.2.1.9). */
  readonly authority: { readonly pathLength: number } | null;
  readonly keyUsages: readonly KeyUsage[];
  /** Organisation certificates bear one name, as CN and as O, and the unified social credit code. */
  readonly ofOrganisation: boolean;
  readonly maximumYears: number;
  readonly policy: string | null;
  readonly extensions: readonly string[];
}

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
    ofOrganisation: false,
    maximumYears: 30,
    policy: null,
    extensions: AUTHORITY_EXTENSIONS,
  },
  'issuing-ca': {
    name: 'issuing-ca',
    issuer: 'root',
    authority: { pathLength: 0 },
    keyUsages: ['keyCertSign', 'cRLSign'],
    ofOrganisation: false,
    maximumYears: 20,
    policy: `${POLICY_ARC}.1`,
    extensions: [...AUTHORITY_EXTENSIONS, ...ISSUED_EXTENSIONS],
  },
  'seal-maker': {
    name: 'seal-maker',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['digitalSignature', 'nonRepudiation'],
    ofOrganisation: false,
    maximumYears: 10,
    policy: `${POLICY_ARC}.2`,
    extensions: END_ENTITY_EXTENSIONS,
  },
  'organisation-signing': {
    name: 'organisation-signing',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['digitalSignature', 'nonRepudiation'],
    ofOrganisation: true,
    maximumYears: 5,
    policy: `${POLICY_ARC}.3`,
    extensions: [...END_ENTITY_EXTENSIONS, OID.organisationCode],
  },
  'organisation-encryption': {
    name: 'organisation-encryption',
    issuer: 'issuing-ca',
    authority: null,
    keyUsages: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'],
    ofOrganisation: true,
    maximumYears: 5,
    policy: `${POLICY_ARC}.3`,
    extensions: [...END_ENTITY_EXTENSIONS, OID.organisationCode],
  },
};
