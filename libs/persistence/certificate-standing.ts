/** How a certificate of record stands, in the words of the rules: a suspension is kept as a revocation that may be taken back. */
import type { CertificateStanding } from '#domain';
import type { Certificate } from './entities/issuance.js';

export function standingOf({ state, notAfter, revocationReason }: Certificate): CertificateStanding {
  const held = state === 'revoked' && revocationReason === 'certificateHold';
  return { state: held ? 'held' : state === 'revoked' ? 'revoked' : 'valid', notAfter };
}
