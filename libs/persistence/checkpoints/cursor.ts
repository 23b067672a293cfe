/** Rows of a long answer, some at a time, so that a table of any size can be read in the memory of a few thousand rows. */
import type { EntityManager } from 'typeorm';

const ROWS_AT_A_TIME = 2_000;

export interface Question {
  /** Of the cursor: one of a name at a time in a transaction. */
  name: string;
  sql: string;
  parameters?: readonly (string | number)[];
}

/** Only in a transaction, which also closes the cursor when the reader stops early. */
export async function* rowsOf<Row>(tx: EntityManager, { name, sql, parameters = [] }: Question): AsyncGenerator<Row, undefined> {
  await tx.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, [...parameters]);
  for (;;) {
    const rows = await tx.query<Row[]>(`FETCH ${ROWS_AT_A_TIME} FROM ${name}`);
    if (rows.length === 0) break;
    yield* rows;
  }
  await tx.query(`CLOSE ${name}`);
}
