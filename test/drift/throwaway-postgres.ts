/** A Postgres for a few seconds, gone afterwards. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseUrl, freePort, initialisePostgres, postgresChild, Supervisor } from '../../apps/launcher/src/index.js';

export async function throwawayPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'xinyin-drift-'));
  // When we are root, Postgres runs as another user, who must pass through.
  await chmod(folder, 0o711);
  const supervisor = new Supervisor({ logFolder: join(folder, 'logs'), report: (line) => console.error(line) });
  const cluster = { folder: join(folder, 'postgres'), port: await freePort(), password: 'drift', durable: false };
  await initialisePostgres(cluster, () => undefined);
  await supervisor.start(await postgresChild(cluster));
  const stop = async () => {
    await supervisor.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: databaseUrl(cluster, 'postgres'), stop };
}
