/** All processes as in service, started by the launcher in a folder and on ports of their own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringUp, freePort, type Running } from '../../../apps/launcher/src/index.js';
import { commonEnvironment, describeInstallation, findRoot, openHome } from '../../../apps/launcher/src/installation.js';

export interface Aside {
  running: Running;
  databaseUrl: string;
  close(): Promise<void>;
}

export async function bringUpAside(name: string): Promise<Aside> {
  const home = mkdtempSync(join(tmpdir(), `xinyin-${name}-`));
  const env = { ...process.env, XINYIN_HOME: home, ...(await freePorts()) };
  const running = await bringUp({ env });
  process.once('SIGINT', () => void running.stop().finally(() => process.exit(130)));
  const installation = describeInstallation(findRoot(), env);
  return {
    running,
    databaseUrl: commonEnvironment(installation, openHome(installation))['DATABASE_URL'] ?? '',
    close: async () => {
      await running.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** VmRSS of each process that the launcher started. */
export function residentMegabytes({ home }: Running): Record<string, number> {
  const { processes } = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as { processes: { name: string; pid: number }[] };
  return Object.fromEntries(
    processes.map(({ name, pid }) => {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return [name, Math.round(Number(kilobytes) / 1024)];
    }),
  );
}

async function freePorts(): Promise<Record<string, string>> {
  const settings = ['API', 'RESPONDER', 'SANDBOX', 'POSTGRES', 'TEMPORAL', 'TEMPORAL_UI'];
  const ports: Record<string, string> = {};
  for (const name of settings) ports[`XINYIN_${name}_PORT`] = String(await freePort());
  return ports;
}
