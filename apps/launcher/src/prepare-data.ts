/** Runs the one-shot program that migrates and seeds, and reads the demo accounts it names at its end. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { prepareCommand } from './applications.js';
import { LaunchError } from './failure.js';
import type { Installation } from './installation.js';
import { openLog } from './log-file.js';
import type { Secrets } from './secrets.js';
import type { Tell } from './steps.js';

const accountsSchema = z.array(z.object({ username: z.string(), password: z.string(), roles: z.array(z.string()) }));
export type DemoAccount = z.infer<typeof accountsSchema>[number];

export async function prepareData(installation: Installation, secrets: Secrets, tell: Tell, signal?: AbortSignal): Promise<DemoAccount[]> {
  const { command, args, env } = prepareCommand(installation, secrets);
  const log = openLog(join(installation.home, 'logs'), 'prepare');
  const child = spawn(command, args, { cwd: installation.root, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let accounts: DemoAccount[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => (lines.push(line), log.write(line)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const named = readAccounts(line);
    // It holds passwords: for the terminal, not for a log.
    if (named) return void (accounts = named);
    lines.push(line);
    log.write(line);
    tell(line);
  });
  const ended = await new Promise<string | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killed) => resolve(code === 0 ? undefined : killed === null ? `exit code ${code}` : `signal ${killed}`));
  });
  if (ended === undefined) return accounts;
  const said = lines.slice(-20).map((line) => `    ${line}`);
  throw new LaunchError(`The database could not be prepared (${ended}). The last lines of ${log.path}:\n${said.join('\n')}`);
}

function readAccounts(line: string): DemoAccount[] | undefined {
  if (!line.startsWith('{"accounts"')) return undefined;
  return z.object({ accounts: accountsSchema }).parse(JSON.parse(line)).accounts;
}

/** The accounts of an installation that is already running. */
export function knownAccounts(home: string): DemoAccount[] {
  const file = join(home, 'demo-accounts.json');
  if (!existsSync(file)) return [];
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const either = z.union([accountsSchema, z.object({ accounts: accountsSchema }).transform(({ accounts }) => accounts)]);
  return either.safeParse(content).data ?? [];
}
