/** Build: `tsc`, files that stand beside the sources, and the workflow bundle; only when a source has changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { LaunchError } from './failure.mjs';

const SOURCES = ['apps', 'workflows', 'activities', 'libs', 'test/bench', 'test/simulation'];
const SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'node_modules/.xinyin-lock'];
/** Never part of a build: specs, results of measurements, and what belongs to this folder. */
const LEFT_OUT = /\.spec\.ts$|(^|\/)(node_modules|results)(\/|$)|\.m[jt]s$/;

/** @param {string} root @param {(text: string) => void} tell */
export async function ensureBuilt(root, tell) {
  const files = SOURCES.flatMap((folder) => filesUnder(root, join(root, folder)));
  const wanted = fingerprint(root, files);
  const record = join(root, 'dist', '.xinyin-build');
  if (existsSync(record) && readFileSync(record, 'utf8').trim() === wanted) return tell('up to date');
  rmSync(record, { force: true });
  removeStale(root);
  tell('compiling TypeScript');
  await compile(root);
  copyAssets(root, files);
  tell('bundling workflows');
  await bundleWorkflows(root);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, `${wanted}\n`);
  tell('built');
}

function filesUnder(root, folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
}

/** Path, time and size are enough, and cost milliseconds: a changed file has another time. */
function fingerprint(root, files) {
  const hash = createHash('sha256');
  for (const path of [...SETTINGS, ...files]) {
    const state = statSync(join(root, path), { throwIfNoEntry: false });
    hash.update(`${path}\0${state?.mtimeMs ?? 0}\0${state?.size ?? 0}\n`);
  }
  return hash.digest('hex');
}

/** A module whose source is gone must not go on being found in dist. */
function removeStale(root) {
  for (const path of SOURCES.flatMap((folder) => filesUnder(root, join(root, 'dist', folder)))) {
    const source = join(root, relative('dist', path).replace(/\.js(\.map)?$/, '.ts'));
    if (/\.js(\.map)?$/.test(path) && !existsSync(source)) rmSync(join(root, path), { force: true });
  }
}

function compile(root) {
  // The record of the last incremental run would keep a wiped dist empty.
  if (!existsSync(join(root, 'dist', 'apps'))) rmSync(join(root, 'dist', 'build.tsbuildinfo'), { force: true });
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noEmitOnError', 'true'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new LaunchError(`The sources do not compile:\n${output.trim()}`))));
  });
}

/** OpenAPI descriptions, styles and pages are read at run time beside the compiled module. */
function copyAssets(root, files) {
  for (const path of files.filter((file) => !file.endsWith('.ts'))) {
    const target = join(root, 'dist', path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, path), target);
  }
}

/** Prebuilt, so that a worker starts in a second and runs exactly what was built. */
async function bundleWorkflows(root) {
  const workflowsPath = join(root, 'dist', 'workflows', 'index.js');
  if (!existsSync(workflowsPath)) return;
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  writeFileSync(join(root, 'dist', 'workflow-bundle.js'), code);
}
