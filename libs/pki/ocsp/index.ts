/**
 * The online certificate status protocol, RFC 6960: requests, responses, a client's checks, and how a responder gets its certificate.
 *
 * A face of its own beside that of `libs/pki`: what a responder needs, and nothing that opens the keys of an authority. Promises: what is
 * read is strict DER or refused; a client's bytes come back signed only as the CertID they are.
 */
export { parseCertificate, type CertificateView } from '../certificate-view.js';
export { createCertificationRequest } from '../certification-request.js';
export { isSignedBy } from '../chain.js';
export { revocationReason, type RevocationReason } from '../revocation-reasons.js';
export { keySigner, type Signer } from '../signer.js';
export { exportPkcs8, generateSm2KeyPair, importPkcs8, publicKeyFromPoint, publicPoint, type Sm2KeyPair } from '../sm2.js';
export { isOfIssuer, type CertId, type CertIdHash } from './cert-id.js';
export { isFromResponder, responderRequestCode, type ResponderRequest } from './enrolment.js';
export { readOcspResponse, type OcspExpectation, type OcspReading } from './read-response.js';
export { ocspRequest, readOcspRequest, type OcspQuestion, type OcspRequest } from './request.js';
export { assertMayRespond } from './responder-certificate.js';
export {
  OCSP_RESPONSE_STATUSES,
  ocspRefusal,
  ocspResponse,
  type CertificateStatus,
  type OcspRefusal,
  type OcspResponseContent,
  type OcspResponseStatus,
  type OcspSigner,
} from './response.js';
