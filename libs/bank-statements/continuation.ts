/** Names that a bank cuts at the width of its column and goes on with in the next line. */
import type { ColumnMap } from './columns.js';
import type { EntryDraft } from './entry.js';
import { statementLimits } from './limits.js';
import { textOfCell } from './row.js';
import type { Row } from './rows.js';

/** A line that holds text and nothing that makes an entry: no day, no amount, no reference. */
export function isContinuation({ cells }: Row, { payerName, remittance }: ColumnMap): boolean {
  const texts = [payerName, ...remittance];
  const filled = cells.flatMap(({ text }, index) => (text.trim() === '' ? [] : [index]));
  return filled.length > 0 && filled.every((index) => texts.includes(index));
}

/** Only a text that filled its line goes on; after a shorter one it is a line that lost its money. */
export function goesOn(entry: EntryDraft, row: Row, map: ColumnMap): boolean {
  if (!isContinuation(row, map)) return false;
  const { name, more } = textsOf(row, map);
  return (name === '' || fillsItsLine(entry.payerName)) && (more === '' || fillsItsLine(entry.remittance));
}

export function takeContinuation(entry: EntryDraft, row: Row, map: ColumnMap): void {
  const { name, more } = textsOf(row, map);
  entry.payerName += name;
  entry.remittance += more;
}

function textsOf({ cells }: Row, { payerName, remittance }: ColumnMap): { name: string; more: string } {
  const textAt = (index: number) => textOfCell(cells[index]?.text ?? '');
  return { name: payerName === undefined ? '' : textAt(payerName), more: remittance.map(textAt).join('') };
}

const fillsItsLine = (text: string) => text !== '' && [...text].length % statementLimits.nameWidth === 0;
