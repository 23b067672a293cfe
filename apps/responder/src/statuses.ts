/** The state of certificates, as the database has it this moment. */
import { AuthorityCertificate, Certificate } from '#persistence';
import { isSignedBy, parseCertificate, revocationReason, type CertificateStatus, type CertificateView } from '#pki/ocsp';
import { In, type DataSource } from 'typeorm';

const SELECTED = { serial: true, state: true, revokedAt: true, revocationReason: true, notBefore: true } as const;

/** A prepared row is a number that was taken, not a certificate: it stays unknown, never good (RFC 6960, 2.2). */
function statusOf({ state, revokedAt, notBefore, revocationReason: reason }: Certificate): CertificateStatus | null {
  if (state === 'valid') return { state: 'good' };
  if (state === 'revoked') return { state: 'revoked', at: revokedAt ?? notBefore, reason: revocationReason(reason) };
  return null;
}

export const certificateStatuses =
  (data: DataSource) =>
  async (issuer: CertificateView, serials: readonly string[]): Promise<ReadonlyMap<string, CertificateStatus>> => {
    const rows = await data.manager.find(Certificate, { select: SELECTED, where: { serial: In([...serials]) } });
    const found = new Map<string, CertificateStatus>();
    for (const row of rows) {
      const status = statusOf(row);
      if (status) found.set(row.serial, status);
    }
    if (found.size < serials.length) {
      // The issuing CA has one certificate that is nobody's case and names this responder too.
      const row = await data.manager.findOneBy(AuthorityCertificate, { role: 'seal-maker' });
      const sealMaker = row && parseCertificate(row.der);
      if (sealMaker && serials.includes(sealMaker.serial) && isSignedBy(sealMaker, issuer)) found.set(sealMaker.serial, { state: 'good' });
    }
    return found;
  };
