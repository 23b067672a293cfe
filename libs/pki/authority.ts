/** The certificate authority at work: everything that needs its keys, and nothing else. */
import type { KeyObject } from 'node:crypto';
import { AUTHORITY_NAMES, establish, issuerFactsOf, type CeremonyInput, type Established } from './ceremony.js';
import { signCheckpoint } from './checkpoint.js';
import { revocationList, type CrlContent } from './crl.js';
import { issue, type IssuedCertificate } from './issue.js';
import { keyManagementCentre, type EncryptionKeys } from './key-escrow.js';
import { lintTbs, prepare, type CertificateRequest, type Issuer, type Linted } from './linted.js';
import type { ProfileName } from './profiles.js';
import type { IssuerUrls } from './tbs-certificate.js';
import { openVault } from './vault.js';

/** What the issuing CA issues. Its own certificate and the root's are made by the ceremony alone. */
export type IssuedProfile = Exclude<ProfileName, 'root' | 'issuing-ca'>;

export interface Authority {
  /** DER, as are the two below. */
  readonly rootCertificate: Buffer;
  readonly issuingCertificate: Buffer;
  readonly sealMakerCertificate: Buffer;
  /** Builds and lints. Store `linted.tbs` before signing: a retry must sign the same bytes. */
  prepare(profile: IssuedProfile, request: CertificateRequest): Linted;
  /** Lints stored bytes again, for the retry. */
  lintTbs(profile: IssuedProfile, tbs: Uint8Array, pairedPublicKey?: KeyObject): Linted;
  /** @throws XinyinError ISSUANCE_MISMATCH when what was signed is not what was linted */
  sign(linted: Linted): IssuedCertificate;
  /** The signature of the seal maker over a seal (GB/T 38540). */
  signAsSealMaker(bytes: Uint8Array): Buffer;
  /** The signature over a checkpoint of the audit, see `verifyCheckpoint`. */
  signCheckpoint(facts: Uint8Array): Buffer;
  crl(content: CrlContent): Buffer;
  /** The root's list as of the last start: the root key is not at hand in between. */
  rootCrl(): Buffer;
  readonly encryptionKeys: EncryptionKeys;
}

export interface AuthorityOptions {
  readonly folder: string;
  readonly passphrase: string;
  readonly urls: IssuerUrls;
  readonly now: () => Date;
  /** Names of the authority's own certificates; used when it is made. */
  readonly names?: CeremonyInput['names'];
}

function authorityOf(established: Established, urls: IssuerUrls): Authority {
  const { root, issuingCa, sealMaker, issuingSigner, sealMakerSigner } = established;
  const issuer: Issuer = { kind: 'issuing-ca', facts: issuerFactsOf(issuingCa), urls };
  return {
    rootCertificate: root.der,
    issuingCertificate: issuingCa.der,
    sealMakerCertificate: sealMaker.der,
    prepare: (profile, request) => prepare(issuer, profile, request),
    lintTbs: (profile, tbs, pairedPublicKey) => lintTbs(issuer, profile, Buffer.from(tbs), pairedPublicKey),
    sign: (linted) => issue(linted, issuingSigner),
    signAsSealMaker: (bytes) => sealMakerSigner.sign(Buffer.from(bytes)),
    signCheckpoint: (facts) => signCheckpoint(sealMakerSigner, facts),
    crl: (content) => revocationList(issuerFactsOf(issuingCa), issuingSigner, content),
    rootCrl: () => Buffer.from(established.rootCrl),
    encryptionKeys: keyManagementCentre(established.kmcMasterKey),
  };
}

/** Makes the authority at the first run; loads it at every later one. */
export async function openAuthority({ folder, passphrase, urls, now, names = AUTHORITY_NAMES }: AuthorityOptions): Promise<Authority> {
  const vault = await openVault(folder, passphrase);
  return authorityOf(await establish(vault, { urls, names, now: now() }), urls);
}
