/** `npm run bench <name>`: runs a measurement of test/bench, shows it, and keeps it with a description of the machine. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LaunchError } from './failure.js';
import type { CommandContext } from './steps.js';
import { renderTable } from './table.js';

export interface Measurement {
  name: string;
  /** What was measured, by name with its unit, for example `{ 'cases a second': 12.4 }`. */
  figures: Record<string, number | string>;
  notes: string[];
}

export default async function bench({ root, args, steps }: CommandContext): Promise<void> {
  const folder = join(root, 'dist', 'test', 'bench');
  const known = existsSync(folder) ? readdirSync(folder).flatMap((file) => (file.endsWith('.js') ? [file.slice(0, -3)] : [])) : [];
  const [name = ''] = args;
  if (!known.includes(name)) {
    const list = known.length === 0 ? 'There is none yet.' : `There are: ${known.join(', ')}.`;
    throw new LaunchError(`${name === '' ? 'Which measurement? npm run bench <name>' : `There is no measurement "${name}"`}. ${list}`);
  }
  const { default: run } = (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as {
    default: (args: readonly string[]) => Promise<Measurement>;
  };
  const { name: measured, figures, notes } = await run(args.slice(1));
  const machine = describeMachine();
  const values = Object.entries(figures).map(([figure, value]) => [figure, typeof value === 'number' ? value.toLocaleString('en') : value]);
  steps.say(`\n${renderTable([measured, ''], values)}\n`);
  for (const note of notes) steps.say(`  ${note}`);
  steps.say(`  ${machine.cpu}, ${machine.cores} cores, ${machine.memory}, Node.js ${machine.node}, ${machine.os}`);
  const results = join(root, 'test', 'bench', 'results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `${measured}.json`);
  writeFileSync(file, `${JSON.stringify({ name: measured, measuredAt: new Date().toISOString(), machine, figures, notes }, null, 2)}\n`);
  steps.say(`  kept in ${file}`);
}

function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`,
    node: process.versions.node,
    os: `${platform()} ${release()} ${arch()}`,
  };
}
