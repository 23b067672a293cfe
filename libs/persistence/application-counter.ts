/** Running numbers without gaps: the counter's row is locked until the submission's transaction ends, and rolls back with it. */
import type { EntityManager } from 'typeorm';

export async function nextRunningNumber(tx: EntityManager, prefix: string, year: number): Promise<number> {
  const [row]: { last_number: number }[] = await tx.query(
    `INSERT INTO application_counter AS c (prefix, year, last_number) VALUES ($1, $2, 1)
     ON CONFLICT (prefix, year) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number`,
    [prefix, year],
  );
  if (!row) throw new Error('the application counter returned no row');
  return row.last_number;
}
