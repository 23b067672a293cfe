/** One line of a table to one entry, by the columns its header named. */
import { shanghaiDay, type CalendarDay } from '#domain';
import { fenOf, fenOfNumber, plainText } from './amounts.js';
import type { ColumnKind, ColumnMap } from './columns.js';
import { momentOf, momentOfSerial, withTime, type Moment } from './days.js';
import type { EntryDraft } from './entry.js';
import { refusal, type Place, type StatementFault } from './refusal.js';
import type { Cell, Row } from './rows.js';
import { isDamaged } from './texts.js';

type Kind = Exclude<ColumnKind, 'remittance'>;
const NOTHING: Cell = { text: '' };
/** D: what Chinese bank exports write for "this takes back an entry". */
const REVERSED = /^(是|Y|YES|TRUE|1|冲正|红冲|冲销|抹账|被?冲正|红字|R|REVERSAL)$/i;
const NOT_REVERSED = /^(否|N|NO|FALSE|0|正常|-|)$/i;
const REVERSAL_WORD = /^(冲正|红冲|红字|抹账|冲账|冲销|REVERSAL)/i;
const ORIGINAL = /(?:原交易流水号?|原流水号?|冲正流水号?|REVERSAL OF)[:：\s]*([A-Za-z0-9][A-Za-z0-9._/-]{2,63})/i;
const CREDIT = /^(贷|贷方|C|CR|CRDT|CREDIT|收|收入|转入|来账|入账|\+)$/i;
const DEBIT = /^(借|借方|D|DR|DBIT|DEBIT|支|支出|转出|往账|出账|-)$/i;

export function readRow(row: Row, map: ColumnMap, dateSystem: '1900' | '1904'): { draft: EntryDraft; balanceFen: number | null } {
  const reader = new RowReader(row, map, dateSystem);
  return { draft: reader.draft(), balanceFen: reader.balance() };
}

class RowReader {
  constructor(
    private readonly row: Row,
    private readonly map: ColumnMap,
    private readonly dateSystem: '1900' | '1904',
  ) {}

  draft(): EntryDraft {
    const { bookedDay, valueDay, bookedAt } = this.moments();
    const remittance = this.remittance();
    const money = this.money();
    this.currency();
    const flagged = this.flagged() || (money.amountFen < 0 && REVERSAL_WORD.test(remittance));
    const named = this.text('reversalOf') || (ORIGINAL.exec(remittance)?.[1] ?? '');
    const reversal = money.reversal || flagged;
    return {
      place: this.place(this.map.reference ?? this.map.payerName ?? 0),
      columns: {
        day: this.row.column(this.map.bookedDay ?? this.map.tradeDay ?? 0),
        amount: this.row.column(this.map.amountFen ?? this.map.amount ?? this.map.credit ?? 0),
      },
      reference: plainText(this.text('reference')) || null,
      bookedDay,
      valueDay,
      bookedAt,
      amountFen: money.amountFen,
      reversal,
      reversalOf: reversal && named !== '' ? plainText(named) : null,
      payerName: this.text('payerName'),
      payerAccount: plainText(this.text('payerAccount')),
      payerAccountType: this.accountType(),
      remittance,
    };
  }

  balance(): number | null {
    const { balance } = this.map;
    if (balance === undefined || this.text('balance') === '') return null;
    return this.fenAt(balance);
  }

  private moments(): { bookedDay: CalendarDay; valueDay: CalendarDay; bookedAt: Date | null } {
    const booked = this.moment(this.map.bookedDay);
    const traded = this.moment(this.map.tradeDay);
    const day = booked ?? traded;
    if (!day) throw this.refuse(this.map.bookedDay ?? this.map.tradeDay, 'STATEMENT_DATE');
    const value = this.moment(this.map.valueDay);
    const at = day.at ?? this.timeOn((traded ?? day).day)?.at ?? null;
    return {
      bookedDay: day.day,
      valueDay: value?.day ?? traded?.day ?? day.day,
      // The time is that of the transaction; booked on a later day, it was not booked at that time.
      bookedAt: at && shanghaiDay(at) === day.day ? at : null,
    };
  }

  private moment(index: number | undefined): Moment | null {
    const { text, number, formula } = this.cell(index);
    if (formula) throw this.refuse(index, 'STATEMENT_FORMULA');
    if (index === undefined || text.trim() === '') return null;
    // Our contract with the bank writes instants with their zone; without one nobody knows the day.
    if (this.map.amountFen !== undefined && !/T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) throw this.refuse(index, 'STATEMENT_DATE');
    const moment = momentOf(text) ?? (number ? momentOfSerial(Number(text), this.dateSystem) : null);
    if (!moment) throw this.refuse(index, 'STATEMENT_DATE');
    return moment;
  }

  private timeOn(day: CalendarDay): Moment | null {
    const { text, number } = this.cell(this.map.time);
    if (text.trim() === '' || this.map.time === undefined) return null;
    const fraction = number && Number(text) < 1;
    const moment = fraction ? momentOnDay(day, Number(text)) : (withTime(day, text) ?? momentOf(text));
    if (!moment) throw this.refuse(this.map.time, 'STATEMENT_DATE');
    return moment;
  }

  private money(): { amountFen: number; reversal: boolean } {
    const { amountFen, credit, debit, amount } = this.map;
    if (amountFen !== undefined) {
      const text = this.text('amountFen');
      if (!/^[1-9]\d{0,14}$/.test(text)) throw this.refuse(amountFen, 'STATEMENT_AMOUNT');
      return { amountFen: Number(text), reversal: false };
    }
    if (credit !== undefined) return this.moneyOfTwo(credit, debit);
    const fen = this.fenAt(amount ?? 0);
    if (fen === 0) throw this.refuse(amount, 'STATEMENT_AMOUNT');
    if (this.map.direction === undefined) return { amountFen: fen, reversal: false };
    const direction = plainText(this.text('direction'));
    if (!CREDIT.test(direction) && !DEBIT.test(direction)) throw this.refuse(this.map.direction, 'STATEMENT_DIRECTION');
    return { amountFen: CREDIT.test(direction) ? fen : -fen, reversal: fen < 0 };
  }

  /** A column for each side: one of them is filled. A negative on a side takes back what stood there. */
  private moneyOfTwo(credit: number, debit: number | undefined): { amountFen: number; reversal: boolean } {
    const into = this.fenOrNothing(credit);
    const out = debit === undefined ? 0 : this.fenOrNothing(debit);
    if ((into !== 0) === (out !== 0)) throw this.refuse(credit, into === 0 ? 'STATEMENT_AMOUNT' : 'STATEMENT_DIRECTION');
    return into !== 0 ? { amountFen: into, reversal: into < 0 } : { amountFen: -out, reversal: out < 0 };
  }

  private fenOrNothing(index: number): number {
    return /^(-|—|)$/.test(this.cell(index).text.trim()) ? 0 : this.fenAt(index);
  }

  private fenAt(index: number): number {
    const { text, red = false, number, formula } = this.cell(index);
    if (formula || text.trim().startsWith('=')) throw this.refuse(index, 'STATEMENT_FORMULA');
    const fen = number ? reddened(fenOfNumber(text), red) : fenOf(text, red);
    if (fen === null) throw this.refuse(index, 'STATEMENT_AMOUNT');
    return fen;
  }

  private currency(): void {
    const text = plainText(this.text('currency')).toUpperCase();
    if (!/^(CNY|RMB|人民币元?|156|01|¥|)$/.test(text)) throw this.refuse(this.map.currency, 'STATEMENT_CURRENCY');
  }

  private flagged(): boolean {
    const text = plainText(this.text('reversal'));
    if (!REVERSED.test(text) && !NOT_REVERSED.test(text)) throw this.refuse(this.map.reversal, 'STATEMENT_STRUCTURE');
    return REVERSED.test(text);
  }

  private accountType(): EntryDraft['payerAccountType'] {
    const text = this.text('payerAccountType');
    if (text === '') return null;
    if (/^(corporate|对公|单位|企业|公户|1类?对公)$/i.test(text)) return 'corporate';
    if (/^(personal|对私|个人|私户)$/i.test(text)) return 'personal';
    throw this.refuse(this.map.payerAccountType, 'STATEMENT_ACCOUNT_TYPE');
  }

  private remittance(): string {
    const texts = this.map.remittance.map((index) => this.textAt(index)).filter((text) => text !== '');
    return [...new Set(texts)].join(' ');
  }

  private text(kind: Kind): string {
    const index = this.map[kind];
    return index === undefined ? '' : this.textAt(index);
  }

  private textAt(index: number): string {
    const { text, formula, number } = this.cell(index);
    const plain = textOfCell(text);
    // A spreadsheet keeps fifteen digits of a number: a longer account or reference that was made one is lost.
    if (number && !/^-?\d{0,15}(\.\d+)?$/.test(plain)) throw this.refuse(index, 'STATEMENT_REFERENCE');
    // ="00123" keeps the zeros of a number in a spreadsheet; any other formula is nobody's name.
    if (formula || plain.startsWith('=')) throw this.refuse(index, 'STATEMENT_FORMULA');
    if (isDamaged(plain)) throw this.refuse(index, 'STATEMENT_TEXT');
    return plain;
  }

  private cell(index: number | undefined): Cell {
    return (index === undefined ? undefined : this.row.cells[index]) ?? NOTHING;
  }

  private place(index: number): Place {
    return { line: this.row.line, column: this.row.column(index) };
  }

  private refuse(index: number | undefined, code: StatementFault) {
    return refusal(this.place(index ?? 0), code);
  }
}

export const textOfCell = (text: string) => text.replace(/^\s*="([^"]*)"\s*$/, '$1').trim();

const reddened = (fen: number | null, red: boolean) => (fen !== null && red && fen > 0 ? -fen : fen);

function momentOnDay(day: CalendarDay, fraction: number): Moment {
  const at = new Date(Date.parse(`${day}T00:00:00+08:00`) + Math.round(fraction * 86_400) * 1000);
  return { day, at };
}
