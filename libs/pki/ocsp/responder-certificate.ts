/** Whether a certificate lets its key sign OCSP responses in place of an authority: RFC 6960, 4.2.2.2. */
import type { CertificateView } from '../certificate-view.js';
import { isSignedBy } from '../chain.js';
import { OID } from '../oids.js';
import { refusal } from '../refusal.js';

const UNDERSTOOD: readonly string[] = [OID.keyUsage, OID.basicConstraints, OID.extendedKeyUsage];

/** @throws XinyinError whose field says what is missing */
export function assertMayRespond(responder: CertificateView, issuer: CertificateView, at: Date): void {
  const conditions = {
    // Issued directly by the authority that issued the certificate asked about (4.2.2.2).
    issuer: isSignedBy(responder, issuer),
    extendedKeyUsage: responder.extendedKeyUsage.includes(OID.ocspSigning),
    keyUsage: responder.keyUsage.includes('digitalSignature'),
    validity: at >= responder.notBefore && at <= responder.notAfter,
    // Without it the status of the responder itself would have to be asked for first (4.2.2.2.1).
    noCheck: responder.ocspNoCheck,
    criticalExtensions: responder.criticalExtensions.every((type) => UNDERSTOOD.includes(type)),
  };
  const [missing] = Object.entries(conditions).find(([, holds]) => !holds) ?? [];
  if (missing !== undefined) throw refusal(`ocsp/responder/${missing}`);
}
