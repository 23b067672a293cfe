/**
 * The ledger's accounts and the postings between them, in fen. What came in stands against where it is now: whatever happens, what was
 * received is what is held, earned, owed back and paid back, together.
 */
import { fen, type Fen } from './brand.js';

export const ledgerAccounts = {
  /** Debit. Everything that came in, by bank or at a window. */
  received: { zh: '实收', en: 'received' },
  /** With an order: held for it until its case is completed. Without: nobody has said yet what it is for. */
  held: { zh: '暂存', en: 'held' },
  earned: { zh: '已确认收入', en: 'earned' },
  'to-refund': { zh: '待退', en: 'to refund' },
  refunded: { zh: '已退', en: 'refunded' },
} as const;
export type LedgerAccount = keyof typeof ledgerAccounts;

/** Why there is a posting. */
export const ledgerOccasions = [
  'credit-received',
  'window-received',
  'matched',
  'earned',
  'refund-due',
  'refund-paid',
  'refund-withdrawn',
  'explained',
  'credit-reversed',
] as const;
export type LedgerOccasion = (typeof ledgerOccasions)[number];

/** An account, and which credit, order and refund its money is about. Money of a window has no credit. */
export interface Place {
  readonly account: LedgerAccount;
  readonly creditId?: string | null;
  readonly orderId?: string | null;
  readonly refundId?: string | null;
}

/** One line of a posting. Debit is positive, so that the lines of a posting are together nothing. */
export interface LedgerLine extends Place {
  readonly amountFen: Fen;
}

/** What stands at a place, as money: nobody has to know on which side the account is kept. */
export interface Standing extends Place {
  readonly amountFen: Fen;
}

/** Money that came in goes from the first place to the second; further on, from place to place. */
export function moved(from: Place, to: Place, amountFen: Fen): LedgerLine[] {
  if (amountFen <= 0) throw new RangeError(`nothing to move: ${amountFen}`);
  return [
    { ...from, amountFen },
    { ...to, amountFen: fen(-amountFen) },
  ];
}

/** What a credit that the bank takes back is taken from, in this order; what was paid out already stays a claim on the payer: held below nothing. */
export function takenBack(standings: readonly Standing[], creditId: string, amountFen: Fen): LedgerLine[] {
  const lines: LedgerLine[] = [];
  let left: number = amountFen;
  for (const account of ['held', 'to-refund', 'earned'] as const) {
    for (const { amountFen: stands, ...place } of standings) {
      if (place.account !== account || stands <= 0 || left === 0) continue;
      const taken = fen(Math.min(left, stands));
      lines.push({ ...place, amountFen: taken });
      left -= taken;
    }
  }
  if (left > 0) lines.push({ account: 'held', creditId, amountFen: fen(left) });
  return [...lines, { account: 'received', creditId, amountFen: fen(-amountFen) }];
}
