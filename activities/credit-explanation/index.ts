/** What finance says a held credit is, and what follows. Promises: it takes effect once, and only while the credit is still held. */
import { fen, moved, shareOf, XinyinError, type LedgerLine } from '#domain';
import { appendAudit, BankCredit, CreditExplanation, FeeOrder, post } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { RecordDeps } from '../deps.js';
import { bookAll, lockCasesOf, type Decided } from '../payment/index.js';
import { oweBack } from '../refund/index.js';

export interface ExplanationStanding {
  proposedBy: string;
  secondPerson: boolean;
}
export interface ExplanationApplied {
  state: 'applied' | 'rejected';
  creditId: string;
  /** Whose case is told that it was paid. */
  told: Decided | null;
}

export const explanationActivities = ({ data, now }: RecordDeps) => ({
  async openExplanation({ explanationId }: { explanationId: string }): Promise<ExplanationStanding> {
    return data.transaction(async (tx) => {
      const { startedAt, proposedBy, secondPerson } = await lockExplanation(tx, explanationId);
      if (startedAt === null) await tx.update(CreditExplanation, { id: explanationId }, { startedAt: now() });
      return { proposedBy, secondPerson };
    });
  },

  /** `by`: the second person; nobody where one was enough. */
  async closeExplanation({
    explanationId,
    outcome,
    by,
  }: {
    explanationId: string;
    outcome: 'approved' | 'rejected';
    by: string | null;
  }): Promise<ExplanationApplied> {
    return data.transaction(async (tx) => {
      const explanation = await lockExplanation(tx, explanationId);
      const { creditId, state, secondPerson, proposedBy } = explanation;
      // Asked again after an answer that was lost.
      if (state !== 'proposed') return { state, creditId, told: state === 'applied' ? await toldBefore(tx, explanation) : null };
      if (by === proposedBy || (secondPerson && by === null)) throw new XinyinError('FOUR_EYES');
      const credit = await tx.findOneOrFail(BankCredit, { where: { id: creditId }, lock: { mode: 'pessimistic_write' } });
      const order = await orderOf(tx, explanation);
      // Matched, paid or taken back in the meantime: then there is nothing to explain any more.
      const fits = outcome === 'approved' && credit.state === 'held' && (explanation.kind !== 'allocation' || order?.status === 'open');
      const closed = fits ? 'applied' : 'rejected';
      await tx.update(CreditExplanation, { id: explanationId }, { state: closed, decidedBy: by, decidedAt: now() });
      const actor = { kind: 'staff', id: by ?? proposedBy } as const;
      await appendAudit(tx, {
        subject: `bank-credit/${creditId}`,
        at: now(),
        actor,
        action: fits ? 'credit.explained' : 'credit.unexplained',
        details: { kind: explanation.kind, note: explanation.noteCode, order: explanation.orderId, explanation: explanationId },
        onceKey: `explanation-closed/${explanationId}`,
      });
      return { state: closed, creditId, told: fits ? await apply(tx, explanation, credit, order, now()) : null };
    });
  },
});

async function lockExplanation(tx: EntityManager, id: string): Promise<CreditExplanation> {
  return tx.findOneOrFail(CreditExplanation, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

async function orderOf(tx: EntityManager, { orderId }: CreditExplanation): Promise<FeeOrder | null> {
  return orderId === null ? null : tx.findOneOrFail(FeeOrder, { where: { id: orderId }, lock: { mode: 'pessimistic_write' } });
}

async function apply(
  tx: EntityManager,
  explanation: CreditExplanation,
  credit: BankCredit,
  order: FeeOrder | null,
  at: Date,
): Promise<Decided | null> {
  const { id, kind, noteCode, proposedBy } = explanation;
  const actor = { kind: 'staff', id: proposedBy } as const;
  const amountFen = fen(credit.amountFen);
  if (kind === 'allocation' && order) {
    const share = shareOf({ ...order, amountFen: fen(order.amountFen), receivedFen: fen(order.receivedFen) }, amountFen);
    const bookings = [{ credit, decision: { kind: 'matched', shares: [share] }, actor }] as const;
    return (await bookAll(tx, bookings, await lockCasesOf(tx, [order.id]), at)).get(credit.id) ?? null;
  }
  if (kind === 'refund') {
    await tx.update(BankCredit, { id: credit.id }, { state: 'to-refund' });
    await oweBack(tx, { id, reason: 'held-credit', orderId: null, creditId: credit.id, amountFen, proposedBy, actor }, at);
    return null;
  }
  await tx.update(BankCredit, { id: credit.id }, { state: 'explained', noteCode });
  await post(tx, { occasion: 'explained', onceKey: `explained/${credit.id}`, at, lines: linesOf(explanation, credit) });
  return null;
}

/** Other income is earned. What a window took has been received there, and is not received twice. */
function linesOf({ noteCode }: CreditExplanation, { id: creditId, amountFen }: BankCredit): LedgerLine[] {
  const held = { account: 'held', creditId } as const;
  if (noteCode === 'other-income') return moved(held, { account: 'earned', creditId }, fen(amountFen));
  return noteCode === 'window-receipt' ? moved(held, { account: 'received', creditId }, fen(amountFen)) : [];
}

async function toldBefore(tx: EntityManager, explanation: CreditExplanation): Promise<Decided | null> {
  const order = await orderOf(tx, explanation);
  return order && { applicationId: order.applicationId, result: order.status === 'paid' ? 'exact' : 'short' };
}
