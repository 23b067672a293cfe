/** Fails when the entities and the migrated schema differ. Starts a Postgres of its own unless one is named by XINYIN_TEST_DATABASE_URL. */
import 'reflect-metadata';
import { createDataSource, schemaDrift } from '#persistence';
import { throwawayPostgres } from './throwaway-postgres.js';

const { url, stop } = await throwawayPostgres();
try {
  const data = createDataSource({ url, applicationName: 'drift', poolSize: 2 });
  await data.initialize();
  await data.runMigrations();
  const drift = await schemaDrift(data);
  await data.destroy();
  if (drift.length > 0) {
    console.error(`The entities ask for what no migration made:\n  ${drift.join('\n  ')}`);
    process.exitCode = 1;
  }
} finally {
  await stop();
}
