/** Takes a day's bank statement now; the Schedule takes yesterday's every morning. */
import { LaunchError } from '../failure.js';
import type { CommandContext } from '../steps.js';
import { inWords, logInAs, readDate } from './connection.js';

export async function importStatement(context: CommandContext): Promise<void> {
  const day = readDate(context.args, 'import-statement');
  const finance = await logInAs('finance', context);
  const answer = await finance.attempt('POST', `/api/v1/credits/statements/${day}`, { json: {} });
  if (answer.status !== 200) throw new LaunchError(inWords(answer));
  const { lines, added } = answer.body as { lines: number; added: number };
  context.steps.say(`${day}: ${lines} lines, ${added} new`);
}
