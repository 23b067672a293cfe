/**
 * What a database needs at least for a statement: COPY of its rows and one join that pays the orders. The tables have the columns, checks and
 * indexes of ours and no triggers. Files lie where the server can write them, and are gone afterwards.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';

export interface BareImport {
  /** Seconds for all rows that the import has left, and the join. */
  allRows: number;
  /** Seconds for the lines of the statement alone, and the join. */
  linesAlone: number;
}

const TABLES = ['bank_statement_entry', 'bank_credit', 'ledger_posting', 'ledger_line', 'audit_entry'];

export async function bareImport(data: DataSource, sha256: string): Promise<BareImport> {
  const folder = await mkdtemp(join(tmpdir(), 'xinyin-bare-'));
  // Postgres runs as another user when we are root.
  await chmod(folder, 0o777);
  const runner = data.createQueryRunner();
  try {
    for (const table of TABLES) {
      await runner.query(`COPY ${table} TO '${folder}/${table}'`);
      await runner.query(`CREATE TABLE bare_${table} (LIKE ${table} INCLUDING ALL)`);
    }
    await runner.query(`COPY (SELECT * FROM bank_statement_entry WHERE statement_sha256 = '${sha256}') TO '${folder}/lines'`);
    await runner.query(`CREATE TABLE bare_line (LIKE bank_statement_entry INCLUDING ALL)`);
    await runner.query(`CREATE TABLE bare_order (LIKE fee_order INCLUDING ALL)`);
    await runner.query(`INSERT INTO bare_order SELECT * FROM fee_order`);
    await runner.query(`UPDATE bare_order SET status = 'open', received_fen = 0, paid_at = NULL`);
    await runner.query('VACUUM ANALYZE bare_order');
    const linesAlone = await timed(async () => {
      await runner.query(`COPY bare_line FROM '${folder}/lines'`);
      await runner.query(`SELECT count(*) FROM bare_line e JOIN bare_order o ON ${PAYS}`);
    });
    const allRows = await timed(async () => {
      for (const table of TABLES) await runner.query(`COPY bare_${table} FROM '${folder}/${table}'`);
      await runner.query(
        `UPDATE bare_order SET received_fen = paid.amount_fen, status = 'paid', paid_at = now()
         FROM (SELECT o.id, max(e.amount_fen) AS amount_fen FROM bare_bank_credit e JOIN bare_order o ON ${PAYS} AND e.amount_fen >= o.amount_fen GROUP BY o.id) paid
         WHERE bare_order.id = paid.id`,
      );
    });
    return { allRows, linesAlone };
  } finally {
    await runner.release();
    await rm(folder, { recursive: true, force: true });
  }
}

const PAYS = `o.payer_key = e.payer_name`;

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round((performance.now() - began) / 10) / 100;
}
