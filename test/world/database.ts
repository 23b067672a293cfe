/** A database of a test's own on the server of the run. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { world } from './index.js';

/** Makes an empty database and returns its address. It goes with the server at the end of the run. */
export async function freshDatabase(): Promise<string> {
  const { databaseUrl } = world();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}
