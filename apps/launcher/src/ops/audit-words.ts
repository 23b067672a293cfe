/** What `apps/worker/src/verify-audit.ts` tells, and the words for it. */
import type { AuditFinding, AuditSummary as Summary } from '#persistence';

export type AuditSummary = Omit<Summary, 'lastAt'> & { lastAt: string | null };
export type AuditLine = { progress: { checked: number; of: number } } | { finding: AuditFinding } | { summary: AuditSummary };

/** Our own program of the same build wrote it. */
export const readAuditLine = (line: string): AuditLine => JSON.parse(line) as AuditLine;

const OF_CHAIN = {
  changed: 'was changed, or does not join the one before',
  missing: 'is missing',
  rewritten: 'is not the one that a checkpoint saw: the chain was rewritten here or before',
} as const;
const OF_CHECKPOINT = {
  missing: 'is missing',
  changed: 'was changed, or does not join the one before',
  heads: 'does not fit the ends of chains that are kept for it (audit_checkpoint_head)',
  unsigned: 'is not signed by the authority',
} as const;
const OF_COPY = { missing: 'is not in checkpoints.jsonl', changed: 'is another one in checkpoints.jsonl' } as const;

export function findingInWords(finding: AuditFinding): string {
  if (finding.of === 'chain') return `broken: ${finding.subject} at entry ${finding.seq}, which ${OF_CHAIN[finding.what]}`;
  if (finding.of === 'checkpoint') return `broken: checkpoint ${finding.number}, which ${OF_CHECKPOINT[finding.what]}`;
  return `broken: checkpoint ${finding.number}, which ${OF_COPY[finding.what]}`;
}

export function summaryInWords({ chains, entries, checkpoints, lastAt, uncovered, findings }: AuditSummary): string {
  const looked = `${chains} chains, ${entries} entries, ${checkpoints} checkpoints`;
  if (findings > 0) return `${looked}: ${findings} broken`;
  const last = lastAt === null ? 'no checkpoint yet' : `last checkpoint ${lastAt}`;
  return `${looked}: all hold; ${last}, ${uncovered} entries since`;
}
