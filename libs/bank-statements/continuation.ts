/** Names that a bank cuts at the width of its column and goes on with in the next line. */
import type { ColumnMap } from './columns.js';
import type { EntryDraft } from './entry.js';
import { statementLimits } from './limits.js';
import { refusal, type Place } from './refusal.js';
import { textOfCell } from './row.js';
import type { Row } from './rows.js';

/** A line that holds text and nothing that makes an entry: no day, no amount, no reference. */
export function isContinuation({ cells }: Row, { payerName, remittance }: ColumnMap): boolean {
  const texts = [payerName, ...remittance];
  const filled = cells.flatMap(({ text }, index) => (text.trim() === '' ? [] : [index]));
  return filled.length > 0 && filled.every((index) => texts.includes(index));
}

/** Only a text that filled its line goes on; after a shorter one it is a line that lost its money. */
export function takeContinuation(entry: EntryDraft, { cells }: Row, { payerName, remittance }: ColumnMap, place: Place): void {
  const name = payerName === undefined ? '' : textOfCell(cells[payerName]?.text ?? '');
  const more = remittance.map((index) => textOfCell(cells[index]?.text ?? '')).join('');
  if ((name !== '' && !fillsItsLine(entry.payerName)) || (more !== '' && !fillsItsLine(entry.remittance)))
    throw refusal(place, 'STATEMENT_STRUCTURE');
  entry.payerName += name;
  entry.remittance += more;
}

const fillsItsLine = (text: string) => text !== '' && [...text].length % statementLimits.nameWidth === 0;
