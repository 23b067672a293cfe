/**
 * `npm test`: every test, the fast project first; ends with `N passed, N failed`. Arguments are patterns of paths.
 * A file that could not run counts as one failed, and so does a run in which nothing was tested.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureInstalled } from '../apps/launcher/prepare/install.mjs';
import { createSteps } from '../apps/launcher/prepare/steps.mjs';

const root = resolve(import.meta.dirname, '..');
const patterns = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'xinyin-results-'));
const running = new Set();
// Jest gets the terminal's Ctrl-C itself; a signal to us alone must reach it, so that the world of the tests is taken down.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running.forEach((child) => child.kill(signal)));

const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  await createSteps().step('packages', (tell) => ensureInstalled(root, tell));
  for (const project of ['unit', 'system']) add(await runProject(project));
} catch (error) {
  console.error(error.name === 'LaunchError' ? error.message : error);
  counts.failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (counts.passed + counts.failed === 0) {
  console.log(`Nothing was tested${patterns.length > 0 ? `: no test matches ${patterns.join(' ')}` : ''}.`);
  counts.failed = 1;
}
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** @returns jest's results, or nothing when it ended without any */
async function runProject(project) {
  console.log(`\n${project} tests`);
  const results = join(folder, `${project}.json`);
  const options = ['--selectProjects', project, '--maxWorkers', '2', '--passWithNoTests', '--json', '--outputFile', results];
  const code = await run(join(root, 'node_modules', 'jest', 'bin', 'jest.js'), [...options, ...patterns]);
  try {
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    console.error(`The ${project} tests ended without results (${code}).`);
    return undefined;
  }
}

function run(program, args) {
  const NODE_OPTIONS = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    .filter(Boolean)
    .join(' ');
  return new Promise((settle, reject) => {
    // Its report goes to stderr; stdout has the results once more, which the file already holds.
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    running.add(child);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      settle(signal ?? `exit code ${code}`);
    });
  });
}

function add(results) {
  if (!results) return void (counts.failed += 1);
  counts.passed += results.numPassedTests;
  counts.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  counts.skipped += results.numPendingTests + results.numTodoTests;
}
