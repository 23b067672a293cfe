/** What finance decides: why money is owed back, what becomes of a credit that was held, and when a second person has to agree. */
import type { Fen } from './brand.js';
import type { Credit, HeldReason, Payer } from './credit-matching.js';
import { samePayer } from './names.js';

export const refundReasons = {
  'early-close': { zh: '申请未办成', en: 'the case ended without what was paid for' },
  surplus: { zh: '多付', en: 'more was paid than asked for' },
  'held-credit': { zh: '款项无对应业务', en: 'the credit pays nothing of ours' },
  'after-completion': { zh: '办结后退费', en: 'given back after completion' },
  returned: { zh: '退款被银行退回', en: 'the bank took the payment of a refund back' },
} as const;
export type RefundReason = keyof typeof refundReasons;

/** Where the money stands until it is owed back; turned down, it stands there again. What had been paid back is owed anew. */
export function refundedFrom(reason: RefundReason): 'held' | 'earned' | 'refunded' {
  switch (reason) {
    case 'after-completion':
      return 'earned';
    case 'returned':
      return 'refunded';
    case 'early-close':
    case 'surplus':
    case 'held-credit':
      return 'held';
  }
}

/** Two persons stand behind every refund: neither who proposed it nor who gave the account it goes to decides on it. */
export const mayDecideRefund = (refund: RefundHands, by: string): boolean => by !== refund.proposedBy && by !== refund.payeeGivenBy;
export interface RefundHands {
  /** Members of staff. */
  readonly proposedBy: string | null;
  readonly payeeGivenBy: string | null;
}

/** A person proposed it, and another may turn it down. What the office owes by itself is owed. */
export const mayTurnDown = (reason: RefundReason): boolean => reason === 'held-credit' || reason === 'after-completion';

/** D: why finance gives back of what was earned. What a person adds in words stands in its row, and nowhere else. Decision 0047. */
export const refundCauses = {
  'charged-in-error': { zh: '收费有误', en: 'charged in error' },
  'paid-twice': { zh: '重复缴费', en: 'paid twice for one thing' },
  'not-provided': { zh: '服务未按约提供', en: 'the service was not provided as promised' },
  complaint: { zh: '投诉处理', en: 'a complaint was settled' },
  other: { zh: '其他', en: 'something else' },
} as const;
export type RefundCause = keyof typeof refundCauses;

/** One that says nothing by itself is told in words. */
export const causeNeedsNote = (cause: RefundCause): boolean => cause === 'other';

/**
 * due: a person has to approve it. approved: the bank is being told. ordered: the bank has taken it, and its word is awaited. failed: the
 * bank could not, and finance gives another account. Then it is due again.
 */
export type RefundState = 'due' | 'approved' | 'ordered' | 'paid' | 'failed' | 'withdrawn';

/** Why the bank could not pay, in its own words as codes. */
export const transferFailures = {
  'account-closed': { zh: '收款账户已销户', en: 'the account is closed' },
  'name-differs': { zh: '收款户名与账号不符', en: 'the name is not that of the account' },
  'account-unknown': { zh: '收款账号不存在', en: 'there is no such account' },
  other: { zh: '银行退回', en: 'returned by the bank' },
} as const;
export type TransferFailure = keyof typeof transferFailures;

/** What finance has to see to since the bank took back, or contradicted, what it had said. */
export const financeMatters = {
  'credit-reversed': { zh: '到账被冲正，已签发或已退款', en: 'a credit was taken back after something was issued or refunded for it' },
  'refund-contradicted': { zh: '银行对同一退款前后说法不一', en: 'the bank contradicts itself about a refund' },
  'refund-returned': { zh: '已付退款被银行退回，待重新退款', en: 'a refund that was paid came back: it is owed again' },
} as const;
export type FinanceMatterKind = keyof typeof financeMatters;

/** allocation: all that is held goes to one order. split: to several, each its amount. */
export type ExplanationKind = 'allocation' | 'split' | 'refund' | 'other';
/** What becomes of what a split gives to no order. */
export type SplitRest = 'held' | 'refund';
/** What a held credit was, when it is neither an order's nor to be given back. */
export const creditNotes = {
  'window-receipt': { zh: '窗口已收款的银行入账', en: 'what a window took, as the bank books it' },
  'other-income': { zh: '其他收入（利息等）', en: 'other income, such as interest' },
  'told-twice': { zh: '银行重复或错误通知', en: 'told by the bank by mistake' },
} as const;
export type CreditNote = keyof typeof creditNotes;

/** A split says to the fen where all of it goes: to orders, each once, and to a rest that is named where there is one. */
export function splitFault(
  heldFen: Fen,
  shares: readonly { readonly order: string; readonly amountFen: number }[],
  rest: SplitRest | null,
): { field: 'shares' | 'rest'; code: 'SPLIT_SUM' | 'FIELD_REQUIRED' | 'FIELD_UNKNOWN' | 'FIELD_CHOICE' } | null {
  if (new Set(shares.map(({ order }) => order)).size < shares.length) return { field: 'shares', code: 'FIELD_CHOICE' };
  const left = heldFen - shares.reduce((sum, { amountFen }) => sum + amountFen, 0);
  if (left < 0) return { field: 'shares', code: 'SPLIT_SUM' };
  if (left > 0 && rest === null) return { field: 'rest', code: 'FIELD_REQUIRED' };
  return left === 0 && rest !== null ? { field: 'rest', code: 'FIELD_UNKNOWN' } : null;
}

/**
 * One person's word does not stand, however little it is about, where a wrong payer's money is explained as anything; where the transfer is
 * the proof of who asks, and it is not plainly the organisation's own; where what a window has taken already is given to an order once more.
 * Else from the office's limit on. A refund is approved by a second person at the refund itself.
 */
export function needsSecondPerson(
  explanation: { kind: ExplanationKind; heldReason: HeldReason; amountFen: Fen; payer: Payer | null; ownMoney: boolean },
  limitFen: Fen,
): boolean {
  const { kind, heldReason, amountFen, payer, ownMoney } = explanation;
  if (kind === 'refund') return false;
  const givesToOrder = kind === 'allocation' || kind === 'split';
  const standsForProof = givesToOrder && payer === 'organisation' && !ownMoney;
  const paysTwice = givesToOrder && heldReason === 'at-window';
  return heldReason === 'wrong-payer' || standsForProof || paysTwice || amountFen > limitFen;
}

/** Whether a credit proves the organisation of an order: its own name, its own account, and no other of that name that could have paid. */
export function isOwnMoney(
  credit: Pick<Credit, 'payerName' | 'payerAccountType'> & { heldReason: HeldReason | null },
  certificateName: string,
): boolean {
  const unmistaken = credit.heldReason !== 'same-name' && credit.payerName.trim() !== '';
  return unmistaken && credit.payerAccountType === 'corporate' && samePayer(credit.payerName, certificateName);
}

/**
 * Which note may explain what: a report that contradicts another is no money, and whatever is money is something. What a window took came
 * as one amount: a credit of which a part was given to an order is no receipt of a window any more.
 */
export function noteFits(note: CreditNote, held: { reason: HeldReason | null; heldFen: Fen; creditFen: Fen }): boolean {
  if (note === 'window-receipt' && held.heldFen !== held.creditFen) return false;
  return (note === 'told-twice') === (held.reason === 'contradicted');
}

/** Under which key the bank is told to pay: one for each order to it, and another only after it has failed. */
export const paymentKey = (refundId: string, attempt: number) => `refund-${refundId}-${attempt}`;

export function refundOfPayment(key: string): { refundId: string; attempt: number } | null {
  const [, refundId, attempt] = /^refund-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,6})$/.exec(key) ?? [];
  return refundId === undefined || attempt === undefined ? null : { refundId, attempt: Number(attempt) };
}
