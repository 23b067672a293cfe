/** `npm run simulate -- --days 365 --cases 20000 --seed 1`: a year of the office in an afternoon; test/simulation says what is real in it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LaunchError } from './failure.js';
import type { CommandContext } from './steps.js';

export default async function simulate(context: CommandContext): Promise<void> {
  const program = join(context.root, 'dist', 'test', 'simulation', 'index.js');
  if (!existsSync(program)) throw new LaunchError('The simulation is not part of this build.');
  const { default: run } = (await import(pathToFileURL(program).href)) as { default: (context: CommandContext) => Promise<void> };
  await run(context);
}
