/**
 * Statement files of banks: CSV in UTF-8 or GB18030, XLSX, camt.053, MT940, told apart by content. One adapter each; what they share is
 * checked once. Promises: a file is read whole or refused whole, with the place and the reason, both in the table of errors; an entry told
 * in two files has one identity; what a file may cost in memory is bounded by data, before it is unfolded. No refusal holds a name.
 */
import type { CalendarDay } from '#domain';
import { camtEntries } from './camt.js';
import { csvEntries } from './csv.js';
import type { EntryDraft, StatementEntry, StatementFormat } from './entry.js';
import { formatOf } from './format.js';
import { identified } from './identity.js';
import { megabytes, statementLimits } from './limits.js';
import { mt940Entries } from './mt940.js';
import type { OwnAccounts } from './own-account.js';
import { refusal } from './refusal.js';
import { xlsxEntries } from './xlsx.js';

export interface ReadingOptions {
  now: Date;
  /** The day a bank was asked for: an entry of another refuses the file. */
  day?: CalendarDay;
  /** Where a file names its account, it must be one of these; without them any is taken. */
  ownAccounts?: OwnAccounts;
  limits?: Partial<Pick<typeof statementLimits, 'maxBytes' | 'maxEntries' | 'maxInflatedBytes'>>;
}

const adapters: Record<
  StatementFormat,
  (bytes: Buffer, rules: { maxInflatedBytes: number; ownAccounts: OwnAccounts }) => AsyncIterable<EntryDraft> | Iterable<EntryDraft>
> = {
  csv: csvEntries,
  xlsx: xlsxEntries,
  'camt.053': camtEntries,
  mt940: mt940Entries,
};

/** The entries one by one, in the order of the file: whoever keeps them does so in one transaction. @throws XinyinError STATEMENT_REFUSED */
export async function* statementEntries(
  bytes: Buffer,
  { now, day, ownAccounts = [], limits }: ReadingOptions,
): AsyncGenerator<StatementEntry> {
  const bounds = { ...statementLimits, ...limits };
  if (bytes.length > bounds.maxBytes)
    throw refusal({ line: 1, column: 'file' }, 'STATEMENT_TOO_LARGE', { limit: megabytes(bounds.maxBytes) });
  const drafts = adapters[formatOf(bytes)](bytes, { ...bounds, ownAccounts });
  yield* identified(drafts, { now, ...(day === undefined ? {} : { day }), maxEntries: bounds.maxEntries });
}

export interface Statement {
  format: StatementFormat;
  entries: StatementEntry[];
}

/** All of it at once, for whoever looks at a file. */
export async function readStatement(bytes: Buffer, options: ReadingOptions): Promise<Statement> {
  const entries: StatementEntry[] = [];
  for await (const entry of statementEntries(bytes, options)) entries.push(entry);
  return { format: formatOf(bytes), entries };
}

/** The columns of our own contract with the bank, in their order. */
export const statementColumns = [
  'reference',
  'booked_at',
  'currency',
  'amount_fen',
  'payer_name',
  'payer_account',
  'payer_account_type',
  'remittance',
] as const;
export { TOTAL_MARK } from './rows.js';
export { formatOf } from './format.js';
export { statementFormats, type StatementEntry, type StatementFormat } from './entry.js';
export { statementLimits } from './limits.js';
