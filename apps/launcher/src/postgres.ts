/**
 * Postgres from npm: the server's own programs, run by us. (The package's own class installs exit handlers that would end the database
 * before the applications.)
 */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { LaunchError, reasonOf } from './failure.js';
import { commandOf } from './port-holder.js';
import { postgresPrograms } from './postgres-programs.js';
import { runAs, type RunAs } from './postgres-user.js';
import type { Tell } from './steps.js';
import type { ChildSpec } from './supervisor.js';

const run = promisify(execFile);

export interface PostgresCluster {
  folder: string;
  port: number;
  password: string;
  /** False only for tests: what is written may be lost when the machine stops. */
  durable: boolean;
}

const USER = 'postgres';
const WRONG_PASSWORD = '28P01';
const ORPHAN_ENDS_WITHIN_MS = 5_000;

export function databaseUrl({ port, password }: PostgresCluster, database: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

/** Makes the data folder if there is none, and clears away what a killed launcher left. */
export async function initialisePostgres(cluster: PostgresCluster, tell: Tell): Promise<void> {
  const programs = await postgresPrograms();
  await mkdir(dirname(cluster.folder), { recursive: true });
  if (existsSync(join(cluster.folder, 'PG_VERSION'))) return endOrphan(cluster.folder);
  tell('making the database');
  const user = await runAs([programs.initdb, cluster.folder]);
  // Beside its place and renamed when whole: a start that was killed in the middle leaves nothing that looks like a database.
  const unfinished = `${cluster.folder}.unfinished`;
  const passwordFile = `${cluster.folder}.password`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
    if (user.owner) await Promise.all([unfinished, passwordFile].map((path) => chown(path, user.owner!.uid, user.owner!.gid)));
    await runQuietly(programs.initdb, initArguments(unfinished, passwordFile, cluster.durable), user);
    await rename(unfinished, cluster.folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function initArguments(folder: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Built in since Postgres 17: the same order of characters on every machine, whatever locales it has.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...(durable ? [] : ['--no-sync']),
  ];
}

async function runQuietly(program: string, args: string[], user: RunAs): Promise<void> {
  const options: ExecFileOptions = { env: process.env, ...user.owner };
  try {
    await run(...user.command(program, args), user.prefixed ? { env: process.env } : options);
  } catch (cause) {
    throw new LaunchError(`Postgres could not make its data folder: ${reasonOf(cause)}`, { cause });
  }
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  // The standard of 128 MB is smaller than a year of cases with their indexes.
  'shared_buffers=256MB',
  // Our questions are short: compiling one takes longer than asking it.
  'jit=off',
];
/** A statement of a hundred thousand lines writes more than a gigabyte: with room for it no page is written whole twice meanwhile. */
const DURABLE = ['max_wal_size=2GB', 'wal_compression=on'];
/** For tests: what they wrote is nobody's after a crash. */
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** The server as a process to supervise. */
export async function postgresChild(cluster: PostgresCluster): Promise<ChildSpec> {
  const { postgres } = await postgresPrograms();
  const user = await runAs([postgres, cluster.folder]);
  const settings = [...SETTINGS, ...(cluster.durable ? DURABLE : CARELESS)];
  const args = ['-D', cluster.folder, '-p', String(cluster.port), ...settings.flatMap((setting) => ['-c', setting])];
  const [command, commandArgs] = user.command(postgres, args);
  return {
    name: 'postgres',
    command,
    args: commandArgs,
    env: process.env,
    ...(user.prefixed ? {} : user.owner),
    ready: { probe: () => accepts(databaseUrl(cluster, 'postgres')) },
    // Its "fast" shutdown: clients are disconnected and everything is written.
    stopSignal: 'SIGINT',
  };
}

async function accepts(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
    return true;
  } catch (error) {
    // It answers; that our password is wrong is told by whoever uses it next.
    return error instanceof Error && 'code' in error && error.code === WRONG_PASSWORD;
  }
}

/** @throws LaunchError when the database cannot be used */
export async function ensureDatabase(cluster: PostgresCluster, name: string): Promise<void> {
  try {
    await withClient(databaseUrl(cluster, 'postgres'), async (client) => {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    });
  } catch (cause) {
    throw new LaunchError(`The database in ${cluster.folder} cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

/** @throws LaunchError naming the setting */
export async function assertReachable(url: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (cause) {
    throw new LaunchError(`The database named by DATABASE_URL cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that goes away is told by the query; without a listener it would end the launcher.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * After a `kill -9` of the launcher the server may still run, or its postmaster.pid may name a process number that somebody else has by
 * now; Postgres itself would refuse to start in both cases.
 */
async function endOrphan(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const isOurs = async () => (await commandOf(pid)).includes(folder);
  if (await isOurs()) {
    process.kill(pid, 'SIGINT');
    const deadline = performance.now() + ORPHAN_ENDS_WITHIN_MS;
    while ((await isOurs()) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    if (await isOurs()) throw new LaunchError(`An earlier Postgres of this folder does not end: process ${pid}, ${folder}.`);
  }
  await rm(pidFile, { force: true });
}
