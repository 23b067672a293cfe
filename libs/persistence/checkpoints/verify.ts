/** Verifies everything: all chains, all checkpoints, their signatures, the copy. Reads only, and changes nothing that it finds. */
import type { DataSource, QueryRunner } from 'typeorm';
import type { CheckpointCopy } from './copy.js';
import type { AuditFinding } from './finding.js';
import { holdingCheckpoints, onOneConnection } from './hold.js';
import { verifyChains } from './verify-chains.js';
import { verifyCheckpoints } from './verify-checkpoints.js';

export type { AuditFinding } from './finding.js';

export interface AuditSummary {
  chains: number;
  entries: number;
  checkpoints: number;
  /** When the last one was taken. */
  lastAt: Date | null;
  /** Entries that no checkpoint covers yet: a chain cut among these would not be found. Means something only when nothing was found. */
  uncovered: number;
  findings: number;
}

export interface VerificationMeans {
  copy: Pick<CheckpointCopy, 'lines'>;
  /** By the authority's key, which must come from elsewhere than this database. */
  signatureHolds: (facts: Buffer, signature: Buffer) => boolean;
  report: (finding: AuditFinding) => void;
  progress?: (checked: number, of: number) => void;
}

const PROGRESS_EVERY = 1_000;

export async function verifyAudit(data: DataSource, means: VerificationMeans): Promise<AuditSummary> {
  return onOneConnection(data, async (runner) => {
    const lines = await holdingCheckpoints(runner, 'with-other-readers', () => beginView(runner, means.copy));
    try {
      return await verifyView(runner, lines, means);
    } finally {
      await runner.rollbackTransaction();
    }
  });
}

/** From here on the database stands still for us, and the copy is as long as it was: what is appended meanwhile can raise no alarm. */
async function beginView(runner: QueryRunner, copy: VerificationMeans['copy']): Promise<AsyncIterable<string>> {
  await runner.startTransaction('REPEATABLE READ');
  try {
    await runner.query('SET TRANSACTION READ ONLY');
    // The view is that of the first question.
    await runner.query('SELECT FROM audit_checkpoint LIMIT 1');
    return await copy.lines();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

async function verifyView(runner: QueryRunner, lines: AsyncIterable<string>, means: VerificationMeans): Promise<AuditSummary> {
  const { signatureHolds, progress } = means;
  let findings = 0;
  const report = (finding: AuditFinding) => {
    findings += 1;
    means.report(finding);
  };
  const { manager } = runner;
  const [{ count }] = (await runner.query('SELECT count(*) FROM audit_entry')) as [{ count: string }];
  const { checkpoints, last } = await verifyCheckpoints(manager, { lines, signatureHolds, report });
  const { entries, chains } = await verifyChains(manager, {
    report,
    progress: (checked) => void (checked % PROGRESS_EVERY === 0 && progress?.(checked, Number(count))),
  });
  progress?.(entries, Number(count));
  return { chains, entries, checkpoints, lastAt: last.at, uncovered: entries - last.entries, findings };
}
