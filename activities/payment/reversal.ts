/**
 * A credit that the bank takes back. Its money leaves the ledger from where it stands. An order that lacks it is open again, also after
 * issuing: who pays it then has paid what is owed. Only where its case has ended without its purpose it is closed, since nothing is asked for
 * there any more. Nothing is revoked by itself: what was issued is a matter for finance.
 */
import { fen, takenBack, yuan, type Standing } from '#domain';
import { Application, appendAudit, BankCredit, Certificate, FeeOrder, openFinanceCase, post, Refund, standings } from '#persistence';
import { In, type EntityManager } from 'typeorm';
import { chainOf } from '../refund/index.js';

export interface Reversal {
  /** Orders that are open again; those of a case that has ended stay closed. */
  reopened: string[];
  /** Refunds of this credit that are not paid any more, since there is nothing to give back. */
  withdrawn: string[];
}

/** Asked again, it finds the credit reversed and changes nothing. */
export async function takeBack(tx: EntityManager, creditId: string, at: Date): Promise<Reversal> {
  const credit = await tx.findOneOrFail(BankCredit, { where: { id: creditId }, lock: { mode: 'pessimistic_write' } });
  if (credit.state === 'reversed') return withdrawnFor(tx, creditId);
  const inLedger = credit.heldReason !== 'contradicted' && credit.noteCode !== 'window-receipt';
  const shares = await sharesOf(tx, creditId);
  const orders = await tx.find(FeeOrder, {
    where: { id: In(shares.map(({ order_id }) => order_id)) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const refunds = await tx.find(Refund, { where: { creditId }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  const open = refunds.filter(({ state }) => state === 'due' || state === 'failed');
  await tx.update(BankCredit, { id: creditId }, { state: 'reversed', noteCode: null, reversedAt: at });
  await tx.update(Refund, { id: In(open.map(({ id }) => id)) }, { state: 'withdrawn' });
  const places = await standings(tx, { creditId });
  if (inLedger) {
    // What the bank is being told to pay, or has paid, is not there to be taken.
    const there = ({ account, refundId }: Standing) => account !== 'to-refund' || open.some(({ id }) => id === refundId);
    const lines = takenBack(places.filter(there), creditId, fen(credit.amountFen));
    await post(tx, { occasion: 'credit-reversed', onceKey: `reversed/${creditId}`, at, lines });
  }
  const event = { at, actor: { kind: 'bank', id: credit.source }, action: 'credit.reversed' } as const;
  const told = { details: { amount: yuan(fen(credit.amountFen)), credit: creditId }, onceKey: `reversed/${creditId}` };
  if (orders.length === 0) await appendAudit(tx, { ...event, ...told, subject: `bank-credit/${creditId}` });
  for (const order of orders) {
    const share = Number(shares.find(({ order_id }) => order_id === order.id)?.share ?? 0);
    await reopen(tx, order, share);
    await appendAudit(tx, { ...event, ...told, subject: await chainOf(tx, { orderId: order.id, creditId }) });
    if (await tx.existsBy(Certificate, { applicationId: order.applicationId }))
      await openCase(tx, { creditId, orderId: order.id, amountFen: share }, at);
  }
  // What was paid and came back is here, and was taken.
  const out = places.some(({ account }) => account === 'refunded');
  const gone = out || refunds.some(({ state }) => state === 'approved' || state === 'ordered');
  if (gone) await openCase(tx, { creditId, orderId: null, amountFen: credit.amountFen }, at);
  return withdrawnFor(tx, creditId);
}

async function withdrawnFor(tx: EntityManager, creditId: string): Promise<Reversal> {
  const withdrawn = await tx.findBy(Refund, { creditId, state: 'withdrawn' });
  const shares = await sharesOf(tx, creditId);
  const reopened = await tx.findBy(FeeOrder, { id: In(shares.map(({ order_id }) => order_id)), status: 'open' });
  return { reopened: reopened.map(({ id }) => id).sort(), withdrawn: withdrawn.map(({ id }) => id).sort() };
}

/** What each order got when the credit was matched. */
async function sharesOf(tx: EntityManager, creditId: string): Promise<{ order_id: string; share: string }[]> {
  return tx.query(
    `SELECT l.order_id, -sum(l.amount_fen) AS share FROM ledger_line l JOIN ledger_posting p ON p.id = l.posting_id
     WHERE l.credit_id = $1 AND p.occasion = 'matched' AND l.order_id IS NOT NULL GROUP BY l.order_id`,
    [creditId],
  );
}

async function reopen(tx: EntityManager, order: FeeOrder, share: number): Promise<void> {
  order.receivedFen -= share;
  if (order.status === 'paid' && order.receivedFen < order.amountFen) {
    // Read after its order is locked: a case that ends at this moment closes its order itself, before or after.
    const { closedAt, completedAt } = await tx.findOneByOrFail(Application, { id: order.applicationId });
    const ended = closedAt !== null && completedAt === null;
    Object.assign(order, { status: ended ? 'cancelled' : 'open', paidAt: null });
  }
  await tx.save(order);
}

async function openCase(
  tx: EntityManager,
  about: { creditId: string; orderId: string | null; amountFen: number },
  at: Date,
): Promise<void> {
  const onceKey = `credit-reversed/${about.creditId}/${about.orderId ?? 'refunded'}`;
  const noted = {
    subject: await chainOf(tx, about),
    actor: { kind: 'system', id: 'workflow' },
    details: { credit: about.creditId },
  } as const;
  await openFinanceCase(tx, { kind: 'credit-reversed', onceKey, ...about, ...noted }, at);
}
