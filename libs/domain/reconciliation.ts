/**
 * A day's reconciliation: what the bank says, what the ledger says, what orders and invoices say. Every difference is listed; one that is known
 * and will go away by itself is listed too, in other words.
 */
import { fen, type Fen } from './brand.js';
import { heldReasonWords, type HeldReason } from './credit-matching.js';
import { refundCauses, type RefundCause, type RefundReason, type RefundState } from './finance.js';
import { ledgerAccounts, type LedgerAccount } from './ledger.js';
import type { CalendarDay } from './time.js';

export interface CreditFact {
  /** The bank's own id of the entry. */
  readonly reference: string;
  readonly amountFen: Fen;
  readonly bookedOn: CalendarDay;
  /** The day on which the ledger received it; none where it never did. */
  readonly postedOn: CalendarDay | null;
  /** The day on which the bank took it back; none where it did not. */
  readonly reversedOn: CalendarDay | null;
  /** What the ledger has received of it by now. */
  readonly inLedgerFen: Fen;
  /** What finance has given to orders of a credit that is held for the rest. */
  readonly givenFen: Fen;
  readonly state: 'recorded' | 'matched' | 'held' | 'to-refund' | 'explained' | 'reversed';
  readonly heldReason: HeldReason | null;
  /** Told by a window before: the bank's entry is the same money. */
  readonly windowReceipt: boolean;
}
export interface WindowFact {
  readonly slipNumber: string;
  readonly method: 'card' | 'transfer';
  readonly amountFen: Fen;
  /** The bank has an entry under the slip's number. */
  readonly atBank: boolean;
}
/** A movement of the account as a statement tells it, that nothing of ours answers to. */
export interface EntryFact {
  /** The bank's own id of the entry; ours where it gave none. */
  readonly reference: string;
  /** In is positive, out is negative. */
  readonly amountFen: Fen;
  /** It takes another entry back. */
  readonly reversal: boolean;
}
export interface OrderFact {
  readonly reference: string;
  readonly status: 'open' | 'paid' | 'expired' | 'cancelled';
  readonly amountFen: Fen;
  readonly receivedFen: Fen;
  readonly inLedgerFen: Fen;
  readonly earnedFen: Fen;
  /** Given back after completion, of what had been earned: all of it, and what of it is not paid yet. */
  readonly givenBackFen: Fen;
  readonly givingBackFen: Fen;
  readonly completed: boolean;
  /** Blue less red; none where nothing was invoiced. */
  readonly invoiceFen: Fen | null;
}
export interface RefundFact {
  /** What it is for: an order's reference, or the credit's. */
  readonly reference: string;
  readonly amountFen: Fen;
  readonly state: RefundState;
  readonly reason: RefundReason;
  /** Why finance gives it back after completion. */
  readonly cause: RefundCause | null;
}
export type Balances = Readonly<Record<LedgerAccount, Fen>>;

export interface DayFacts {
  readonly day: CalendarDay;
  /** Booked by the bank on the day, received by the ledger on it, or taken back by the bank on it. */
  readonly credits: readonly CreditFact[];
  /** Booked on the day: what takes back an entry that could not be told, and what went out for no refund of ours. */
  readonly strayEntries: readonly EntryFact[];
  readonly window: readonly WindowFact[];
  /** That the ledger touched on the day, or that were completed or invoiced on it. */
  readonly orders: readonly OrderFact[];
  /** That came to be owed on the day and are not paid. */
  readonly openRefunds: readonly RefundFact[];
  /** Booked as paid on the day, and going out in no statement, although that of the whole day has come. */
  readonly undebitedRefunds: readonly Pick<RefundFact, 'reference' | 'amountFen'>[];
  /** Payers whose money the bank took back after it had been refunded. */
  readonly claims: readonly { readonly reference: string; readonly amountFen: Fen }[];
  readonly movements: Balances;
  /** At the end of the day. */
  readonly balances: Balances;
}

export const differenceKinds = {
  'not-in-ledger': { zh: '银行入账与账簿不符', en: 'the bank’s entry is not in the ledger as it should be' },
  'booked-another-day': { zh: '银行记账日与账簿日不同', en: 'the bank booked it on another day than the ledger' },
  undecided: { zh: '款项尚未匹配', en: 'the credit is not matched yet' },
  held: { zh: '款项待财务处理', en: 'the credit is held' },
  reversed: { zh: '款项已被银行冲正', en: 'the bank took the credit back' },
  'reversal-unlinked': { zh: '银行冲正未能对应到账款项', en: 'the bank took back an entry that could not be told for certain' },
  'debit-unknown': { zh: '银行支出不属于本机构退款', en: 'it went out of the account, and is no refund of ours' },
  'refund-undebited': { zh: '退款已记已付，银行流水中无此支出', en: 'booked as paid back, and no statement shows it going out' },
  'window-slip': { zh: '窗口转账凭证在银行流水中未找到', en: 'no entry of the bank bears the number of the window’s slip' },
  'order-differs': { zh: '缴费单实收与账簿不符', en: 'what the order received is not what the ledger says' },
  'earned-differs': { zh: '已办结但收入与缴费单不符', en: 'completed, and what was earned is not what was ordered' },
  'not-invoiced': { zh: '已办结尚未开票', en: 'completed and not invoiced' },
  'invoice-differs': { zh: '发票金额与收入不符', en: 'the invoice is of another amount than was earned' },
  'refund-open': { zh: '退款未完成', en: 'the refund is not paid' },
  'refund-returned': { zh: '退款被银行退回，待重新退款', en: 'the refund was paid and came back: it is owed again' },
  claim: { zh: '已退款后被冲正，应向付款人追回', en: 'refunded, and then taken back by the bank: the payer owes it' },
  'ledger-differs': { zh: '账簿各科目合计不平', en: 'the accounts of the ledger do not add up' },
} as const;
export type DifferenceKind = keyof typeof differenceKinds;

export interface Difference {
  readonly kind: DifferenceKind;
  readonly reference: string;
  /** By which the two sides differ, or that waits. */
  readonly amountFen: Fen;
  readonly zh: string;
  readonly en: string;
}

/** What finance reads of a day. */
export interface Reconciliation {
  readonly day: CalendarDay;
  readonly tallies: readonly Tally[];
  readonly accounts: readonly {
    readonly code: LedgerAccount;
    readonly zh: string;
    readonly en: string;
    readonly movementFen: Fen;
    readonly balanceFen: Fen;
  }[];
  readonly differences: readonly Difference[];
}

export function reconcile(facts: DayFacts): Reconciliation {
  const accounts = (Object.keys(ledgerAccounts) as LedgerAccount[]).map((code) => {
    return { code, ...ledgerAccounts[code], movementFen: facts.movements[code], balanceFen: facts.balances[code] };
  });
  return { day: facts.day, tallies: talliesOf(facts), accounts, differences: differencesOf(facts) };
}

export function differencesOf(facts: DayFacts): Difference[] {
  return [
    ...facts.credits.flatMap((credit) => creditDifferences(credit, facts.day)),
    ...facts.strayEntries.map(({ reference, amountFen, reversal }) =>
      found(reversal ? 'reversal-unlinked' : 'debit-unknown', reference, amountFen),
    ),
    ...facts.window
      .filter(({ method, atBank }) => method === 'transfer' && !atBank)
      .map((each) => found('window-slip', each.slipNumber, each.amountFen)),
    ...facts.orders.flatMap(orderDifferences),
    ...facts.openRefunds.map(({ reference, amountFen, reason, cause }) =>
      found(reason === 'returned' ? 'refund-returned' : 'refund-open', reference, amountFen, cause && refundCauses[cause]),
    ),
    ...facts.undebitedRefunds.map(({ reference, amountFen }) => found('refund-undebited', reference, amountFen)),
    ...facts.claims.map(({ reference, amountFen }) => found('claim', reference, amountFen)),
    ...ledgerDifferences(facts),
  ];
}

function creditDifferences(credit: CreditFact, day: CalendarDay): Difference[] {
  const { reference, amountFen, inLedgerFen, state, heldReason, bookedOn, postedOn } = credit;
  const noMoney = state === 'reversed' || heldReason === 'contradicted' || credit.windowReceipt;
  const expected = noMoney ? 0 : amountFen;
  const list: Difference[] = [];
  if (inLedgerFen !== expected) list.push(found('not-in-ledger', reference, fen(expected - inLedgerFen)));
  if (postedOn !== null && bookedOn !== postedOn && (bookedOn === day || postedOn === day))
    list.push(found('booked-another-day', reference, fen(bookedOn === day ? amountFen : -amountFen)));
  if (state === 'recorded') list.push(found('undecided', reference, amountFen));
  if (state === 'held') list.push(found('held', reference, fen(amountFen - credit.givenFen), heldReason && heldReasonWords[heldReason]));
  if (state === 'reversed') list.push(found('reversed', reference, amountFen));
  return list;
}

function orderDifferences(order: OrderFact): Difference[] {
  const { reference, receivedFen, inLedgerFen, completed, amountFen, earnedFen, givenBackFen, givingBackFen, invoiceFen } = order;
  const list: Difference[] = [];
  if (receivedFen !== inLedgerFen) list.push(found('order-differs', reference, fen(receivedFen - inLedgerFen)));
  const onceEarned = earnedFen + givenBackFen;
  if (completed && onceEarned !== amountFen) list.push(found('earned-differs', reference, fen(amountFen - onceEarned)));
  if (completed && invoiceFen === null) list.push(found('not-invoiced', reference, earnedFen));
  // The red invoice follows the payment: until then what goes back is invoiced still.
  const toInvoice = earnedFen + givingBackFen;
  if (invoiceFen !== null && invoiceFen !== toInvoice) list.push(found('invoice-differs', reference, fen(invoiceFen - toInvoice)));
  return list;
}

function ledgerDifferences({ day, balances }: DayFacts): Difference[] {
  const { received, ...elsewhere } = balances;
  const difference = received - Object.values(elsewhere).reduce<number>((sum, each) => sum + each, 0);
  return difference === 0 ? [] : [found('ledger-differs', day, fen(difference))];
}

function found(kind: DifferenceKind, reference: string, amountFen: Fen, why: { zh: string; en: string } | null = null): Difference {
  const { zh, en } = differenceKinds[kind];
  if (why === null) return { kind, reference, amountFen, zh, en };
  return { kind, reference, amountFen, zh: `${zh}：${why.zh}`, en: `${en}: ${why.en}` };
}

/** The day in figures, as finance reads it: how many, and how much. */
export interface Tally {
  readonly zh: string;
  readonly en: string;
  readonly count: number;
  readonly amountFen: Fen;
}

export function talliesOf({ day, credits, window, orders, movements }: DayFacts): Tally[] {
  const booked = credits.filter(({ bookedOn, heldReason }) => bookedOn === day && heldReason !== 'contradicted');
  const invoiced = orders.filter(({ invoiceFen }) => invoiceFen !== null);
  return [
    tally('银行入账', 'credits booked by the bank', booked),
    tally('窗口收款', 'taken at windows', window),
    {
      zh: '账簿实收',
      en: 'received by the ledger',
      count: credits.filter(({ postedOn }) => postedOn === day).length + window.length,
      amountFen: movements.received,
    },
    tally(
      '当日办结',
      'completed',
      orders.filter(({ completed }) => completed).map(({ earnedFen }) => ({ amountFen: earnedFen })),
    ),
    tally(
      '已开发票',
      'invoiced',
      invoiced.map(({ invoiceFen }) => ({ amountFen: invoiceFen ?? fen(0) })),
    ),
  ];
}

const tally = (zh: string, en: string, list: readonly { amountFen: Fen }[]): Tally => ({
  zh,
  en,
  count: list.length,
  amountFen: fen(list.reduce((sum, { amountFen }) => sum + amountFen, 0)),
});
