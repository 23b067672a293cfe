/** MT940 (SWIFT, customer statement message): field by field, held against its opening and closing balance. */
import { fenOf } from './amounts.js';
import { dayOrNull } from './days.js';
import { encodingOf, textOf } from './encoding.js';
import type { EntryDraft } from './entry.js';
import { readDetails } from './mt940-details.js';
import { requireOwn, type OwnAccounts } from './own-account.js';
import { refusal, type StatementFault } from './refusal.js';
import { addDays, yearOf, type CalendarDay } from '#domain';

interface Field {
  tag: string;
  text: string;
  line: number;
}

const TAG = /^:(\d{2}[A-Z]?):(.*)$/;
/** Value date, entry date, mark, funds code, amount, type, the owner's reference, the bank's, and more in a line of its own. */
const ENTRY = /^(\d{6})(\d{4})?(R?[CD])([A-Z])?(\d{1,12},\d{0,2})([A-Z][A-Z0-9]{3})([^\n]*?)(?:\/\/([^\n]{1,64}))?(?:\n([\s\S]*))?$/;
const BALANCE = /^([CD])(\d{6})([A-Z]{3})(\d{1,13},\d{0,2})$/;

export function* mt940Entries(bytes: Buffer, { ownAccounts }: { ownAccounts: OwnAccounts }): Generator<EntryDraft> {
  const message = new Message(ownAccounts);
  for (const field of fieldsOf(textOf(bytes, encodingOf(bytes)))) {
    const entry = message.take(field);
    if (entry) yield entry;
  }
  const rest = message.end();
  if (rest) yield rest;
}

/** Fields with the lines that go on; envelopes and the dashes between messages hold nothing of ours. */
function* fieldsOf(pieces: Iterable<string>): Generator<Field> {
  let field: Field | null = null;
  for (const { line, text } of linesOf(pieces)) {
    const [, tag, rest = ''] = TAG.exec(text) ?? [];
    if (tag !== undefined) {
      if (field) yield field;
      field = { tag, text: rest, line };
    } else if (/^(-\}?.*|\{.*|\s*)$/.test(text)) {
      if (field) yield field;
      field = null;
    } else if (field && field.text.length < LONGEST_FIELD) field.text += `\n${text}`;
    else throw refusal({ line, column: field ? `:${field.tag}:` : 'field' }, 'STATEMENT_STRUCTURE');
  }
  if (field) yield field;
}
const LONGEST_FIELD = 4_000;

function* linesOf(pieces: Iterable<string>): Generator<{ line: number; text: string }> {
  let rest = '';
  let line = 0;
  for (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { line: (line += 1), text: text.replace(/\r$/, '') };
  }
  if (rest !== '') yield { line: line + 1, text: rest.replace(/\r$/, '') };
}

/** One entry behind: its details come in the next field. */
class Message {
  private pending: EntryDraft | null = null;
  private balance: { fen: number; line: number } | null = null;
  private statements = 0;

  constructor(private readonly ownAccounts: OwnAccounts) {}

  take(field: Field): EntryDraft | null {
    const { tag } = field;
    if (tag === '86' && this.pending) {
      Object.assign(this.pending, readDetails(field.text, this.pending.reversal));
      return this.flush();
    }
    const done = this.flush();
    if (tag === '20') this.begin(field);
    else if (tag === '25' || tag === '25P') requireOwn(field.text, this.ownAccounts, { line: field.line, column: `:${tag}:` });
    else if (tag === '60F' || tag === '60M') this.balance = { fen: balanceOf(field), line: field.line };
    else if (tag === '61') this.enter(field);
    else if (tag === '62F' || tag === '62M') this.close(field);
    else if (!/^(13[CD]|21|28C?|34F|64|65|86|90[CD])$/.test(tag)) throw refuse(field, 'STATEMENT_STRUCTURE');
    return done;
  }

  end(): EntryDraft | null {
    if (this.balance) throw refusal({ line: this.balance.line, column: ':62F:' }, 'STATEMENT_CUT');
    if (this.statements === 0) throw refusal({ line: 1, column: ':62F:' }, 'STATEMENT_CUT');
    return this.flush();
  }

  private begin(field: Field): void {
    if (this.balance) throw refuse(field, 'STATEMENT_CUT');
  }

  private enter(field: Field): void {
    if (!this.balance) throw refuse(field, 'STATEMENT_STRUCTURE');
    this.pending = entryOf(field);
    this.balance.fen += this.pending.amountFen;
  }

  private close(field: Field): void {
    if (!this.balance) throw refuse(field, 'STATEMENT_STRUCTURE');
    if (balanceOf(field) !== this.balance.fen) throw refuse(field, 'STATEMENT_BALANCE');
    this.balance = null;
    this.statements += 1;
  }

  private flush(): EntryDraft | null {
    const { pending } = this;
    this.pending = null;
    return pending;
  }
}

function entryOf(field: Field): EntryDraft {
  const [, value = '', booked, mark = '', , amount = '', , , bankReference, more = ''] = ENTRY.exec(field.text) ?? [];
  if (value === '') throw refuse(field, 'STATEMENT_STRUCTURE');
  const valueDay = dayOf(value);
  if (!valueDay) throw refuse(field, 'STATEMENT_DATE');
  const bookedDay = booked === undefined ? valueDay : nearest(booked, valueDay);
  if (!bookedDay) throw refuse(field, 'STATEMENT_DATE');
  const fen = fenOfComma(amount);
  if (fen === null || fen === 0) throw refuse(field, 'STATEMENT_AMOUNT');
  return {
    place: { line: field.line, column: ':61:' },
    reference: bankReference?.trim() || null,
    bookedDay,
    valueDay,
    bookedAt: null,
    // RC takes a credit back, so it goes out; RD takes a debit back.
    amountFen: mark === 'C' || mark === 'RD' ? fen : -fen,
    reversal: mark.startsWith('R'),
    reversalOf: null,
    payerName: '',
    payerAccount: '',
    payerAccountType: null,
    remittance: more.replaceAll('\n', '').trim(),
  };
}

function balanceOf(field: Field): number {
  const [, side = '', day = '', currency, amount = ''] = BALANCE.exec(field.text.trim()) ?? [];
  if (side === '') throw refuse(field, 'STATEMENT_STRUCTURE');
  if (currency !== 'CNY') throw refuse(field, 'STATEMENT_CURRENCY');
  if (!dayOf(day)) throw refuse(field, 'STATEMENT_DATE');
  const fen = fenOfComma(amount);
  if (fen === null) throw refuse(field, 'STATEMENT_AMOUNT');
  return side === 'C' || fen === 0 ? fen : -fen;
}

/** `1234,5` and `1234,`: the comma is always there, and no thousands are parted. */
const fenOfComma = (text: string) => fenOf(text.replace(',', '.').replace(/\.$/, ''));

const dayOf = (text: string) => dayOrNull(`20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`);

/** The entry date has no year: that of the value date, or the year beside it where December meets January. */
function nearest(monthDay: string, valueDay: CalendarDay): CalendarDay | null {
  const candidates = [0, -1, 1].map((years) => dayOrNull(`${yearOf(valueDay) + years}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`));
  return candidates.find((day) => day !== null && day > addDays(valueDay, -183) && day < addDays(valueDay, 183)) ?? null;
}

const refuse = ({ tag, line }: Field, code: StatementFault) => refusal({ line, column: `:${tag}:` }, code);
