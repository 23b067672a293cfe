/** What a connection keeps of what it is asked: statements about one thing, and never those about whole sets. */
import { createDataSource } from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';

let data: DataSource;
beforeAll(async () => {
  data = createDataSource({ url: await freshDatabase(), applicationName: 'spec', poolSize: 1 });
  await data.initialize();
}, 30_000);
afterAll(() => data.destroy());

/** Of the one connection there is. */
const prepared = (text: string): Promise<{ executions: string }[]> =>
  data.query(`SELECT generic_plans + custom_plans AS executions FROM pg_prepared_statements WHERE statement = '${text}'`);

it('a question is prepared once and asked again, also after it has failed', async () => {
  const question = 'SELECT 12 / $1::int AS share';
  await expect(data.query(question, [3])).resolves.toEqual([{ share: 4 }]);
  await expect(data.query(question, [0])).rejects.toThrow('division by zero');
  await expect(data.query(question, [4])).resolves.toEqual([{ share: 3 }]);
  // Those that were answered.
  await expect(prepared(question)).resolves.toEqual([{ executions: '2' }]);
});

it('one that Postgres cannot read is refused each time, and the connection goes on', async () => {
  const mistaken = 'SELECT $1::int FROM nowhere';
  for (const _ of [1, 2]) await expect(data.query(mistaken, [1])).rejects.toThrow('"nowhere" does not exist');
  await expect(data.query('SELECT $1::int AS n', [7])).resolves.toEqual([{ n: 7 }]);
});

it.each(['SELECT 1 AS found WHERE 2 = ANY($1::int[])', 'SELECT n AS found FROM unnest($1::int[]) AS n WHERE n = 2'])(
  'a question about a set is planned for that set: %s',
  async (question) => {
    await expect(data.query(question, [[1, 2, 3]])).resolves.toHaveLength(1);
    await expect(prepared(question)).resolves.toEqual([]);
  },
);
