/** Ties the audit's chains together, every hour by the Schedule: what is cut off or rewritten later than that is found. */
import type { CheckpointResult } from '../contract/index.js';
import { checkpointing } from '../stages/proxies.js';

export async function checkpointAudit(): Promise<CheckpointResult> {
  return checkpointing.checkpointAudit();
}
