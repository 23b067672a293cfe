/** Postgres refuses to run as root; in containers we often are. Then it runs as the user `postgres`. */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { LaunchError } from './failure.js';

const run = promisify(execFile);
const NAME = 'postgres';
/** Numbers from linux/capability.h. Reading is enough; where the container does not grant it, the wider one is what is left. */
const CAPABILITIES = [
  { bit: 2n, name: 'dac_read_search' },
  { bit: 1n, name: 'dac_override' },
] as const;

export interface RunAs {
  /** Who must own the data; none when we are an ordinary user. */
  owner?: { uid: number; gid: number };
  /** True when the command itself changes the user. */
  prefixed: boolean;
  command(program: string, args: string[]): [string, string[]];
}

/** @param paths what that user must be able to reach */
export async function runAs(paths: string[]): Promise<RunAs> {
  const direct = (program: string, args: string[]): [string, string[]] => [program, args];
  if (process.getuid?.() !== 0) return { prefixed: false, command: direct };
  const owner = (await lookUp()) ?? (await createUser());
  const barred = paths.flatMap(foldersAbove).find((folder) => !mayEnter(folder, owner));
  if (barred === undefined) return { owner, prefixed: false, command: direct };
  // A checkout below a private folder such as /root: that user may pass through it, and keeps no other right of root.
  const prefix = await passThrough(owner, barred, paths[0] ?? barred);
  return { owner, prefixed: true, command: (program, args) => ['setpriv', [...prefix, program, ...args]] };
}

async function lookUp(): Promise<{ uid: number; gid: number } | undefined> {
  const ask = async (flag: string) => Number((await run('id', [flag, NAME])).stdout);
  try {
    return { uid: await ask('-u'), gid: await ask('-g') };
  } catch {
    return undefined;
  }
}

async function createUser(): Promise<{ uid: number; gid: number }> {
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]).catch(() => undefined);
  const made = await lookUp();
  if (made) return made;
  throw new LaunchError(`Postgres does not run as root, and the user "${NAME}" could not be made. Make it, or start as an ordinary user.`);
}

function foldersAbove(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [parent, ...foldersAbove(parent)];
}

function mayEnter(folder: string, owner: { uid: number; gid: number }): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === owner.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === owner.gid ? 0o010 : 0o001)) !== 0;
}

async function passThrough(owner: { uid: number; gid: number }, barred: string, program: string): Promise<string[]> {
  const capability = CAPABILITIES.find(({ bit }) => (ownCapabilities() >> bit) & 1n);
  // Without the secure bit access(2), by which Postgres looks for its own programs, would leave the capability out of account.
  const user = ['--securebits=+no_setuid_fixup', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  const prefix = capability && [...user, `--inh-caps=+${capability.name}`, `--ambient-caps=+${capability.name}`];
  const works = prefix && (await succeeds('setpriv', [...prefix, 'test', '-x', program]));
  if (works) return prefix;
  throw new LaunchError(
    `Postgres does not run as root, and the user "${NAME}" may not enter ${barred}.\n` +
      'Start as an ordinary user, or put the checkout (or XINYIN_HOME) where that user may go, or name another database in DATABASE_URL.',
  );
}

function succeeds(program: string, args: string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}

function ownCapabilities(): bigint {
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return BigInt(`0x${held?.[1] ?? '0'}`);
}
