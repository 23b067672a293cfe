/**
 * The statement file: CSV (RFC 4180), UTF-8 with or without BOM, CRLF or LF. First the header, then one line a credit, last the control
 * line `#TOTAL,<count>,<sum in fen>`. Read whole or refused whole: a file cut short, or with one field in doubt, credits nobody.
 */
import { parse } from 'csv-parse/sync';
import { XinyinError, calendarDay, shanghaiDay, type ErrorCode } from '#domain';
import { fieldErrors } from '../contract-check.js';
import { bankContract } from './contract.js';
import type { BankEntry } from './port.js';

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
export const TOTAL_MARK = '#TOTAL';

interface Line {
  number: number;
  cells: string[];
}

/** @throws XinyinError INPUT_INVALID; params.line and params.column say where, fields[].field says `line <n>/<column>` */
export function parseBankStatement(file: Buffer, day: string): BankEntry[] {
  if (!isDay(day)) throw refusal(0, 'day', 'FIELD_FORMAT');
  const lines = readLines(file);
  const header = lines[0];
  if (!header || header.cells.join() !== statementColumns.join()) throw refusal(1, headerColumn(header), 'FIELD_CHOICE');
  const total = lines.at(-1);
  if (!total || total.cells[0] !== TOTAL_MARK) throw refusal(total?.number ?? 1, TOTAL_MARK, 'FIELD_REQUIRED');

  const credits = lines.slice(1, -1);
  const byReference = new Map<string, BankEntry>();
  let sum = 0;
  for (const line of credits) {
    const entry = readEntry(line, day);
    sum += entry.amountFen;
    const before = byReference.get(entry.reference);
    // The same credit listed twice is one credit; one reference for two different credits leaves nothing to rely on.
    if (before && JSON.stringify(before) !== JSON.stringify(entry)) throw refusal(line.number, 'reference', 'FIELD_CHOICE');
    byReference.set(entry.reference, entry);
  }
  if (total.cells[1] !== String(credits.length)) throw refusal(total.number, 'count', 'FIELD_CHOICE');
  if (total.cells[2] !== String(sum) || total.cells.length !== 3) throw refusal(total.number, 'sum', 'FIELD_CHOICE');
  return [...byReference.values()];
}

function readLines(file: Buffer): Line[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw refusal(firstLineNotUtf8(file), 'encoding', 'FIELD_FORMAT');
  }
  const lines: Line[] = [];
  let next = 1;
  try {
    // Quoted text may hold line breaks, so a record's number is where it begins: one after the line on which the last one ended.
    parse(text, {
      relax_column_count: true,
      skip_empty_lines: false,
      on_record: (cells: string[], context: { lines: number }) => {
        lines.push({ number: next, cells });
        next = context.lines + 1;
        return null;
      },
    });
  } catch {
    // What csv-parse says is dropped: it quotes the text it stumbled over, and a payer's name does not belong in an error.
    throw refusal(next, 'quoting', 'FIELD_FORMAT');
  }
  return lines;
}

function readEntry(line: Line, day: string): BankEntry {
  const missing = statementColumns[line.cells.length];
  if (missing) throw refusal(line.number, missing, 'FIELD_REQUIRED');
  if (line.cells.length > statementColumns.length) throw refusal(line.number, `column ${statementColumns.length + 1}`, 'FIELD_UNKNOWN');

  const cells = Object.fromEntries(statementColumns.map((name, index) => [name, line.cells[index]]));
  const result = bankContract.statementLine.safeParse(cells, { reportInput: true });
  if (!result.success) {
    const [first] = fieldErrors(result.error);
    throw refusal(line.number, first?.field ?? 'line', first?.code ?? 'FIELD_FORMAT');
  }
  const credit = result.data;
  const bookedAt = new Date(credit.booked_at);
  if (shanghaiDay(bookedAt) !== day) throw refusal(line.number, 'booked_at', 'FIELD_CHOICE');
  return {
    reference: credit.reference,
    bookedAt: bookedAt.toISOString(),
    amountFen: Number(credit.amount_fen),
    payerName: credit.payer_name,
    payerAccount: credit.payer_account,
    payerAccountType: credit.payer_account_type,
    remittance: credit.remittance,
  };
}

function refusal(line: number, column: string, code: ErrorCode): XinyinError {
  return new XinyinError('INPUT_INVALID', { params: { line, column }, fields: [{ field: `line ${line}/${column}`, code }] });
}

function headerColumn(header: Line | undefined): string {
  return statementColumns.find((name, index) => header?.cells[index] !== name) ?? `column ${statementColumns.length + 1}`;
}

function isDay(day: string): boolean {
  try {
    return calendarDay(day) === day;
  } catch {
    return false;
  }
}

function firstLineNotUtf8(file: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  for (let start = 0; start < file.length; number += 1) {
    const end = file.indexOf(0x0a, start) === -1 ? file.length : file.indexOf(0x0a, start) + 1;
    try {
      decoder.decode(file.subarray(start, end));
    } catch {
      return number;
    }
    start = end;
  }
  return number;
}
