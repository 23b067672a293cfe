/**
 * A year of the office in an afternoon: `npm run simulate -- --days 365 --cases 20000 --seed 1`. People, bank, platform, courier and outages are
 * played by chance from one seed on a simulated clock; every rule is asked of libs/domain, every step is recorded by the office's own activities in a
 * real Postgres, and a sample lives through the real workflows. Promises: the same seed gives the same page and charts to the byte; the invariants
 * are checked on what stands in the database, the Fridays by a second implementation of their rule; a finding ends it with an error.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findTimeSkippingServer, LaunchError, type CommandContext } from '../../apps/launcher/src/index.js';
import { throwawayPostgres } from '../drift/throwaway-postgres.js';
import { workflowBundle } from '../world/bundle.js';
import { readOptions } from './options.js';
import { chartsOf } from './report/charts.js';
import { pageOf } from './report/page.js';
import { findingsOf, summaryOf } from './report/summary.js';
import { runYear } from './run.js';

/** Beside the compiled simulation; where it runs from sources, the bundle is made anew. */
const BUNDLE = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

export default async function simulate({ root, args, steps }: CommandContext): Promise<void> {
  const options = readOptionsInWords(args);
  steps.expect(options.throughWorkflows > 0 ? 4 : 3);
  const postgres = await steps.step('postgres', () => throwawayPostgres());
  process.once('SIGINT', () => void postgres.stop().finally(() => process.exit(130)));
  try {
    const databases = { year: await newDatabase(postgres.url, 'year'), sample: await newDatabase(postgres.url, 'sample') };
    const bundlePath = async () => {
      process.env['XINYIN_TEST_TIME_SKIPPING'] = (await findTimeSkippingServer(() => undefined)).path;
      return existsSync(BUNDLE) ? BUNDLE : workflowBundle();
    };
    const simulated = await runYear({ ...options, databases, bundlePath, step: (name, work) => steps.step(name, work) });
    steps.say(summaryOf(simulated));
    const folder = resolve(root, options.out);
    mkdirSync(join(folder, 'simulation'), { recursive: true });
    writeFileSync(join(folder, 'simulation.md'), pageOf(options, simulated));
    for (const [name, svg] of Object.entries(chartsOf(simulated.figures))) writeFileSync(join(folder, 'simulation', name), svg);
    steps.say(`  written: ${join(options.out, 'simulation.md')} and its charts`);
    const findings = findingsOf(simulated);
    if (findings.length > 0) throw new LaunchError(`The year is not as it should be:\n${findings.slice(0, 40).join('\n')}`);
  } finally {
    await postgres.stop();
  }
}

function readOptionsInWords(args: readonly string[]) {
  try {
    return readOptions(args);
  } catch (error) {
    throw error instanceof RangeError ? new LaunchError(error.message) : error;
  }
}

async function newDatabase(maintenance: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: maintenance });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(maintenance);
  url.pathname = `/${name}`;
  return url.href;
}
