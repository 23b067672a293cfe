/** `npm run ops`: what the people who run the office do from a terminal. Rules and work are elsewhere; here is only the way there. */
import { LaunchError } from './failure.js';
import { verifyAudit } from './ops/audit.js';
import { printDispatchDates } from './ops/dispatch-date.js';
import { runDispatch } from './ops/dispatch.js';
import { importStatement, takeStatement } from './ops/statement.js';
import type { CommandContext } from './steps.js';

const COMMANDS: Record<string, (context: CommandContext) => Promise<void> | void> = {
  'dispatch-date': printDispatchDates,
  dispatch: runDispatch,
  'import-statement': importStatement,
  statement: takeStatement,
  audit: verifyAudit,
};

const USAGE = `npm run ops -- <command>
  dispatch-date <instant>…        prints, a line each: <instant> <date> <reason>, by the published days; needs no running system
  dispatch --date YYYY-MM-DD      runs that day's batch; a future day only in demo mode
  import-statement --date YYYY-MM-DD  takes that day's bank statement
  statement FILE [--json] [--parse-only]  takes a statement file and says what came of each entry; --parse-only needs no running system
  audit [--json]                  verifies every audit chain and checkpoint; needs only the database to run`;

export default async function ops(context: CommandContext): Promise<void> {
  const [name = '', ...args] = context.args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new LaunchError(USAGE);
  await command({ ...context, args });
}
