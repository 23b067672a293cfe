/** What a clerk enters makes them one of the case's hands (four eyes); an applicant is known by the submission. */
import { appendAudit, type AuditRecord } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../platform/access.js';
import type { ApiContext } from '../platform/context.js';

export async function noteHand(
  tx: EntityManager,
  { now }: Pick<ApiContext, 'now'>,
  caller: Principal,
  applicationId: string,
  act: Pick<AuditRecord, 'action' | 'details' | 'onceKey'>,
): Promise<void> {
  if (caller.kind === 'applicant') return;
  await appendAudit(tx, { subject: `application/${applicationId}`, at: now(), actor: { kind: 'staff', id: caller.staffId }, ...act });
}
