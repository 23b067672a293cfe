/** `npm run reset`: removes the data folder, after asking. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { LaunchError } from './failure.js';
import { homeFolder } from './installation.js';
import { clearLeftovers, findLauncher } from './running.js';
import type { CommandContext } from './steps.js';

export interface Reset {
  home: string;
  /** `--yes`: do not ask. */
  sure: boolean;
  /** Absent where there is nobody to ask. */
  ask?: (question: string) => Promise<string>;
  say: (line: string) => void;
}

export default async function reset({ root, args, steps }: CommandContext): Promise<void> {
  const ask = process.stdin.isTTY ? askAtTerminal : undefined;
  await removeData({ home: homeFolder(root), sure: args.includes('--yes'), ask, say: steps.say });
}

export async function removeData({ home, sure, ask, say }: Reset): Promise<void> {
  if (!existsSync(home)) return say(`There is no data: ${home} does not exist.`);
  assertOurs(home);
  const launcher = await findLauncher(home);
  if (launcher)
    throw new LaunchError(`Xinyin is running on this data, process ${launcher.pid}. Stop it first (Ctrl-C where it was started).`);
  if (!sure && !(await agreed(home, ask))) return say('Nothing was removed.');
  await clearLeftovers(home);
  rmSync(home, { recursive: true, force: true });
  say(`Removed ${home}.`);
}

async function agreed(home: string, ask: Reset['ask']): Promise<boolean> {
  if (!ask) throw new LaunchError(`This removes all data in ${home}. Nobody can be asked here: npm run reset -- --yes`);
  const answer = await ask(`This removes all data in ${home}: cases, certificates, keys, accounts, logs. Continue? [y/N] `);
  return /^(y|yes|是)$/i.test(answer.trim());
}

/** XINYIN_HOME may be mistyped: a folder that is not ours is never removed. */
function assertOurs(home: string): void {
  const isOurs = ['secrets.json', 'run.json'].some((name) => existsSync(join(home, name)));
  const isEmpty = readdirSync(home).length === 0;
  const isStandard = home.endsWith('.data') && existsSync(join(dirname(home), 'package-lock.json'));
  if (!isOurs && !isEmpty && !isStandard) throw new LaunchError(`${home} does not look like a data folder of Xinyin; nothing was removed.`);
}

async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
