/** Before the `system` tests: starts the world and tells the tests, by the environment, where it is. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');
const program = ['--conditions=source', '--import', '@swc-node/register/esm-register', 'test/world/world.ts'];

export default async function setup() {
  // Jest's own flags are not for it; a group of its own, so that Ctrl-C leaves it time to clean up.
  const { NODE_OPTIONS, ...env } = process.env;
  const child = spawn(process.execPath, program, { cwd: root, env, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  globalThis.testWorld = child;
  const addresses = await new Promise((settle, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => settle(JSON.parse(line)));
    child.once('exit', () => reject(new Error('The world of the tests could not be started.')));
  });
  Object.assign(process.env, addresses);
}
