/** The running system's API, as the person at the terminal reaches it: with a staff account, like everybody else. */
import { parseArgs } from 'node:util';
import { Person } from '../demo/person.js';
import { LaunchError } from '../failure.js';
import { homeFolder } from '../installation.js';
import { knownAccounts } from '../prepare-data.js';
import { findLauncher } from '../running.js';
import type { CommandContext } from '../steps.js';

export function readDate(args: string[], command: string): string {
  const usage = `npm run ops -- ${command} --date YYYY-MM-DD`;
  try {
    const { date } = parseArgs({ args, options: { date: { type: 'string' } } }).values;
    if (date && /^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  } catch {
    // Falls through to the usage.
  }
  throw new LaunchError(usage);
}

/** XINYIN_OPS_USERNAME and XINYIN_OPS_PASSWORD name the account; in demo mode the demo account of the role stands in. */
export async function logInAs(role: string, { root }: CommandContext): Promise<Person> {
  const home = homeFolder(root);
  const launcher = await findLauncher(home);
  if (!launcher) throw new LaunchError('Xinyin is not running: start it with npm start.');
  const demo = knownAccounts(home).find((each) => each.username === role);
  const username = process.env['XINYIN_OPS_USERNAME'] ?? demo?.username;
  const password = process.env['XINYIN_OPS_PASSWORD'] ?? demo?.password;
  if (!username || !password) throw new LaunchError('Set XINYIN_OPS_USERNAME and XINYIN_OPS_PASSWORD.');
  const person = new Person(launcher.urls.api);
  await person.post('/api/v1/login/staff', { username, password });
  return person;
}

/** A refusal of the API in words for the terminal. */
export function inWords(answer: { status: number; body: unknown }): string {
  const problem = answer.body && typeof answer.body === 'object' ? (answer.body as Record<string, unknown>) : {};
  return `${String(problem['title'] ?? '')} ${String(problem['titleEn'] ?? `status ${answer.status}`)} ${String(problem['detailEn'] ?? '')}`;
}
