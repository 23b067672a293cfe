/**
 * A table of any file to entries. Knows what banks put between the lines: a title before the header, the header again on each page, names
 * that go on in the next line, a total, a word that nothing happened, remarks at the end. What it does not know refuses the file.
 */
import { goesOn, isContinuation, takeContinuation } from './continuation.js';
import { kindsIn, mapColumns, missingIn, type ColumnMap } from './columns.js';
import type { EntryDraft } from './entry.js';
import { statementLimits } from './limits.js';
import { refusal, type Place } from './refusal.js';
import { momentOf } from './days.js';
import { accountInTitle, requireOwn, type OwnAccounts } from './own-account.js';
import { readRow } from './row.js';
import { TOTAL_MARK, type Row } from './rows.js';
import { Totals } from './totals.js';

export interface TableOptions {
  dateSystem: '1900' | '1904';
  /** In a text file a row with fewer cells than the header was cut; a spreadsheet leaves empty cells out. */
  ragged: boolean;
  ownAccounts: OwnAccounts;
}

const TOTAL = /^(#TOTAL|TOTAL|合计|总计|累计|共计|贷方合计|借方合计|收入合计|支出合计|GRANDTOTAL)/i;
const PAGE_TOTAL = /^(本页|小计|承前|过次|SUBTOTAL)/i;
const NOTHING = /^[-—*\s]*(本日|当日|当期|该时段|本期|本账户)?(无交易|无发生|没有交易|无明细|未发生|无记录|NO\s*TRANSACTION)/i;
const REMARK = /^[-—*#\s]*(打印|下载|导出|制表|制单|说明|备注|注|以下空白|END|第\d+页|温馨提示|PRINTED|NOTE|\*+)/i;

export async function* tableEntries(rows: AsyncIterable<Row>, options: TableOptions): AsyncGenerator<EntryDraft> {
  const table = new Table(options);
  let last: Row | null = null;
  for await (const row of rows) {
    last = row;
    const entry = table.take(row);
    if (entry) yield entry;
  }
  const rest = table.end(last?.line ?? 1);
  if (rest) yield rest;
}

/** Reads row by row, one entry behind: the next row may go on with its names. */
class Table {
  private header: { texts: string[]; map: ColumnMap } | null = null;
  private pending: EntryDraft | null = null;
  private totals = new Totals();
  private preamble: { row: Row; map: ColumnMap }[] = [];
  private ended = false;

  constructor(private readonly options: TableOptions) {}

  take(found: Row): EntryDraft | null {
    const row = this.header && !this.options.ragged ? { ...found, column: headingsOf(this.header.texts) } : found;
    const texts = row.cells.map(({ text }) => text.trim());
    while (texts.at(-1) === '') texts.pop();
    if (texts.length === 0) return null;
    if (!this.header) return this.look(row, texts);
    const { map } = this.header;
    if (texts.join('\t') === this.header.texts.join('\t')) return null;
    const first = texts.find((text) => text !== '') ?? '';
    const filled = texts.filter((text) => text !== '').length;
    const own = map.amountFen !== undefined;
    // Before the bank's words about itself: the rest of a name may begin like one of them (注射剂有限公司).
    if (this.pending && goesOn(this.pending, row, map)) return this.goOn(this.pending, row, first);
    if (TOTAL.test(first.replace(/\s/g, '')) && !hasDay(row, map)) return this.endWith(row, texts);
    if (!own && PAGE_TOTAL.test(first)) return null;
    if (!own && filled === 1 && (NOTHING.test(first) || REMARK.test(first))) return null;
    if (this.ended) {
      // After the total a bank may say more about itself, but nothing about our money.
      if (!own && filled <= 2) return null;
      throw refusal(place(row, 0), 'STATEMENT_TOTAL');
    }
    if (this.pending && isContinuation(row, map)) throw refusal(place(row, 0), 'STATEMENT_STRUCTURE');
    this.checkWidth(row, texts);
    if (map.ownAccount !== undefined) requireOwn(texts[map.ownAccount] ?? '', this.options.ownAccounts, place(row, map.ownAccount));
    const { draft, balanceFen } = readRow(row, map, this.options.dateSystem);
    const done = this.flush();
    this.pending = draft;
    this.totals.add(draft, balanceFen, row);
    return done;
  }

  end(lastLine: number): EntryDraft | null {
    if (!this.header) throw this.headerMissing();
    const own = this.header.map.amountFen !== undefined;
    if (own && !this.ended) throw refusal({ line: lastLine, column: TOTAL_MARK }, 'STATEMENT_CUT');
    this.totals.checkBalances(this.header.map.balance ?? 0);
    return this.flush();
  }

  private goOn(entry: EntryDraft, row: Row, first: string): null {
    // A bank writes about itself in the first column. Where names stand in that one, such a line may be either.
    const inFirst = (row.cells[0]?.text ?? '').trim() !== '';
    if (inFirst && [TOTAL, PAGE_TOTAL, NOTHING, REMARK].some((words) => words.test(first)))
      throw refusal(place(row, 0), 'STATEMENT_STRUCTURE');
    if (this.header) takeContinuation(entry, row, this.header.map);
    return null;
  }

  private look(row: Row, texts: string[]): null {
    const map = mapColumns(texts);
    if (missingIn(map) === null && kindsIn(map) >= 3) this.header = { texts, map };
    else {
      const title = accountInTitle(texts);
      if (title) requireOwn(title.account, this.options.ownAccounts, place(row, title.index));
      this.preamble.push({ row, map });
    }
    if (this.preamble.length > statementLimits.maxPreambleRows) throw this.headerMissing();
    return null;
  }

  /** Names what is missing in the line that comes nearest to a header. */
  private headerMissing() {
    const [nearest] = [...this.preamble].sort((one, other) => kindsIn(other.map) - kindsIn(one.map));
    if (!nearest || kindsIn(nearest.map) < 2) return refusal({ line: nearest?.row.line ?? 1, column: 'header' }, 'STATEMENT_FORMAT');
    const missing = missingIn(nearest.map) ?? { missing: '日期、金额、对方户名', missingEn: 'day, amount, other party' };
    return refusal({ line: nearest.row.line, column: 'header' }, 'STATEMENT_HEADER', missing);
  }

  private endWith(row: Row, texts: string[]): EntryDraft | null {
    if (!this.header || this.ended) throw refusal(place(row, 0), 'STATEMENT_TOTAL');
    this.totals.check(row, texts, this.header.map);
    this.ended = true;
    return this.flush();
  }

  private flush(): EntryDraft | null {
    const { pending } = this;
    this.pending = null;
    return pending;
  }

  private checkWidth(row: Row, texts: readonly string[]): void {
    const width = this.header?.texts.length ?? 0;
    if (texts.length > width) throw refusal(place(row, width), 'STATEMENT_STRUCTURE');
    if (!this.options.ragged && row.cells.length < width) throw refusal(place(row, row.cells.length), 'STATEMENT_CUT');
  }
}

const place = (row: Row, index: number): Place => ({ line: row.line, column: row.column(index) });

const headingsOf = (texts: readonly string[]) => (index: number) => texts[index] || `column ${index + 1}`;

/** A line with a day is an entry, whatever its payer is called. */
function hasDay({ cells }: Row, { bookedDay, tradeDay }: ColumnMap): boolean {
  const { text = '', number = false } = cells[bookedDay ?? tradeDay ?? 0] ?? {};
  return number || momentOf(text) !== null;
}
