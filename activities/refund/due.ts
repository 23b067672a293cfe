/** What is owed back begins here, in the transaction that makes it so: the row, the ledger, the audit. The sweep starts its run. */
import {
  fen,
  moved,
  refundedFrom,
  refundReasons,
  XinyinError,
  yuan,
  type Actor,
  type Place,
  type RefundReason,
  type Standing,
} from '#domain';
import {
  appendAudit,
  BankCredit,
  FeeOrder,
  insertRows,
  post,
  postAll,
  Refund,
  RefundProposal,
  standings,
  type AuditRecord,
} from '#persistence';
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
  /** A member of staff; nobody where the office owes it by itself, until a person has said so. */
  proposedBy: string | null;
  /** Where a person said why: the row of it. */
  proposalId?: string | null;
  actor: Actor;
}

/** Owes an amount that is held, or was earned. For one reason, order and credit it is owed once. */
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
    named.map(({ id, reason, creditId, orderId, amountFen }) => {
      const about = { creditId, orderId };
      const lines = moved({ account: refundedFrom(reason), ...about }, { account: 'to-refund', ...about, refundId: id }, fen(amountFen));
      return { occasion: 'refund-due', onceKey: `refund-due/${id}`, at, lines };
    }),
  );
  return named.filter(({ id }) => fresh.has(`refund-due/${id}`)).map((owed) => dueRecord(owed, at));
}

function dueRecord({ id, subject, actor, reason, amountFen }: Omit<OwedWithPayer, 'payer'> & { id: string }, at: Date): AuditRecord {
  const { zh, en } = refundReasons[reason];
  const details = { amount: yuan(fen(amountFen)), reason: zh, reasonEn: en, refund: id };
  return { subject, at, actor, action: 'refund.due', details, onceKey: `refund-due/${id}` };
}

function rowOf({ payer, actor: _, subject: __, proposalId = null, ...owed }: OwedWithPayer & { id: string }, at: Date) {
  const payee = payer && payer.payerName.trim() !== '' && payer.payerAccount.trim() !== '' ? payer : null;
  const row = { ...owed, proposalId, state: 'due' as const, dueSince: at, attempt: 1 };
  return { ...row, payeeName: payee?.payerName ?? null, payeeAccount: payee?.payerAccount ?? null };
}

/**
 * The bank took the payment of a refund back, so its money is here again. It is owed as before, to an account that finance has yet to give. Where
 * the credit it was of was taken back meanwhile, nothing is owed: it settles what the payer owed. Asked again, it changes nothing.
 */
export async function oweAgain(
  tx: EntityManager,
  { id, creditId }: Pick<Refund, 'id' | 'creditId'>,
  actor: Actor,
  at: Date,
): Promise<void> {
  // The credit first, as whoever takes it back does.
  const lock = { mode: 'pessimistic_write' as const };
  const credit = creditId === null ? null : await tx.findOneOrFail(BankCredit, { where: { id: creditId }, lock });
  const refund = await tx.findOneOrFail(Refund, { where: { id }, lock });
  const paid = (await standings(tx, { refundId: id })).filter(({ account }) => account === 'refunded');
  const to = (target: (place: Place) => Place) => paid.flatMap(({ amountFen, ...place }) => moved(place, target(place), amountFen));
  const posting = { onceKey: `refund-returned/${id}`, at };
  if (credit?.state === 'reversed') {
    const lines = to(() => ({ account: 'held', creditId }));
    await post(tx, { ...posting, occasion: 'refund-withdrawn', lines });
    return;
  }
  const again = uuidOf(`returned/${id}`, REFUNDS);
  const { orderId, amountFen, returnedOf } = refund;
  const owed = { id: again, reason: 'returned', orderId, creditId, amountFen, proposedBy: null, actor } as const;
  const subject = await chainOf(tx, refund);
  const row = rowOf({ ...owed, subject, payer: null }, at);
  await insertRows(tx, Refund, [{ ...row, returnedOf: returnedOf ?? id }], { orIgnore: true });
  const lines = to((place) => ({ ...place, account: 'to-refund', refundId: again }));
  if (await post(tx, { ...posting, occasion: 'refund-due', lines })) await appendAudit(tx, dueRecord({ ...owed, subject }, at));
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

export interface EarnedProposal {
  id: string;
  orderId: string;
  amountFen: number;
  by: string;
}

/**
 * Finance gives back of what was earned, from the credits that brought it, one refund for each; what came at a window, to an account that is
 * given. Proposed again under its id, it answers the same refunds.
 * @throws XinyinError REFUND_TOO_MUCH, IDEMPOTENCY_KEY_REUSED
 */
export async function oweBackEarned(tx: EntityManager, { id, orderId, amountFen, by }: EarnedProposal, at: Date): Promise<string[]> {
  const nth = (index: number) => uuidOf(`${id}/${index}`, REFUNDS);
  const known: Refund[] = [];
  for (let next = await tx.findOneBy(Refund, { id: nth(0) }); next; next = await tx.findOneBy(Refund, { id: nth(known.length) }))
    known.push(next);
  if (known.length > 0) {
    const same = known.every((each) => each.orderId === orderId) && sumOf(known) === amountFen;
    if (!same) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
    return known.map((each) => each.id);
  }
  const earned = (await standings(tx, { orderId })).filter((place) => place.account === 'earned' && place.amountFen > 0);
  if (sumOf(earned) < amountFen) throw new XinyinError('REFUND_TOO_MUCH');
  const proposal = await tx.findOneBy(RefundProposal, { id });
  const owed: string[] = [];
  for (let left = amountFen; left > 0;) {
    const { creditId = null, amountFen: stands } = earned[owed.length] ?? { amountFen: 0 };
    const part = Math.min(left, stands);
    const refund = { id: nth(owed.length), reason: 'after-completion', orderId, creditId, amountFen: part } as const;
    await oweBack(tx, { ...refund, proposalId: proposal?.id ?? null, proposedBy: by, actor: { kind: 'staff', id: by } }, at);
    owed.push(refund.id);
    left -= part;
  }
  return owed;
}

const sumOf = (list: readonly { amountFen: number }[]) => list.reduce((sum, { amountFen }) => sum + amountFen, 0);
