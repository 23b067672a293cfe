/**
 * SM2 keys, requests, certificates, revocation lists and key escrow of the certificate authority.
 *
 * Promises: a private key that leaves this folder is loaded as SM2 and signs with the standard signer id; nothing is signed into a
 * certificate that the lints did not pass; the bytes signed are the bytes linted; the root key is in memory only while the root signs.
 * Refusals are XinyinError: INPUT_INVALID naming the field, CERTIFICATE_LINT naming the lints, ISSUANCE_MISMATCH.
 */
export * from './sm2.js';
export { sm2Decrypt, sm2Encrypt } from './sm2-encryption.js';
export { openAuthority, type Authority, type AuthorityOptions, type IssuedProfile } from './authority.js';
export { parseCertificate, type CertificateView } from './certificate-view.js';
export { createCertificationRequest, readCertificationRequest, type VerifiedRequest } from './certification-request.js';
export { verifyChain } from './chain.js';
export { checkpointKey, verifyCheckpoint } from './checkpoint.js';
export type { CrlContent, RevokedCertificate } from './crl.js';
export type { NameParts, SubjectName } from './distinguished-name.js';
export { openEnvelopedKey } from './enveloped-key.js';
export type { IssuedCertificate } from './issue.js';
export type { EncryptionKeys } from './key-escrow.js';
export type { CertificateRequest, Linted } from './linted.js';
export { LINTS, type Lint } from './lints/index.js';
export {
  isFromResponder,
  ocspRequest,
  readOcspResponse,
  responderRequestCode,
  type CertificateStatus,
  type OcspExpectation,
  type OcspReading,
} from './ocsp/index.js';
export { fromPem, toPem, type PemLabel } from './pem.js';
export { readRevocationList, type RevocationListView } from './read-crl.js';
export { KEY_USAGES, longestFrom, PROFILES, type KeyUsage, type Profile, type ProfileName } from './profiles.js';
export { REVOCATION_REASONS, reasonOfCode, revocationReason, type RevocationReason } from './revocation-reasons.js';
export type { IssuerUrls } from './tbs-certificate.js';
