/** Programs of others: found on PATH, kept in a cache that outlives `npm run reset`, fetched with a limit of time. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Found {
  path: string;
  /** In words, for the terminal. */
  origin: string;
}

/** The user's cache, or the temporary folder where there is no home to write to. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  for (const base of [env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), tmpdir()]) {
    const folder = join(base, 'xinyin');
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error('no folder for a cache can be written');
}

export async function onPath(name: string): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether it starts at all on this machine. */
export async function runs(program: string, args: string[]): Promise<boolean> {
  return run(program, args, { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

/** Fills `place` by `work` in a folder beside it, and puts the whole there at once: another start never sees half of it. */
export async function intoCache<T>(place: string, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(dirname(place), { recursive: true });
  const folder = await mkdtemp(`${place}.part-`);
  try {
    const result = await work(folder);
    // Whoever was first has the same content.
    if (!existsSync(place)) await rename(folder, place).catch(() => undefined);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes below a folder: how far a download is. */
export function bytesUnder(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
