/** What is owed back begins here, in the transaction that makes it so: the row, the ledger, the audit. The sweep starts its run. */
import { fen, moved, refundReasons, yuan, type Actor, type RefundReason, type Standing } from '#domain';
import { appendAudit, BankCredit, FeeOrder, insertRows, postAll, Refund, type AuditRecord } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v5 as uuidOf } from 'uuid';

/** Refunds are named by what they are for, in this space. */
const REFUNDS = '6c0b7a52-5a0f-5b7e-9d0a-2f6f3c1d8e11';

export interface Owed {
  /** Where the same may be owed again after it was turned down; else it follows from what it is for. */
  id?: string;
  reason: RefundReason;
  orderId: string | null;
  /** None where it was taken at a window: then finance gives the account it goes to. */
  creditId: string | null;
  amountFen: number;
  /** A member of staff; nobody where the system proposes it. */
  proposedBy: string | null;
  actor: Actor;
}

/** Owes an amount that is held. For one reason, order and credit it is owed once. */
export async function oweBack(tx: EntityManager, owed: Owed, at: Date): Promise<void> {
  const subject = await chainOf(tx, owed);
  const credit = owed.creditId === null ? null : await tx.findOneByOrFail(BankCredit, { id: owed.creditId });
  const [record] = await oweAll(tx, [{ ...owed, subject, payer: credit }], at);
  if (record) await appendAudit(tx, record);
}

/** For one reason, order and credit there is one refund. */
export const refundIdOf = ({ reason, orderId, creditId }: Pick<Owed, 'reason' | 'orderId' | 'creditId'>) =>
  uuidOf([reason, orderId, creditId].join('/'), REFUNDS);

export interface OwedWithPayer extends Owed {
  /** The audit chain it belongs to, see `chainOf`. */
  subject: string;
  payer: Pick<BankCredit, 'payerName' | 'payerAccount'> | null;
}

/** Many at once. Answers what is to be written into the audit of those that are new. */
export async function oweAll(tx: EntityManager, all: readonly OwedWithPayer[], at: Date): Promise<AuditRecord[]> {
  const named = all.map((owed) => ({ ...owed, id: owed.id ?? refundIdOf(owed) }));
  await insertRows(
    tx,
    Refund,
    named.map((owed) => rowOf(owed, at)),
    { orIgnore: true },
  );
  const fresh = await postAll(
    tx,
    named.map(({ id, creditId, orderId, amountFen }) => {
      const about = { creditId, orderId };
      const lines = moved({ account: 'held', ...about }, { account: 'to-refund', ...about, refundId: id }, fen(amountFen));
      return { occasion: 'refund-due', onceKey: `refund-due/${id}`, at, lines };
    }),
  );
  return named
    .filter(({ id }) => fresh.has(`refund-due/${id}`))
    .map(({ id, subject, actor, reason, amountFen }) => {
      const { zh, en } = refundReasons[reason];
      const details = { amount: yuan(fen(amountFen)), reason: zh, reasonEn: en, refund: id };
      return { subject, at, actor, action: 'refund.due', details, onceKey: `refund-due/${id}` };
    });
}

function rowOf({ id, orderId, creditId, reason, amountFen, proposedBy, payer }: OwedWithPayer & { id: string }, at: Date) {
  const payee = payer && payer.payerName.trim() !== '' && payer.payerAccount.trim() !== '' ? payer : null;
  const row = { id, orderId, creditId, reason, amountFen, proposedBy, state: 'due' as const, dueSince: at, attempt: 1 };
  return { ...row, payeeName: payee?.payerName ?? null, payeeAccount: payee?.payerAccount ?? null };
}

/** A case that ended without its purpose: what its order holds is owed back, each part to where it came from. */
export async function oweBackHeld(tx: EntityManager, orderId: string, held: readonly Standing[], actor: Actor, at: Date): Promise<void> {
  for (const { account, creditId = null, amountFen } of held) {
    if (account === 'held' && amountFen > 0)
      await oweBack(tx, { reason: 'early-close', orderId, creditId, amountFen, proposedBy: null, actor }, at);
  }
}

/** The audit chain that money belongs to: its case's, or the credit's own where it has none. */
export async function chainOf(tx: EntityManager, about: { orderId: string | null; creditId: string | null }): Promise<string> {
  if (about.orderId === null) return `bank-credit/${about.creditId}`;
  const { applicationId } = await tx.findOneByOrFail(FeeOrder, { id: about.orderId });
  return `application/${applicationId}`;
}
