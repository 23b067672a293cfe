/** Bank statements from a terminal: a file that somebody has, or a day's statement from the bank now. */
import { readFile, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readStatement, statementLimits } from '#bank-statements';
import { ownAccountsOf } from '#config';
import { describeError, XinyinError } from '#domain';
import type { Person } from '../demo/person.js';
import { LaunchError } from '../failure.js';
import type { CommandContext, Tell } from '../steps.js';
import { inWords, logInAs, readDate } from './connection.js';
import { entryInWords, entryLine, refusalInWords, type EntryLine, type Refused } from './statement-words.js';

const USAGE = 'npm run ops -- statement FILE [--json] [--parse-only]';
const LOOK_EVERY_MS = 500;
const PATH = '/api/v1/credits/statements';

/** Takes a day's bank statement now; the Schedule takes yesterday's every morning. */
export async function importStatement(context: CommandContext): Promise<void> {
  const day = readDate(context.args, 'import-statement');
  const finance = await logInAs('finance', context);
  const answer = await finance.attempt('POST', `${PATH}/${day}`, { json: {} });
  if (answer.status !== 200) throw new LaunchError(inWords(answer));
  const { lines, added } = answer.body as { lines: number; added: number };
  context.steps.say(`${day}: ${lines} lines, ${added} new`);
}

/** Takes a statement file, and says of each entry what came of it. Started again, it goes on where the import is. */
export async function takeStatement(context: CommandContext, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { file, json, parseOnly } = readArguments(context.args);
  const say = (entry: EntryLine) => context.steps.say(json ? JSON.stringify(entry) : entryInWords(entry));
  const refuse = (refused: Refused) => {
    context.steps.say(json ? JSON.stringify({ refused }) : refusalInWords(refused));
    process.exitCode = 1;
  };
  const size = await stat(file).then(
    (found) => found.size,
    () => Promise.reject(new LaunchError(`There is no file ${file}.`)),
  );
  // Looked at before it is read: a file that is too much is not taken into memory here either.
  if (size > statementLimits.maxBytes)
    return refuse(faultOf('line 1/file', 'STATEMENT_TOO_LARGE', { limit: statementLimits.maxBytes / 1024 ** 2 }));
  const bytes = await readFile(file);
  if (parseOnly) return parse(bytes, { ownAccounts: ownAccountsIn(environment), say, refuse });
  const finance = await logInAs('finance', context);
  const done = await context.steps.step('statement', (tell) => upload(finance, bytes, tell));
  if (done.refusal) return refuse(done.refusal);
  for (let after = 0; after < done.entries;) {
    const page = await finance.get<(EntryLine & { position: number })[]>(`${PATH}/${done.sha256}/entries?after=${after}`);
    for (const entry of page) say(entryLine(entry));
    after = page.at(-1)?.position ?? done.entries;
  }
}

function readArguments(args: string[]): { file: string; json: boolean; parseOnly: boolean } {
  try {
    const options = { json: { type: 'boolean' }, 'parse-only': { type: 'boolean' } } as const;
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options });
    const [file, ...more] = positionals;
    if (file && more.length === 0) return { file, json: values.json ?? false, parseOnly: values['parse-only'] ?? false };
  } catch {
    // Falls through to the usage.
  }
  throw new LaunchError(USAGE);
}

/** Where somebody has said which are ours, a file of another is refused here as it would be by the worker. */
function ownAccountsIn({ XINYIN_OWN_ACCOUNTS: setting = '' }: NodeJS.ProcessEnv): string[] {
  return setting.trim() === '' ? [] : ownAccountsOf(setting);
}

interface Parsing {
  ownAccounts: readonly string[];
  say: (entry: EntryLine) => void;
  refuse: (refused: Refused) => void;
}

async function parse(bytes: Buffer, { ownAccounts, say, refuse }: Parsing): Promise<void> {
  try {
    const { entries } = await readStatement(bytes, { now: new Date(), ownAccounts });
    for (const { reference, identity, bookedDay, payerName, ...entry } of entries)
      say(entryLine({ ...entry, reference: reference ?? identity, day: bookedDay, payer: payerName, outcome: 'read', reason: null }));
  } catch (failure) {
    if (!(failure instanceof XinyinError)) throw failure;
    const [fault] = failure.fields;
    refuse(faultOf(fault?.field ?? '', fault?.code ?? failure.code, fault?.params));
  }
}

function faultOf(place: string, code: XinyinError['code'], params: Readonly<Record<string, string | number>> = {}): Refused {
  const { zh, en } = describeError(code, params);
  return { place, code, zh, en };
}

interface Import {
  sha256: string;
  state: string;
  entries: number;
  recorded: number;
  decided: number;
  refusal: Refused | null;
}

async function upload(finance: Person, bytes: Buffer, tell: Tell): Promise<Import> {
  const answer = await finance.attempt('POST', PATH, { file: bytes });
  if (answer.status !== 202) throw new LaunchError(inWords(answer));
  for (let found = answer.body as Import; ; found = await finance.get<Import>(`${PATH}/${found.sha256}`)) {
    // What came of each is certain once all are decided; the cases are told meanwhile.
    const { state, entries, decided } = found;
    if (state === 'done' || state === 'refused' || (state === 'deciding' && decided === entries)) return found;
    tell(`${found.recorded} of ${found.entries} recorded, ${found.decided} decided`);
    await setTimeout(LOOK_EVERY_MS);
  }
}
