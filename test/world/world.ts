/**
 * A process of its own beside jest: starts the world, says where it is in one line of JSON, and ends it when its standard input closes,
 * which also happens when jest is killed.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  databaseUrl,
  findTemporal,
  findTimeSkippingServer,
  freePort,
  initialisePostgres,
  postgresChild,
  Supervisor,
  temporalChild,
  type PostgresCluster,
} from '../../apps/launcher/src/index.js';

const folder = await mkdtemp(join(tmpdir(), 'xinyin-test-'));
// When we are root, Postgres runs as another user, who must pass through.
await chmod(folder, 0o711);
const tell = (text: string): void => console.error(`  test world: ${text}`);
const supervisor = new Supervisor({ logFolder: join(folder, 'logs'), report: tell });
const calledOff = new AbortController();

let ending: Promise<void> | undefined;
function end(): Promise<void> {
  calledOff.abort();
  ending ??= supervisor.stop().then(() => rm(folder, { recursive: true, force: true }));
  return ending;
}
process.stdin.on('end', () => void end().then(() => process.exit(0))).resume();
// The terminal's Ctrl-C reaches this process too; jest's end, which follows, is what stops it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end().then(() => process.exit(0)));

async function startPostgres(): Promise<string> {
  const cluster: PostgresCluster = { folder: join(folder, 'postgres'), port: await freePort(), password: 'test', durable: false };
  await initialisePostgres(cluster, () => undefined);
  await supervisor.start(await postgresChild(cluster));
  return databaseUrl(cluster, 'postgres');
}

async function startTemporal(): Promise<string> {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (address) return address;
  const [{ path }, port, uiPort] = [await findTemporal(tell, calledOff.signal), await freePort(), await freePort()];
  await supervisor.start(temporalChild({ program: path, port, uiPort }));
  return `127.0.0.1:${port}`;
}

/** Its lack fails the tests that need it, and no others. */
async function findTimeSkipping(): Promise<Record<string, string>> {
  try {
    return { XINYIN_TEST_TIME_SKIPPING: (await findTimeSkippingServer(tell, calledOff.signal)).path };
  } catch (error) {
    return { XINYIN_TEST_TIME_SKIPPING_MISSING: error instanceof Error ? error.message : String(error) };
  }
}

try {
  const [database, temporal, timeSkipping] = await Promise.all([startPostgres(), startTemporal(), findTimeSkipping()]);
  console.log(JSON.stringify({ XINYIN_TEST_DATABASE_URL: database, XINYIN_TEST_TEMPORAL_ADDRESS: temporal, ...timeSkipping }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end();
  process.exit(1);
}
