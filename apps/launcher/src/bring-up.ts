/** Everything on one machine, in order: what needs nothing side by side, then the data, then the applications side by side. */
import { join } from 'node:path';
import { applicationChildren, sandboxChild } from './applications.js';
import { LaunchError } from './failure.js';
import {
  apiDocs,
  DATABASE,
  describeInstallation,
  findRoot,
  openHome,
  postgresCluster,
  type Installation,
  type Urls,
} from './installation.js';
import { assertPortsFree } from './ports.js';
import { commandOf } from './port-holder.js';
import { assertReachable, ensureDatabase, initialisePostgres, postgresChild } from './postgres.js';
import { knownAccounts, prepareData, type DemoAccount } from './prepare-data.js';
import { clearLeftovers, findLauncher, removeNote, untilHealthy, writeNote } from './running.js';
import type { Secrets } from './secrets.js';
import { quietSteps, type Steps } from './steps.js';
import { Supervisor } from './supervisor.js';
import { assertTemporalReachable, findTemporal, temporalChild } from './temporal-server.js';

export interface BringUpOptions {
  steps?: Steps;
  /** Stops what is being started. */
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

export interface Running {
  home: string;
  urls: Urls;
  accounts: DemoAccount[];
  /** True when another launcher had already started it; `stop` then leaves it alone. */
  reused: boolean;
  stop(): Promise<void>;
}

/** Starts what is not running. @throws LaunchError in words for the terminal; then nothing is left running */
export async function bringUp({ steps = quietSteps, signal, env = process.env }: BringUpOptions = {}): Promise<Running> {
  const installation = describeInstallation(findRoot(), env);
  const { home } = installation;
  const launcher = await findLauncher(home);
  if (launcher) {
    await untilHealthy(launcher);
    const urls = { ...launcher.urls, apiDocs: apiDocs(launcher.urls.api) };
    return { home, urls, accounts: knownAccounts(home), reused: true, stop: async () => undefined };
  }
  const supervisor = await takeHome(installation, steps);
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    removeNote(home);
  };
  signal?.addEventListener('abort', () => void supervisor.stop());
  try {
    const accounts = await startAll({ installation, supervisor, steps, signal });
    return { home, urls: installation.urls, accounts, reused: false, stop };
  } catch (error) {
    await stop();
    throw signal?.aborted ? new LaunchError('Stopped before it was ready.') : error;
  }
}

/** From here on the folder is ours: what was left behind is gone, the ports are free, and `run.json` names us. */
async function takeHome(installation: Installation, steps: Steps): Promise<Supervisor> {
  const { home, root, ports, served, urls } = installation;
  const left = await clearLeftovers(home);
  if (left.length > 0) steps.say(`  Ended what an earlier start had left running: ${left.join(', ')}.`);
  await assertPortsFree(served, ports);
  openHome(installation);
  const note = { pid: process.pid, command: await commandOf(process.pid), root, startedAt: new Date().toISOString(), urls };
  writeNote(home, { ...note, processes: [] });
  return new Supervisor({
    logFolder: join(home, 'logs'),
    report: (line) => steps.say(`  ! ${line}`),
    changed: (processes) => writeNote(home, { ...note, processes: [...processes] }),
  });
}

interface Start {
  installation: Installation;
  supervisor: Supervisor;
  steps: Steps;
  signal?: AbortSignal;
}

async function startAll({ installation, supervisor, steps, signal }: Start): Promise<DemoAccount[]> {
  const secrets = openHome(installation);
  const applications = applicationChildren(installation, secrets);
  steps.expect(4 + applications.length);
  const child = (spec: (typeof applications)[number], where: string) =>
    steps.step(spec.name, async (tell) => {
      tell(`starting, ${where}`);
      await supervisor.start(spec);
      tell(`ready, ${where}`);
    });
  await Promise.all([
    startPostgres({ installation, supervisor, steps }, secrets),
    startTemporal({ installation, supervisor, steps, signal }),
    child(sandboxChild(installation, secrets), installation.urls.sandbox),
  ]);
  signal?.throwIfAborted();
  const accounts = await steps.step('data', (tell) => prepareData(installation, secrets, tell, signal));
  await Promise.all(
    applications.map((spec) => child(spec, 'url' in spec.ready ? new URL(spec.ready.url).origin : (spec.args.at(-1) ?? ''))),
  );
  return accounts;
}

async function startPostgres({ installation, supervisor, steps }: Start, secrets: Secrets): Promise<void> {
  const { external, ports } = installation;
  await steps.step('postgres', async (tell) => {
    if (external.databaseUrl) {
      tell('the one named by DATABASE_URL');
      return assertReachable(external.databaseUrl);
    }
    const cluster = postgresCluster(installation, secrets);
    await initialisePostgres(cluster, tell);
    tell(`starting, 127.0.0.1:${ports.postgres}`);
    await supervisor.start(await postgresChild(cluster));
    await ensureDatabase(cluster, DATABASE);
    tell(`ready, 127.0.0.1:${ports.postgres}`);
  });
}

async function startTemporal({ installation, supervisor, steps, signal }: Start): Promise<void> {
  const { external, home, ports } = installation;
  await steps.step('temporal', async (tell) => {
    if (external.temporalAddress) {
      tell('the one named by TEMPORAL_ADDRESS');
      return assertTemporalReachable(external.temporalAddress);
    }
    tell('looking for the server');
    const { path, origin } = await findTemporal(tell, signal);
    tell(`starting, ${origin}`);
    await supervisor.start(
      temporalChild({
        program: path,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        folder: join(home, 'temporal'),
        codecEndpoint: `${installation.urls.api}/api/v1/codec`,
      }),
    );
    tell(`ready, ${origin}, 127.0.0.1:${ports.temporal}`);
  });
}
