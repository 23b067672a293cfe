/**
 * A Postgres and a Temporal server for one measurement, named by the environment as in the tests, and gone afterwards. Both keep what they
 * are told on disk, as in service.
 */
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
} from '../../../apps/launcher/src/index.js';

export async function throwawayWorld(): Promise<{ stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'xinyin-bench-'));
  // When we are root, Postgres runs as another user, who must pass through.
  await chmod(folder, 0o711);
  const supervisor = new Supervisor({ logFolder: join(folder, 'logs'), report: (line) => console.error(line) });
  const cluster = { folder: join(folder, 'postgres'), port: await freePort(), password: 'bench', durable: true };
  await initialisePostgres(cluster, () => undefined);
  await supervisor.start(await postgresChild(cluster));
  const { path } = await findTemporal(() => undefined);
  const port = await freePort();
  await supervisor.start(temporalChild({ program: path, port, uiPort: await freePort(), folder: join(folder, 'temporal') }));
  Object.assign(process.env, {
    XINYIN_TEST_DATABASE_URL: databaseUrl(cluster, 'postgres'),
    XINYIN_TEST_TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
  });
  return {
    stop: async () => {
      await supervisor.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
