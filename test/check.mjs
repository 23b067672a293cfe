/** `npm run check`: everything that can be judged without running the product. Every step runs, whatever the others say. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureInstalled } from '../apps/launcher/prepare/install.mjs';
import { createSteps } from '../apps/launcher/prepare/steps.mjs';

const root = resolve(import.meta.dirname, '..');
const FROM_SOURCE = ['--conditions=source', '--import', '@swc-node/register/esm-register'];
const LAYERS = ['apps', 'workflows', 'activities', 'libs', 'test'];
/** Two, because that is how many cores a small machine has. */
const SIDE_BY_SIDE = 2;

const checks = [
  { name: 'lint', program: 'node_modules/eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { name: 'types', program: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json', '--noEmit'] },
  { name: 'format', program: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '.', '--log-level', 'warn'] },
  {
    name: 'layers',
    program: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.cjs', ...LAYERS.filter((folder) => existsSync(join(root, folder)))],
  },
  { name: 'migrations', node: FROM_SOURCE, program: 'test/drift/migrations.ts', args: [] },
  { name: 'businesses', node: FROM_SOURCE, program: 'test/drift/businesses.ts', args: [] },
  { name: 'openapi', node: FROM_SOURCE, program: 'test/drift/openapi.ts', args: [] },
];

const steps = createSteps();
steps.expect(checks.length + 1);
await steps.step('packages', (tell) => ensureInstalled(root, tell));
const failures = [];
const queue = [...checks];
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));

for (const { name, output } of failures) console.log(`\n── ${name} ${'─'.repeat(60)}\n${output.trim()}`);
console.log(`\nchecks: ${checks.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function work() {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const { name, ...how } = check;
    await steps
      .step(name, async (tell) => {
        const { ok, output } = await run(how);
        if (!ok) throw new Error(output);
        tell('passed');
      })
      .catch((error) => failures.push({ name, output: error.message }));
  }
}

function run({ node = [], program, args }) {
  if (!existsSync(join(root, program))) return { ok: false, output: `${program} does not exist: there is nothing that checks this.` };
  return new Promise((settle) => {
    const child = spawn(process.execPath, [...node, program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => settle({ ok: false, output: error.message }));
    child.once('close', (code, signal) => settle({ ok: code === 0, output: output || `ended by ${signal ?? `exit code ${code}`}` }));
  });
}
