/**
 * A transfer is told by the bank, and at a window by its slip, perhaps at the same moment: whoever decides credits and whoever takes a slip wait
 * for each other, so that the second sees what the first has done. Asked before any row is held.
 */
import type { EntityManager } from 'typeorm';

/** Held to the end of the transaction. Deciders do not wait for each other. */
export async function holdSlips(tx: EntityManager, why: 'deciding' | 'taking'): Promise<void> {
  const lock = why === 'taking' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await tx.query(`SELECT ${lock}(hashtextextended('slips-of-transfers', 0))`);
}
