/** Makes the checkout runnable (packages, build) and then hands over to the command, compiled from apps/launcher/src. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { createSteps } from './steps.mjs';

const COMMANDS = ['start', 'demo', 'reset', 'ops', 'bench', 'simulate'];
const root = resolve(import.meta.dirname, '../../..');

/** @param {string[]} argv the command (`start` when none) and what belongs to it */
export async function launch(argv) {
  const [command = 'start', ...args] = argv;
  if (!COMMANDS.includes(command)) {
    console.error(`Unknown command: ${command}. Known: ${COMMANDS.join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  process.chdir(root);
  // The output of `ops` is read by programs.
  const steps = command === 'ops' ? createSteps(undefined, (line) => process.stderr.write(`${line}\n`)) : createSteps();
  try {
    const program = join(root, 'dist', 'apps', 'launcher', 'src', `${command}.js`);
    // Data must be removable even when the sources do not compile at the moment.
    if (command !== 'reset' || !existsSync(program)) await prepare(steps);
    const { default: run } = await import(pathToFileURL(program).href);
    await run?.({ root, args, steps });
  } catch (error) {
    // A LaunchError is written for the reader of the terminal; of anything else the developer needs the place.
    console.error(`\n${error?.name === 'LaunchError' ? error.message : (error?.stack ?? error)}`);
    process.exitCode = 1;
  }
}

async function prepare(steps) {
  steps.expect(2);
  await steps.step('packages', (tell) => ensureInstalled(root, tell));
  await steps.step('build', (tell) => ensureBuilt(root, tell));
}
