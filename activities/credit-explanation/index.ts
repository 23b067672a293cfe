/** What finance says a held credit is, and what follows. Promises: it takes effect once, and only while the credit is still held. */
import { fen, moved, noteFits, shareOf, XinyinError, type Fen, type LedgerLine, type Share } from '#domain';
import { appendAudit, BankCredit, CreditExplanation, CreditExplanationShare, FeeOrder, heldForNobody, post } from '#persistence';
import { In, type EntityManager } from 'typeorm';
import type { RecordDeps } from '../deps.js';
import { bookAll, lockCasesOf, type CaseOfOrder, type Decided, type Told } from '../payment/index.js';
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
      const heldFen = await heldForNobody(tx, creditId);
      const means = await meansOf(tx, explanation, heldFen);
      const { noteCode } = explanation;
      const noted = noteCode === null || noteFits(noteCode, { reason: credit.heldReason, heldFen, creditFen: fen(credit.amountFen) });
      // Matched, paid, given away in part or taken back in the meantime: then there is nothing to explain any more, or something else.
      const fits = outcome === 'approved' && credit.state === 'held' && noted && means !== null;
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
      return { state: closed, creditId, told: fits ? await apply(tx, explanation, credit, means, now()) : null };
    });
  },
});

async function lockExplanation(tx: EntityManager, id: string): Promise<CreditExplanation> {
  return tx.findOneOrFail(CreditExplanation, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

/** What an explanation gives to whom, as things stand now. */
interface Means {
  heldFen: Fen;
  gives: readonly Share[];
  cases: CaseOfOrder;
}

/** Null where an order is not open any more, or less is left than was to be given. The cases are locked before their orders. */
async function meansOf(tx: EntityManager, explanation: CreditExplanation, heldFen: Fen): Promise<Means | null> {
  const wanted = await sharesOf(tx, explanation, heldFen);
  const cases = await lockCasesOf(
    tx,
    wanted.map(({ orderId }) => orderId),
  );
  const lock = { mode: 'pessimistic_write' } as const;
  const orders = await tx.find(FeeOrder, { where: { id: In(wanted.map(({ orderId }) => orderId)) }, order: { id: 'ASC' }, lock });
  const left = heldFen - wanted.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const isWhole = explanation.kind !== 'split' || (explanation.rest === null ? left === 0 : left > 0);
  // What contradicts another report is no money, and is told to be that.
  if ((heldFen <= 0 && explanation.kind !== 'other') || !isWhole || orders.some(({ status }) => status !== 'open')) return null;
  const gives = orders.map((order) => {
    const amountFen = fen(wanted.find(({ orderId }) => orderId === order.id)?.amountFen ?? 0);
    return shareOf({ ...order, amountFen: fen(order.amountFen), receivedFen: fen(order.receivedFen) }, amountFen);
  });
  return { heldFen, gives, cases };
}

async function sharesOf(
  tx: EntityManager,
  { id, orderId }: CreditExplanation,
  heldFen: Fen,
): Promise<{ orderId: string; amountFen: number }[]> {
  if (orderId !== null) return [{ orderId, amountFen: heldFen }];
  return tx.find(CreditExplanationShare, { where: { explanationId: id }, order: { orderId: 'ASC' } });
}

async function apply(
  tx: EntityManager,
  explanation: CreditExplanation,
  credit: BankCredit,
  { heldFen, gives, cases }: Means,
  at: Date,
): Promise<Decided | null> {
  const { id, kind, noteCode, proposedBy, rest } = explanation;
  const actor = { kind: 'staff', id: proposedBy } as const;
  const giveBack = (amountFen: number) =>
    oweBack(tx, { id, reason: 'held-credit', orderId: null, creditId: credit.id, amountFen, proposedBy, actor }, at);
  if (kind === 'allocation' || kind === 'split') {
    const explained = { by: actor, explanationId: id, rest: rest === 'refund' ? ('to-refund' as const) : rest };
    const booked = await bookAll(tx, [{ credit, decision: { kind: 'matched', shares: gives }, explained }], cases, at);
    if (rest === 'refund') await giveBack(heldFen - gives.reduce((sum, { amountFen }) => sum + amountFen, 0));
    return booked.get(credit.id) ?? null;
  }
  if (kind === 'refund') {
    await tx.update(BankCredit, { id: credit.id }, { state: 'to-refund' });
    await giveBack(heldFen);
    return null;
  }
  await tx.update(BankCredit, { id: credit.id }, { state: 'explained', noteCode });
  await post(tx, { occasion: 'explained', onceKey: `explained/${credit.id}`, at, lines: linesOf(explanation, credit.id, heldFen) });
  return null;
}

/** Other income is earned. What a window took has been received there, and is not received twice. */
function linesOf({ noteCode }: CreditExplanation, creditId: string, heldFen: Fen): LedgerLine[] {
  const held = { account: 'held', creditId } as const;
  if (noteCode === 'other-income') return moved(held, { account: 'earned', creditId }, heldFen);
  return noteCode === 'window-receipt' ? moved(held, { account: 'received', creditId }, heldFen) : [];
}

async function toldBefore(tx: EntityManager, explanation: CreditExplanation): Promise<Decided | null> {
  const shares = await sharesOf(tx, explanation, fen(0));
  const orders = await tx.find(FeeOrder, { where: { id: In(shares.map(({ orderId }) => orderId)) }, order: { id: 'ASC' } });
  const [first, ...others] = orders.map(({ applicationId, status }): Told => ({
    applicationId,
    result: status === 'paid' ? 'exact' : 'short',
  }));
  return first ? { ...first, ...(others.length > 0 && { others }) } : null;
}
