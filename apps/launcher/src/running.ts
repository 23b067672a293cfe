/** What runs: noted in `run.json`, so that a second command finds it, and a later start clears away what a killed one left. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LaunchError } from './failure.js';
import { commandOf } from './port-holder.js';

const noteSchema = z.object({
  /** The launcher. */
  pid: z.number().int(),
  command: z.string(),
  root: z.string(),
  startedAt: z.string(),
  urls: z.object({ api: z.string(), responder: z.string(), sandbox: z.string(), temporalUi: z.string().optional() }),
  processes: z.array(z.object({ name: z.string(), pid: z.number().int() })),
});
export type RunNote = z.infer<typeof noteSchema>;

const READY_WITHIN_MS = 60_000;
const LEFTOVERS_END_WITHIN_MS = 8_000;

const noteFile = (home: string): string => join(home, 'run.json');

export function writeNote(home: string, note: RunNote): void {
  writeFileSync(noteFile(home), JSON.stringify(note, null, 2), { mode: 0o600 });
}

export function removeNote(home: string): void {
  rmSync(noteFile(home), { force: true });
}

function readNote(home: string): RunNote | undefined {
  if (!existsSync(noteFile(home))) return undefined;
  try {
    return noteSchema.parse(JSON.parse(readFileSync(noteFile(home), 'utf8')));
  } catch {
    // Cut off by a crash: it tells nothing, and the check of the ports will.
    return undefined;
  }
}

/** The note of a launcher that lives. */
export async function findLauncher(home: string): Promise<RunNote | undefined> {
  const note = readNote(home);
  // The number may belong to another program by now, so the command must be the same.
  return note && (await commandOf(note.pid)) === note.command ? note : undefined;
}

/** Waits for a launcher that is still starting. @throws LaunchError when it lives but does not answer */
export async function untilHealthy(note: RunNote): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await isHealthy(note))) {
    if (performance.now() > deadline) {
      throw new LaunchError(
        `Xinyin was started as process ${note.pid}, but ${note.urls.api} does not answer. Stop that process and start again.`,
      );
    }
    await pause(250);
  }
}

async function isHealthy({ urls }: RunNote): Promise<boolean> {
  const answers = (url: string) =>
    fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
  return (await answers(`${urls.api}/readyz`)) && (await answers(`${urls.responder}/healthz`));
}

/** Ends processes that outlived a killed launcher. @returns their names */
export async function clearLeftovers(home: string): Promise<string[]> {
  const note = readNote(home);
  if (!note) return [];
  const remaining = async () => {
    const alive = await Promise.all(note.processes.map(({ pid }) => isFrom(pid, [note.root, home])));
    return note.processes.filter((_process, index) => alive[index]);
  };
  const found = await remaining();
  for (const { name, pid } of found) signal(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const deadline = performance.now() + LEFTOVERS_END_WITHIN_MS;
  while ((await remaining()).length > 0 && performance.now() < deadline) await pause(100);
  for (const { pid } of await remaining()) signal(pid, 'SIGKILL');
  removeNote(home);
  return found.map(({ name }) => name);
}

/** Every process of ours names the checkout or the data folder in its command; one that got the number by chance does not. */
async function isFrom(pid: number, folders: string[]): Promise<boolean> {
  const command = await commandOf(pid);
  return folders.some((folder) => command.includes(folder));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone in the meantime.
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
