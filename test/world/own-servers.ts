/** Servers of a test's own, which it may stop and start again; their data stays. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  databaseUrl,
  findTemporal,
  freePort,
  initialisePostgres,
  postgresChild,
  Supervisor,
  temporalChild,
  type ChildSpec,
} from '../../apps/launcher/src/index.js';

export interface OwnServer {
  /** A database's URL, or host and port. */
  address: string;
  /** Asks it to end, as an operator would, and waits until it has. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would; what watches over it starts it again. */
  crash(): void;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** It keeps what it has committed through a crash, unlike the run's own, which trades that for speed. */
export async function ownPostgres(): Promise<OwnServer> {
  const folder = await ownFolder('postgres');
  const cluster = { folder: join(folder, 'data'), port: await freePort(), password: 'test', durable: true };
  await initialisePostgres(cluster, () => undefined);
  return supervised(folder, databaseUrl(cluster, 'postgres'), await postgresChild(cluster));
}

export async function ownTemporal(): Promise<OwnServer> {
  const folder = await ownFolder('temporal');
  const { path } = await findTemporal(() => undefined);
  const [port, uiPort] = [await freePort(), await freePort()];
  return supervised(folder, `127.0.0.1:${port}`, temporalChild({ program: path, port, uiPort, folder: join(folder, 'data') }));
}

async function ownFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `xinyin-own-${name}-`));
  // When we are root, Postgres runs as another user, who must pass through.
  await chmod(folder, 0o711);
  return folder;
}

async function supervised(folder: string, address: string, spec: ChildSpec): Promise<OwnServer> {
  let supervisor: Supervisor;
  const start = async () => {
    supervisor = new Supervisor({ logFolder: join(folder, 'logs'), report: () => undefined });
    await supervisor.start(spec);
  };
  await start();
  return {
    address,
    start,
    stop: () => supervisor.stop(),
    crash: () => supervisor.killAll(),
    close: async () => {
      await supervisor.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
