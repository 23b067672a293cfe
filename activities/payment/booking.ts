/** What a decision about a credit does: to its orders, to the ledger, to the timelines of the cases. */
import { fen, heldReasonWords, moved, yuan, type Actor, type CreditDecision, type Share } from '#domain';
import { BankCredit, FeeOrder, post, standings } from '#persistence';
import type { EntityManager } from 'typeorm';
import { lockCase, moveCase } from '../casework/index.js';
import { oweBack } from '../refund/index.js';

export interface Told {
  applicationId: string;
  result: Share['result'] | 'held';
}
export interface Decided {
  /** Whose case is told; nobody's where the credit is nobody's. */
  applicationId: string | null;
  result: Share['result'] | 'held';
  /** The other cases, where one credit pays several. */
  others?: Told[];
}

/** Gives each order its share. What is over an order is owed back at once. */
export async function book(tx: EntityManager, credit: BankCredit, shares: readonly Share[], actor: Actor, at: Date): Promise<Decided> {
  const { id: creditId } = credit;
  const surplusFen = shares.reduce((sum, share) => sum + share.surplusFen, 0);
  const [first] = shares;
  const matched = { state: 'matched', orderId: first?.orderId ?? null, heldReason: null, surplusFen, decidedAt: at } as const;
  await tx.update(BankCredit, { id: creditId }, matched);
  const held = { account: 'held', creditId } as const;
  const lines = shares.flatMap(({ orderId, amountFen }) => moved(held, { ...held, orderId }, amountFen));
  await post(tx, { occasion: 'matched', onceKey: `matched/${creditId}`, at, lines });
  const told: Told[] = [];
  for (const share of shares) told.push(await bookShare(tx, credit, share, actor, at));
  return answerTo(told);
}

async function bookShare(tx: EntityManager, credit: BankCredit, share: Share, actor: Actor, at: Date): Promise<Told> {
  const { orderId, amountFen, missingFen, surplusFen, result } = share;
  const order = await tx.findOneByOrFail(FeeOrder, { id: orderId });
  const paid = missingFen === 0 ? { status: 'paid' as const, paidAt: at } : {};
  await tx.update(FeeOrder, { id: orderId }, { receivedFen: fen(order.receivedFen + amountFen), ...paid });
  const application = await lockCase(tx, order.applicationId);
  const details = { amount: yuan(amountFen), missing: missingFen, surplus: surplusFen, credit: credit.id };
  await moveCase(tx, application, {}, { action: 'payment.credited', details, actor, onceKey: `credit/${credit.id}` }, at);
  if (surplusFen > 0)
    await oweBack(tx, { reason: 'surplus', orderId, creditId: credit.id, amountFen: surplusFen, proposedBy: null, actor }, at);
  // Paid again for what was made already, after the bank had taken the first payment back.
  if (application.completedAt !== null) await earn(tx, orderId, `earned/${orderId}/${credit.id}`, at);
  return { applicationId: order.applicationId, result };
}

/** Completion: what is held for the order is the office's own from here on. */
export async function earn(tx: EntityManager, orderId: string, onceKey: string, at: Date): Promise<void> {
  const held = (await standings(tx, { orderId })).filter(({ account, amountFen }) => account === 'held' && amountFen > 0);
  const lines = held.flatMap(({ amountFen, ...place }) => moved(place, { ...place, account: 'earned' }, amountFen));
  await post(tx, { occasion: 'earned', onceKey, at, lines });
}

export async function hold(
  tx: EntityManager,
  credit: BankCredit,
  { reason, orderId }: CreditDecision & { kind: 'held' },
  at: Date,
): Promise<Decided> {
  await tx.update(BankCredit, { id: credit.id }, { state: 'held', heldReason: reason, orderId, decidedAt: at });
  if (orderId === null) return { applicationId: null, result: 'held' };
  const order = await tx.findOneByOrFail(FeeOrder, { id: orderId });
  const application = await lockCase(tx, order.applicationId);
  const words = heldReasonWords[reason];
  const details = { reason: words.zh, reasonEn: words.en, code: reason, credit: credit.id };
  const actor = { kind: 'bank', id: credit.source } as const;
  await moveCase(tx, application, {}, { action: 'payment.held', details, actor, onceKey: `credit/${credit.id}` }, at);
  return { applicationId: order.applicationId, result: 'held' };
}

/** What was decided before, as those concerned are to be told it now. */
export async function answerAgain(tx: EntityManager, credit: BankCredit): Promise<Decided> {
  if (credit.state === 'matched') {
    const orders: { application_id: string; status: FeeOrder['status'] }[] = await tx.query(
      `SELECT o.application_id, o.status FROM fee_order o WHERE o.id IN (SELECT order_id FROM ledger_line WHERE credit_id = $1) ORDER BY o.id`,
      [credit.id],
    );
    return answerTo(orders.map((order) => ({ applicationId: order.application_id, result: order.status === 'paid' ? 'exact' : 'short' })));
  }
  const order = credit.state === 'held' && credit.orderId !== null ? await tx.findOneBy(FeeOrder, { id: credit.orderId }) : null;
  return { applicationId: order?.applicationId ?? null, result: 'held' };
}

function answerTo([first, ...others]: Told[]): Decided {
  if (!first) return { applicationId: null, result: 'held' };
  return others.length === 0 ? first : { ...first, others };
}

/** Money that came at a window is held for its order like any other. */
export async function receiveAtWindow(tx: EntityManager, orderId: string, amountFen: number, at: Date): Promise<void> {
  const lines = moved({ account: 'received', orderId }, { account: 'held', orderId }, fen(amountFen));
  await post(tx, { occasion: 'window-received', onceKey: `window/${orderId}`, at, lines });
}
