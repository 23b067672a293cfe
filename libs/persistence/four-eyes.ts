/** Who has had a case in hand, by its audit: what nobody changes, and what the database asks itself before it takes a decision. */
import { handsOn } from '#domain';
import { In, type EntityManager } from 'typeorm';
import { AuditEntry } from './entities/application.js';

/** Staff ids of those who decide on nothing in this case (four eyes). */
export async function handsIn(tx: EntityManager, applicationId: string): Promise<string[]> {
  const where = { subject: `application/${applicationId}`, actorKind: 'staff', action: In([...handsOn]) };
  const acts = await tx.find(AuditEntry, { where, select: { subject: true, seq: true, actorId: true }, order: { seq: 'ASC' } });
  return [...new Set(acts.map(({ actorId }) => actorId))];
}
