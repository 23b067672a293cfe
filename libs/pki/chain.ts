/** Path validation, RFC 5280, 6.1, for chains of SM2 certificates. Revocation is asked of the responder, not here. */
import { parseCertificate, type CertificateView } from './certificate-view.js';
import { OID } from './oids.js';
import { refusal } from './refusal.js';
import { sm2Verify } from './sm2.js';

const UNDERSTOOD: readonly string[] = [OID.keyUsage, OID.basicConstraints];

const sameOrUnsaid = (left: Buffer | null, right: Buffer | null) => left === null || right === null || left.equals(right);

/** Whether `issuer` may have signed `certificate` and did: name, key identifier, authority, key usage, signature. */
export function isSignedBy(certificate: CertificateView, issuer: CertificateView): boolean {
  return (
    certificate.issuerDer.equals(issuer.subjectDer) &&
    sameOrUnsaid(certificate.authorityKeyIdentifier, issuer.subjectKeyIdentifier) &&
    issuer.authority !== null &&
    issuer.keyUsage.includes('keyCertSign') &&
    sm2Verify(issuer.publicKey, certificate.tbs, certificate.signature)
  );
}

/** `depth` authorities stand between the certificate and the leaf (RFC 5280, 4.2.1.9). */
function isSoundAt(certificate: CertificateView, depth: number, at: Date): boolean {
  const limit = certificate.authority?.pathLength ?? null;
  return (
    at >= certificate.notBefore &&
    at <= certificate.notAfter &&
    (depth < 1 || limit === null || depth - 1 <= limit) &&
    certificate.criticalExtensions.every((type) => UNDERSTOOD.includes(type))
  );
}

/**
 * Leaf first, root last. The caller must have the root from a place it trusts: a chain proves only that its leaf belongs under its root.
 * @throws XinyinError when a link is broken or a certificate is not valid at that instant
 */
export function verifyChain(chain: readonly Buffer[], { at }: { at: Date }): void {
  if (chain.length === 0) throw refusal('chain');
  const views = chain.map((der) => parseCertificate(der));
  views.forEach((certificate, depth) => {
    const issuer = views[depth + 1] ?? certificate;
    if (!isSoundAt(certificate, depth, at) || !isSignedBy(certificate, issuer)) throw refusal(`chain/${depth}`);
  });
}
