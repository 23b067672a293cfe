/** Which order a bank credit pays. A pure function from the credit and the orders to a decision with its reason; never a guess. */
import { referencesIn } from './application-number.js';
import { fen, type Fen } from './brand.js';
import { samePayer } from './names.js';
import type { Instant } from './time.js';

export interface Credit {
  readonly amountFen: Fen;
  readonly payerName: string;
  readonly payerAccountType: 'corporate' | 'personal';
  readonly remittance: string;
  readonly bookedAt: Instant;
  /** The order for which a window has taken this transfer already, by a slip that bears the bank's own number. */
  readonly takenFor?: string | null;
}

export interface PayableOrder {
  readonly id: string;
  /** The reference code an applicant writes into the remittance. */
  readonly reference: string;
  /** As it stood when the fee was ordered: what the organisation is called since changes nothing about who was to pay. */
  readonly certificateName: string;
  /** Tells organisations of one name apart. */
  readonly uscc: string;
  /**
   * `anybody` where the current key has proven who asks: then the reference alone says what the money is for. `on-the-spot` at a window: its
   * slip pays it, and no transfer does.
   */
  readonly payer: Payer;
  readonly amountFen: Fen;
  readonly receivedFen: Fen;
  readonly expiresAt: Instant;
  readonly status: 'open' | 'paid' | 'expired' | 'cancelled';
}

export type Payer = 'organisation' | 'anybody' | 'on-the-spot';

export type HeldReason =
  | 'contradicted'
  | 'at-window'
  | 'wrong-payer'
  | 'personal-account'
  | 'late'
  | 'paid-twice'
  | 'same-name'
  | 'several-orders'
  | 'several-named'
  | 'no-order'
  | 'unreadable-name';

/** What an order gets of a credit, and how it stands afterwards. The shares of a credit are together its amount. */
export interface Share {
  readonly orderId: string;
  /** With what is over the order, which is the surplus. */
  readonly amountFen: Fen;
  readonly result: 'exact' | 'completes' | 'short' | 'over';
  readonly missingFen: Fen;
  readonly surplusFen: Fen;
}

export type CreditDecision =
  | { readonly kind: 'matched'; readonly shares: readonly Share[] }
  | { readonly kind: 'held'; readonly reason: HeldReason; readonly orderId: string | null };

/**
 * Whether two reports under one bank reference tell of one credit. Push and statement may write time and remittance differently; another
 * amount, account or payer is another fact, and neither report is believed over the other.
 */
export function sameCredit(one: CreditReport, other: CreditReport): boolean {
  const [account, otherAccount] = [one, other].map(({ payerAccount }) => payerAccount.normalize('NFKC').replace(/\D/g, ''));
  // A report that leaves the account out does not contradict one that tells it.
  const sameAccount = account === otherAccount || account === '' || otherAccount === '';
  return one.amountFen === other.amountFen && samePayer(one.payerName, other.payerName) && sameAccount;
}
export interface CreditReport {
  readonly amountFen: number;
  readonly payerName: string;
  readonly payerAccount: string;
}

/** Orders are those that could be meant: same payer name, or named by their reference. Closed ones too, to tell late from unknown. */
export function matchCredit(credit: Credit, meantByPayer: readonly PayableOrder[]): CreditDecision {
  // In an order of their own, so that how they were read decides nothing.
  const all = [...meantByPayer].sort((one, other) => (one.id < other.id ? -1 : 1));
  const references = new Set(referencesIn(credit.remittance));
  // What a window takes is received there. As the bank books it, it is the same money, and pays no second order.
  const taken = credit.takenFor ?? all.find(({ payer, reference }) => payer === 'on-the-spot' && references.has(reference))?.id;
  if (taken !== undefined) return held('at-window', taken);
  const orders = all.filter(({ payer }) => payer !== 'on-the-spot');
  const named = orders.filter((order) => references.has(order.reference));
  const free = named.filter((order) => order.payer === 'anybody');
  const own = orders.filter((order) => free.includes(order) || samePayer(credit.payerName, order.certificateName));
  const ownNamed = named.filter((order) => own.includes(order));
  const hint = ownNamed[0]?.id ?? named[0]?.id ?? own[0]?.id ?? null;

  if (credit.payerName.trim() === '') return held('unreadable-name', hint);
  // G: the transfer proves identity only when it comes from the organisation's own account.
  const personal = credit.payerAccountType === 'personal';
  if (personal && free.length === 0) return held('personal-account', hint);
  // Also when the payer has an open order of its own: the remittance says the money is for another's, and nothing is guessed.
  if (named.length > 0 && ownNamed.length === 0) return held('wrong-payer', hint);
  if (own.length === 0) return held('no-order', hint);
  // Its name is all that a transfer says of the organisation: where two bear it, only a reference tells which one pays.
  if (ownNamed.length === 0 && new Set(own.map(({ uscc }) => uscc)).size > 1) return held('same-name', null);

  const meant = personal ? free : ownNamed.length > 0 ? ownNamed : own;
  const payable = meant.filter((order) => order.status === 'open' && credit.bookedAt <= order.expiresAt);
  if (named.length > 0 && references.size > 1) return sharedOut(credit, payable, references.size);
  const [order] = payable;
  if (!order) return held(meant.some((each) => each.status === 'paid') ? 'paid-twice' : 'late', hint);
  if (payable.length > 1) return held('several-orders', null);
  return { kind: 'matched', shares: [shareOf(order, credit.amountFen)] };
}

/** The remittance names several: each gets what it still lacks, when all of them may be paid and the credit is exactly their sum. */
function sharedOut(credit: Credit, payable: readonly PayableOrder[], named: number): CreditDecision {
  const due = payable.map((order) => fen(order.amountFen - order.receivedFen));
  if (payable.length < named || due.reduce((sum, each) => sum + each, 0) !== credit.amountFen) return held('several-named', null);
  return { kind: 'matched', shares: payable.map((order) => shareOf(order, fen(order.amountFen - order.receivedFen))) };
}

/** What an amount does to an order. Also for finance, who may give an order what the rules above have held. */
export function shareOf(order: Pick<PayableOrder, 'id' | 'amountFen' | 'receivedFen'>, amountFen: Fen): Share {
  const balance = order.receivedFen + amountFen - order.amountFen;
  const missingFen = fen(Math.max(0, -balance));
  const surplusFen = fen(Math.min(amountFen, Math.max(0, balance)));
  const paid = order.receivedFen > 0 ? 'completes' : 'exact';
  const result = missingFen > 0 ? 'short' : surplusFen > 0 ? 'over' : paid;
  return { orderId: order.id, amountFen, result, missingFen, surplusFen };
}

function held(reason: HeldReason, orderId: string | null): CreditDecision {
  return { kind: 'held', reason, orderId };
}

export const heldReasonWords: Record<HeldReason, { zh: string; en: string }> = {
  contradicted: { zh: '银行两次通知内容不一致（同一流水号）', en: 'the bank told this entry twice, differently' },
  'at-window': {
    zh: '款项注明窗口收费的缴费单，或与窗口转账凭证同号',
    en: 'it names an order that a window takes the money of, or bears the number of a slip that a window has taken',
  },
  'wrong-payer': { zh: '付款户名与证书名不一致', en: 'the payer is not the organisation of the order named' },
  'personal-account': { zh: '个人账户付款，须为单位对公账户', en: 'paid from a personal account' },
  late: { zh: '缴费单已过期', en: 'the order had expired or was closed' },
  'paid-twice': { zh: '缴费单已缴清，重复付款', en: 'the order is paid already' },
  'same-name': {
    zh: '同名单位不止一家（信用代码不同），未注明缴费码',
    en: 'several organisations bear this name, and no reference code says which',
  },
  'several-named': {
    zh: '附言列出多张缴费单，但金额不等于合计，或其中有不属于该单位、不能再缴的',
    en: 'several orders are named, and they are not all this payer’s, open, and together of this amount',
  },
  'several-orders': { zh: '该单位有多张待缴费单，未注明缴费码', en: 'several open orders and no reference code' },
  'no-order': { zh: '没有对应的缴费单', en: 'no order for this payer' },
  'unreadable-name': { zh: '付款户名为空', en: 'no payer name' },
};
