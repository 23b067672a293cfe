import { OID } from '../oids.js';
import { PROFILES, type ProfileName } from '../profiles.js';
import type { TbsRead } from './reading.js';

/** One rule that a to-be-signed certificate keeps. `check` is true when it does; it passes what another lint is there to refuse. */
export interface Lint {
  readonly id: string;
  readonly source: string;
  readonly appliesTo: readonly ProfileName[];
  readonly check: (tbs: TbsRead) => boolean;
}

const profiles = Object.values(PROFILES);
export const ALL = profiles.map(({ name }) => name);
export const AUTHORITIES = profiles.filter(({ authority }) => authority !== null).map(({ name }) => name);
export const END_ENTITIES = profiles.filter(({ authority }) => authority === null).map(({ name }) => name);
export const ISSUED = profiles.filter(({ issuer }) => issuer !== 'self').map(({ name }) => name);
export const OCSP_RESPONDERS = profiles
  .filter(({ extendedKeyUsages }) => extendedKeyUsages.includes(OID.ocspSigning))
  .map(({ name }) => name);
export const OF_ORGANISATIONS = profiles.filter(({ ofOrganisation }) => ofOrganisation).map(({ name }) => name);
