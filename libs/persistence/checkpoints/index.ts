/**
 * Checkpoints of the audit. A chain shows what was changed inside it, and not that its end, or all of it, was cut off: a checkpoint writes
 * down where every chain ended, is signed, joins the checkpoint before, and is copied to a file that lies outside the database.
 */
export { checkpointCopy, type CheckpointCopy } from './copy.js';
export { checkpointFacts, checkpointHash, checkpointLine, headsDigest, type Head } from './facts.js';
export { takeCheckpoint, type CheckpointTaken } from './take.js';
export { verifyAudit, type AuditFinding, type AuditSummary } from './verify.js';
