/**
 * Money that goes back. Promises: two persons stand behind every order to the bank, also of what the office owes by itself; an order has one key
 * for ever, and another is given only when the bank has said that it could not pay; what was paid is booked once.
 */
import {
  fen,
  mayDecideRefund,
  mayTurnDown,
  moved,
  paymentKey,
  refundedFrom,
  transferFailures,
  XinyinError,
  yuan,
  type Actor,
  type AuditAction,
  type Place,
  type TransferFailure,
} from '#domain';
import { appendAudit, BankCredit, FeeOrder, FinanceCase, post, Refund, RefundPayee, standings, type AuditRecord } from '#persistence';
import { IsNull, Like, type EntityManager } from 'typeorm';
import type { BusinessDeps, RecordDeps } from '../deps.js';
import { queueRefundInvoices } from '../invoice/index.js';
import { requireOperator } from '../operators/index.js';
import { chainOf, oweBackEarned, type EarnedProposal } from './due.js';

export { chainOf, oweAgain, oweAll, oweBack, oweBackHeld, refundIdOf, type Owed, type OwedWithPayer } from './due.js';

export interface RefundAttempt {
  refundId: string;
  attempt: number;
}
/** What its run has to know. No names, no accounts: those stay in the row. */
export interface RefundStanding {
  state: Refund['state'];
  attempt: number;
  /** Neither of the two may approve it. Nobody has proposed yet what the office owes by itself: the first word does. */
  proposedBy: string | null;
  payeeGivenBy: string | null;
  /** There is an account it can go to. */
  payable: boolean;
  /** A person proposed it, and another may turn it down. What the office owes by itself is owed. */
  rejectable: boolean;
}
export interface PaymentAnswer {
  status: 'accepted' | 'settled' | 'failed';
  failure?: TransferFailure | undefined;
}

export const refundRecordActivities = ({ data, now }: RecordDeps) => ({
  /** Of what was earned; another person approves it. */
  async proposeRefund(proposal: EarnedProposal): Promise<{ refundIds: string[] }> {
    return data.transaction(async (tx) => {
      await tx.findOneOrFail(FeeOrder, { where: { id: proposal.orderId }, lock: { mode: 'pessimistic_write' } });
      return { refundIds: await oweBackEarned(tx, proposal, now()) };
    });
  },

  async openRefund({ refundId }: { refundId: string }): Promise<RefundStanding> {
    return data.transaction(async (tx) => {
      const refund = await lockRefund(tx, refundId);
      await tx.update(Refund, { id: refundId }, { startedAt: refund.startedAt ?? now() });
      return standingOf(refund);
    });
  },

  /**
   * A person's word: the first on what the office owes by itself proposes it, the second approves. A refund that was withdrawn meanwhile is
   * not paid, whoever agrees.
   */
  async decideRefund({ refundId, attempt, outcome, by }: RefundAttempt & { outcome: 'approved' | 'rejected'; by: string }) {
    return data.transaction(async (tx): Promise<'proposed' | 'approved' | 'withdrawn'> => {
      const refund = await lockRefund(tx, refundId);
      if (refund.state === 'withdrawn') return 'withdrawn';
      if (refund.attempt !== attempt || refund.state !== 'due') return refund.approvedBy === by ? 'approved' : refuse('ALREADY_DECIDED');
      const actor = { kind: 'staff', id: by } as const;
      if (outcome === 'approved' && isFirstWord(refund, by)) {
        await propose(tx, refund, actor, now());
        return 'proposed';
      }
      if (!mayDecideRefund(refund, by)) throw new XinyinError('FOUR_EYES');
      if (outcome === 'rejected') {
        await withdraw(tx, refund, actor, now());
        return 'withdrawn';
      }
      if (refund.payeeAccount === null) throw new XinyinError('REFUND_PAYEE_MISSING');
      // The order before may have been paid after all: no other goes out until a person knows.
      const doubtful = {
        kind: 'refund-contradicted',
        onceKey: Like(`%${paymentKey(refundId, 0).slice(0, -1)}%`),
        closedAt: IsNull(),
      } as const;
      if (await tx.existsBy(FinanceCase, doubtful)) throw new XinyinError('REFUND_CONTRADICTED');
      await tx.update(Refund, { id: refundId }, { state: 'approved', approvedBy: by, approvedAt: now() });
      await note(
        tx,
        refund,
        { action: 'refund.approved', actor, details: { attempt }, onceKey: `refund-approved/${refundId}/${attempt}` },
        now(),
      );
      return 'approved';
    });
  },

  /**
   * Another account, given by a person: a second one has to approve it, and after a failure it is another order to the bank. Where nobody has
   * proposed it, this is the first word.
   */
  async redirectRefund({ refundId, payeeId }: { refundId: string; payeeId: string }): Promise<RefundStanding> {
    return data.transaction(async (tx) => {
      const refund = await lockRefund(tx, refundId);
      const payee = await tx.findOneByOrFail(RefundPayee, { id: payeeId, refundId });
      const actor = { kind: 'staff', id: payee.givenBy } as const;
      const fresh = await note(tx, refund, { action: 'refund.payee-given', actor, onceKey: `refund-payee/${payeeId}` }, now());
      if (!fresh) return standingOf(refund);
      if (refund.state !== 'due' && refund.state !== 'failed') throw new XinyinError('STAGE_REFUSES');
      const attempt = refund.state === 'failed' ? refund.attempt + 1 : refund.attempt;
      const hands = { proposedBy: refund.proposedBy ?? payee.givenBy, payeeGivenBy: payee.givenBy };
      const to = { payeeName: payee.name, payeeAccount: payee.account, ...hands };
      const anew = { ...to, attempt, state: 'due', approvedBy: null, approvedAt: null, bankReference: null } as const;
      await tx.update(Refund, { id: refundId }, anew);
      return standingOf({ ...refund, ...anew });
    });
  },

  /** Answers the invoice that somebody is to be told of, where one was made for the money. Nothing is answered by histories of before. */
  async settleRefund({
    refundId,
    attempt,
  }: RefundAttempt): Promise<{ invoiceId: string; applicationId: string; left: boolean } | undefined> {
    return data.transaction(async (tx) => {
      const refund = await lockRefund(tx, refundId);
      if (refund.state === 'paid') return queueRefundInvoices(tx, refund, now());
      if (refund.attempt !== attempt) throw new XinyinError('STAGE_REFUSES');
      await tx.update(Refund, { id: refundId }, { state: 'paid', failure: null, settledAt: now() });
      await post(tx, {
        occasion: 'refund-paid',
        onceKey: `refund-paid/${refundId}`,
        at: now(),
        lines: await movedOut(tx, refundId, (place) => ({ ...place, account: 'refunded' })),
      });
      const details = { amount: yuan(fen(refund.amountFen)) };
      await note(tx, refund, { action: 'refund.paid', actor: BANK, details, onceKey: `refund-paid/${refundId}` }, now());
      return queueRefundInvoices(tx, refund, now());
    });
  },

  async failRefund({ refundId, attempt, failure }: RefundAttempt & { failure: TransferFailure }): Promise<void> {
    await data.transaction(async (tx) => {
      const refund = await lockRefund(tx, refundId);
      const { zh, en } = transferFailures[failure];
      const details = { reason: zh, reasonEn: en, code: failure, attempt };
      const event = { action: 'refund.failed', actor: BANK, details, onceKey: `refund-failed/${refundId}/${attempt}` } as const;
      if (await note(tx, refund, event, now())) await tx.update(Refund, { id: refundId }, { state: 'failed', failure });
    });
  },

  /** Nobody knows whether the bank has taken the order: a person asks it, and the same order is given again under its own key. */
  async noteUnclearRefund({ refundId, code }: { refundId: string; code: string }): Promise<void> {
    await data.transaction(async (tx) => {
      await note(tx, await lockRefund(tx, refundId), { action: 'refund.unclear', actor: BANK, details: { code } }, now());
    });
  },

  /** @throws XinyinError INPUT_INVALID for somebody who does not work here */
  async noteResumedRefund({ refundId, reason, by }: { refundId: string; reason: string; by: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const event = { action: 'refund.resumed', actor: await requireOperator(tx, by), details: { reason } } as const;
      await note(tx, await lockRefund(tx, refundId), event, now());
    });
  },
});

export const refundActivities = ({ data, now, gateways }: BusinessDeps) => ({
  /** The same attempt is the same order, however often it is given. */
  async orderRefund({ refundId, attempt }: RefundAttempt): Promise<PaymentAnswer> {
    const refund = await data.manager.findOneByOrFail(Refund, { id: refundId });
    const { state, payeeName, payeeAccount, amountFen } = refund;
    if (refund.attempt !== attempt || (state !== 'approved' && state !== 'ordered')) throw new XinyinError('STAGE_REFUSES');
    if (payeeName === null || payeeAccount === null) throw new XinyinError('REFUND_PAYEE_MISSING');
    const remittance = `退款 ${await referenceOf(data.manager, refund)}`;
    const idempotencyKey = paymentKey(refundId, attempt);
    const { reference, status, failure } = await gateways.bank.pay({ idempotencyKey, payeeName, payeeAccount, amountFen, remittance });
    await data.transaction(async (tx) => {
      const locked = await lockRefund(tx, refundId);
      const event = { action: 'refund.ordered', actor: WORKFLOW, onceKey: `refund-ordered/${refundId}/${attempt}` } as const;
      if (await note(tx, locked, event, now())) await tx.update(Refund, { id: refundId }, { state: 'ordered', bankReference: reference });
    });
    return { status, failure };
  },

  /** How the bank's last word was lost does not matter: asked, it says it again. */
  async askRefund({ refundId, attempt }: RefundAttempt): Promise<PaymentAnswer | null> {
    const state = await gateways.bank.payment(paymentKey(refundId, attempt));
    return state && { status: state.status, failure: state.failure };
  },
});

const WORKFLOW = { kind: 'system', id: 'workflow' } as const;
const BANK = { kind: 'bank', id: 'payment' } as const;
const refuse = (code: 'ALREADY_DECIDED'): never => {
  throw new XinyinError(code);
};

async function lockRefund(tx: EntityManager, id: string): Promise<Refund> {
  return tx.findOneOrFail(Refund, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

function standingOf({ state, attempt, proposedBy, payeeGivenBy, payeeAccount, reason }: Refund): RefundStanding {
  return { state, attempt, proposedBy, payeeGivenBy, payable: payeeAccount !== null, rejectable: mayTurnDown(reason) };
}

/** Said again after an answer that was lost, the first word is not the second. What a person has proposed has had its first. */
const isFirstWord = ({ reason, proposedBy, payeeGivenBy }: Refund, by: string): boolean =>
  proposedBy === null || (!mayTurnDown(reason) && proposedBy === by && payeeGivenBy === null);

async function propose(tx: EntityManager, refund: Refund, actor: { kind: 'staff'; id: string }, at: Date): Promise<void> {
  const { id, payeeAccount } = refund;
  if (payeeAccount === null) throw new XinyinError('REFUND_PAYEE_MISSING');
  await tx.update(Refund, { id }, { proposedBy: actor.id });
  await note(tx, refund, { action: 'refund.proposed', actor, onceKey: `refund-proposed/${id}` }, at);
}

/** Turned down by the second person: the money stands where it stood, and finance thinks of something else. */
async function withdraw(tx: EntityManager, refund: Refund, actor: Actor, at: Date): Promise<void> {
  const { id, creditId, reason } = refund;
  if (!mayTurnDown(reason)) throw new XinyinError('STAGE_REFUSES');
  await tx.update(Refund, { id }, { state: 'withdrawn' });
  if (reason === 'held-credit' && creditId !== null) await tx.update(BankCredit, { id: creditId }, { state: 'held' });
  const account = refundedFrom(reason);
  const lines = await movedOut(tx, id, ({ creditId: credit, orderId }) => ({ account, creditId: credit, orderId }));
  await post(tx, { occasion: 'refund-withdrawn', onceKey: `refund-withdrawn/${id}`, at, lines });
  await note(tx, refund, { action: 'refund.withdrawn', actor, onceKey: `refund-withdrawn/${id}` }, at);
}

async function movedOut(tx: EntityManager, refundId: string, to: (place: Place) => Place) {
  const owed = (await standings(tx, { refundId })).filter(({ account }) => account === 'to-refund');
  return owed.flatMap(({ amountFen, ...place }) => moved(place, to(place), amountFen));
}

type Note = Pick<AuditRecord, 'actor' | 'details' | 'onceKey'> & { action: Extract<AuditAction, `refund.${string}`> };
async function note(tx: EntityManager, refund: Refund, event: Note, at: Date): Promise<boolean> {
  return appendAudit(tx, { ...event, subject: await chainOf(tx, refund), at, details: { ...event.details, refund: refund.id } });
}

/** What the payee reads beside the money: the reference it was paid under, or the bank's own of the credit that goes back. */
async function referenceOf(tx: EntityManager, { orderId, creditId }: Refund): Promise<string> {
  if (orderId !== null) return (await tx.findOneByOrFail(FeeOrder, { id: orderId })).reference;
  return (await tx.findOneByOrFail(BankCredit, { id: creditId ?? '' })).bankReference.slice(0, 64);
}
