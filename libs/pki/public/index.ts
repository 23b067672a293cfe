/**
 * What anybody may do with the public half: read certificates and requests, check signatures. A face of its own beside that of `libs/pki`,
 * for processes that must not be able to reach what opens the keys of an authority.
 */
export { parseCertificate, type CertificateView } from '../certificate-view.js';
export { readCertificationRequest, type VerifiedRequest } from '../certification-request.js';
export { fromPem, toPem } from '../pem.js';
export { exportSpki, sm2Verify } from '../sm2.js';
