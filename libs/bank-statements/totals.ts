/** What the file says of itself, held against its lines: count, sums, running balance. */
import { fenOf, fenOfNumber, plainText } from './amounts.js';
import type { ColumnMap } from './columns.js';
import type { EntryDraft } from './entry.js';
import { refusal } from './refusal.js';
import { TOTAL_MARK, type Cell, type Row } from './rows.js';

interface Balance {
  amountFen: number;
  balanceFen: number | null;
  row: Row;
}

export class Totals {
  private count = 0;
  private inFen = 0;
  private outFen = 0;
  private previous: Balance | null = null;
  /** The first line at which the balance does not follow, read downwards and upwards; null while it does. */
  private broken: { down: Row | null; up: Row | null } = { down: null, up: null };
  private balances = true;

  add({ amountFen, reversal }: EntryDraft, balanceFen: number | null, row: Row): void {
    this.count += 1;
    // A reversal lowers the side it stands on; it does not raise the other.
    if (amountFen > 0 !== reversal) this.inFen += amountFen;
    else this.outFen -= amountFen;
    this.follow({ amountFen, balanceFen, row });
  }

  /** The total line. Figures in columns that are not known are the bank's own affair. */
  check(row: Row, texts: readonly string[], map: ColumnMap): void {
    if (texts[0] === TOTAL_MARK && map.amountFen !== undefined) return this.checkOwn(row, texts);
    const counts = [
      ...plainText(texts.join(' '))
        .replace(/(\d),(?=\d{3})/g, '$1')
        .matchAll(/(\d+)\s*[笔条]/g),
    ];
    // Two counts are of two sides; one is of all.
    if (counts.length === 1 && Number(counts[0]?.[1]) !== this.count) throw this.refuse(row, 0, 'STATEMENT_TOTAL');
    const expected: [number | undefined, readonly number[]][] = [
      [map.credit, [this.inFen]],
      [map.debit, [this.outFen]],
      [map.amount, [this.inFen - this.outFen, this.inFen + this.outFen]],
    ];
    for (const [index, sums] of expected) {
      const cell = index === undefined ? undefined : row.cells[index];
      if (index === undefined || !cell || cell.text.trim() === '' || !/\d/.test(plainText(cell.text))) continue;
      if (cell.formula) throw this.refuse(row, index, 'STATEMENT_FORMULA');
      const fen = amountOf(cell);
      if (fen === null || !sums.includes(fen)) throw this.refuse(row, index, 'STATEMENT_TOTAL');
    }
  }

  /** `#TOTAL,<count>,<sum in fen>`. */
  private checkOwn(row: Row, texts: readonly string[]): void {
    const column = (name: string) => ({ line: row.line, column: name });
    if (texts[1] !== String(this.count)) throw refusal(column('count'), 'STATEMENT_TOTAL');
    if (texts[2] !== String(this.inFen) || texts.length !== 3) throw refusal(column('sum'), 'STATEMENT_TOTAL');
  }

  /** A file lists the oldest first or the newest first; in one of the two each balance must follow from the line before. */
  checkBalances(column: number): void {
    const { down, up } = this.broken;
    if (this.balances && down && up) throw this.refuse(down.line > up.line ? down : up, column, 'STATEMENT_BALANCE');
  }

  private follow(now: Balance): void {
    const { previous } = this;
    if (now.balanceFen === null) this.balances = false;
    if (previous?.balanceFen !== null && previous && now.balanceFen !== null) {
      if (previous.balanceFen + now.amountFen !== now.balanceFen) this.broken.down ??= now.row;
      if (now.balanceFen + previous.amountFen !== previous.balanceFen) this.broken.up ??= now.row;
    }
    this.previous = now;
  }

  private refuse(row: Row, index: number, code: 'STATEMENT_TOTAL' | 'STATEMENT_FORMULA' | 'STATEMENT_BALANCE') {
    return refusal({ line: row.line, column: row.column(index) }, code);
  }
}

const amountOf = ({ text, number, red = false }: Cell) => (number ? fenOfNumber(text) : fenOf(text, red));
