/**
 * Checkpoints of the audit. Promises: what a checkpoint saw can be proven by anybody who has the authority's certificates; when no chain
 * has moved on since the last one there is no other.
 */
import { takeCheckpoint, type CheckpointTaken } from '#persistence';
import type { PkiDeps } from '../deps.js';

export const auditActivities = ({ data, now, authority, checkpoints }: PkiDeps) => ({
  /** A retry after the commit finds nothing that moved, and makes up for what did not reach the copy. */
  async checkpointAudit(): Promise<CheckpointTaken> {
    return takeCheckpoint(data, { at: now(), sign: (facts) => authority.signCheckpoint(facts), copy: checkpoints });
  },
});
