/**
 * Keys, certificates, seal, token: station (key pair, request) → pki (certificates, envelope, seal) → station (write) → documents (label).
 * Every step finds what an earlier attempt left and goes on from there, so a crash anywhere issues nothing twice.
 */
import type { Case } from './case.js';
import { documents, pki, records, station } from './proxies.js';

export async function issue(current: Case): Promise<void> {
  const { applicationId, definition } = current;
  // What was revoked or suspended meanwhile is not carried on under a new number; a reissue has revoked it itself, or was refused there.
  if (definition.about === 'certificate' && definition.issues?.token === 'same')
    await current.attempt(() => records.requireSubject({ applicationId }));
  current.beginIssuing();
  const until = current.deadline('issuance');
  const { count } = await records.startIssuance({ applicationId, until: until.toISOString() });
  current.enter('issuance', 'system', until);
  // One after the other: a desk has one hand, and a fault shows at the first token.
  for (let index = 1; index <= count; index += 1) {
    await current.attempt(() => station.makeSigningKey({ applicationId, index }));
    await current.attempt(() => pki.issueCertificates({ applicationId, index }));
    await current.attempt(() => pki.makeSeal({ applicationId, index }));
    await current.attempt(() => station.writeToken({ applicationId, index }));
    await current.attempt(() => documents.printTokenLabel({ applicationId, index }));
  }
}
