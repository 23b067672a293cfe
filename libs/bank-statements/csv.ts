/** CSV (RFC 4180), separated by commas, semicolons or tabs, in UTF-8 or GB18030. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { encodingOf, textOf } from './encoding.js';
import type { EntryDraft } from './entry.js';
import { statementLimits } from './limits.js';
import type { OwnAccounts } from './own-account.js';
import { refusal } from './refusal.js';
import type { Row } from './rows.js';
import { tableEntries } from './table.js';

export function csvEntries(bytes: Buffer, { ownAccounts }: { ownAccounts: OwnAccounts }): AsyncGenerator<EntryDraft> {
  return tableEntries(rowsOf(bytes), { dateSystem: '1900', ragged: false, ownAccounts });
}

async function* rowsOf(bytes: Buffer): AsyncGenerator<Row> {
  const encoding = encodingOf(bytes);
  const text = Readable.from(textOf(bytes, encoding));
  // Quoted text may hold line breaks, so a record's number is where it begins: one after the line on which the last one ended.
  let next = 1;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(bytes),
    relax_column_count: true,
    max_record_size: statementLimits.maxElementCharacters,
    skip_empty_lines: false,
    on_record: (cells: string[], context) => {
      const line = next;
      next = context.lines + 1;
      return [String(line), ...cells];
    },
  });
  text.once('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const [number, ...cells] of parser as AsyncIterable<string[]>) {
      const line = Number(number);
      if (cells.length > statementLimits.maxColumns) throw refusal({ line, column: `column ${cells.length}` }, 'STATEMENT_STRUCTURE');
      yield { line, cells: cells.map((text) => ({ text })), column: (index) => `column ${index + 1}` };
    }
  } catch (failure) {
    // What csv-parse says is dropped: it quotes the text it stumbled over, and a payer's name does not belong in an error.
    if (failure instanceof CsvError) throw refusal({ line: next, column: 'quoting' }, 'STATEMENT_STRUCTURE');
    throw failure;
  }
}

/** By the header, which holds no text with any of them in it: the one that stands in the first lines most often. */
function delimiterOf(bytes: Buffer): string {
  const head = bytes.subarray(0, 4096).toString('latin1');
  const count = (sign: string) => head.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
