/** Who takes a checkpoint is alone with it until the copy has it too; who verifies sees table and copy between two checkpoints, never amid one. */
import type { DataSource, QueryRunner } from 'typeorm';

const LOCK = `hashtextextended('audit_checkpoint', 17)`;

/** A lock of the session, not of a transaction: it covers what follows the commit. */
export async function holdingCheckpoints<T>(runner: QueryRunner, how: 'alone' | 'with-other-readers', work: () => Promise<T>): Promise<T> {
  const shared = how === 'alone' ? '' : '_shared';
  await runner.query(`SELECT pg_advisory_lock${shared}(${LOCK})`);
  try {
    return await work();
  } finally {
    await runner.query(`SELECT pg_advisory_unlock${shared}(${LOCK})`);
  }
}

/** A connection of its own for as long as the work takes. */
export async function onOneConnection<T>(data: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = data.createQueryRunner();
  await runner.connect();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}
