/** What finance says a held credit is. The API writes the proposal down and starts its run; who else has to agree, the rules say. */
import {
  fen,
  fieldError,
  isOwnMoney,
  needsSecondPerson,
  noteFits,
  shanghaiDay,
  splitFault,
  XinyinError,
  type CreditNote,
  type ExplanationKind,
  type Fen,
  type SplitRest,
} from '#domain';
import {
  appendAudit,
  BankCredit,
  CreditExplanation,
  CreditExplanationShare,
  FeeOrder,
  FinanceLimit,
  heldForNobody,
  insertRows,
} from '#persistence';
import { decideExplanation, explanationWorkflowId } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { CaseStarter } from '../cases/case-starter.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions, decisionIdOf } from '../platform/decisions.js';

export interface Proposal {
  kind: ExplanationKind;
  /** The reference code of the order it is given to. */
  order?: string | undefined;
  /** Of a split: what each order gets, and what becomes of the rest. */
  shares?: { order: string; amountFen: number }[] | undefined;
  rest?: SplitRest | undefined;
  noteCode?: CreditNote | undefined;
  note: string;
}

@Injectable()
export class Explanations {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
    private readonly decisions: Decisions,
  ) {}

  /** The same key gets the same proposal. */
  async propose(caller: Staff, creditId: string, key: string, proposal: Proposal): Promise<{ id: string; secondPerson: boolean }> {
    const { data, log } = this.context;
    const id = decisionIdOf(caller.staffId, key);
    const explanation = await data.transaction(async (tx) => {
      const before = await tx.findOneBy(CreditExplanation, { id });
      if (before && (before.creditId !== creditId || before.kind !== proposal.kind)) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
      return before ?? this.insert(tx, caller, { id, creditId, proposal });
    });
    // The row is the promise: if the engine is away, the sweep starts its run.
    await this.starter.startExplanation(explanation).catch((error: unknown) => {
      log.warn({ explanationId: id, failure: error instanceof Error ? error.name : '' }, 'the sweep will start this explanation');
    });
    return { id, secondPerson: explanation.secondPerson };
  }

  /** Those that wait for a second person, oldest first. */
  async open(): Promise<(CreditExplanation & { shares: { orderId: string; amountFen: number }[] })[]> {
    const { manager } = this.context.data;
    const where = { state: 'proposed', secondPerson: true } as const;
    const open = await manager.find(CreditExplanation, { where, order: { proposedAt: 'ASC' }, take: 200 });
    const shares = await manager.findBy(CreditExplanationShare, { explanationId: In(open.map(({ id }) => id)) });
    return open.map((each) => {
      const own = shares.filter(({ explanationId }) => explanationId === each.id);
      return { ...each, shares: own.map(({ orderId, amountFen }) => ({ orderId, amountFen })) };
    });
  }

  async decide(caller: Staff, id: string, key: string, outcome: 'approved' | 'rejected'): Promise<void> {
    const { manager } = this.context.data;
    const explanation = isUuid(id) ? await manager.findOneBy(CreditExplanation, { id }) : null;
    if (!explanation) throw new XinyinError('NOT_FOUND');
    if (explanation.proposedBy === caller.staffId) throw new XinyinError('FOUR_EYES');
    const word = { outcome, by: caller.staffId };
    await this.decisions.signed(explanationWorkflowId(id), decideExplanation, key, word, 'ALREADY_DECIDED');
  }

  private async insert(
    tx: EntityManager,
    { staffId }: Staff,
    { id, creditId, proposal }: { id: string; creditId: string; proposal: Proposal },
  ): Promise<CreditExplanation> {
    const { kind, noteCode = null, note } = proposal;
    const lock = { mode: 'pessimistic_write' } as const;
    const credit = isUuid(creditId) ? await tx.findOne(BankCredit, { where: { id: creditId }, lock }) : null;
    if (!credit) throw new XinyinError('NOT_FOUND');
    const reason = credit.heldReason;
    if (credit.state !== 'held' || reason === null || (await tx.existsBy(CreditExplanation, { creditId, state: 'proposed' })))
      throw new XinyinError('CREDIT_NOT_HELD');
    const heldFen = await heldForNobody(tx, creditId);
    const order = await orderFor(tx, proposal);
    const shares = await sharesFor(tx, proposal, heldFen);
    if (kind === 'other' && noteCode === null) throw fieldError('noteCode', 'FIELD_REQUIRED');
    if (kind !== 'other' && noteCode !== null) throw fieldError('noteCode', 'FIELD_UNKNOWN');
    // Beside what it contradicts it is no money: it is given to nobody and given back to nobody.
    const held = { reason, heldFen, creditFen: fen(credit.amountFen) };
    if (noteCode !== null && !noteFits(noteCode, held)) throw fieldError('noteCode', 'FIELD_CHOICE');
    if (kind !== 'other' && reason === 'contradicted') throw fieldError('kind', 'FIELD_CHOICE');
    const at = this.context.now();
    const limit = await limitOn(tx, shanghaiDay(at));
    const amountFen = reason === 'contradicted' ? fen(credit.amountFen) : heldFen;
    const secondPerson = [order, ...shares.map((share) => share.order)].some((each) => {
      const ownMoney = each !== null && isOwnMoney(credit, each.certificateName);
      return needsSecondPerson({ kind, heldReason: reason, amountFen, payer: each?.payer ?? null, ownMoney }, limit);
    });
    const { rest = null } = proposal;
    const proposed = {
      id,
      creditId,
      kind,
      orderId: order?.id ?? null,
      rest,
      noteCode,
      note,
      secondPerson,
      proposedBy: staffId,
      proposedAt: at,
    };
    await tx.insert(CreditExplanation, { ...proposed, state: 'proposed' });
    await insertRows(
      tx,
      CreditExplanationShare,
      shares.map(({ order: { id: orderId }, amountFen }) => ({ explanationId: id, orderId, amountFen })),
    );
    await appendAudit(tx, {
      subject: `bank-credit/${creditId}`,
      at,
      actor: { kind: 'staff', id: staffId },
      action: 'credit.proposed',
      details: { kind, note: noteCode, order: order?.id ?? null, explanation: id, secondPerson },
      onceKey: `explanation/${id}`,
    });
    return tx.findOneByOrFail(CreditExplanation, { id });
  }
}

async function orderFor(tx: EntityManager, { kind, order: reference }: Proposal): Promise<FeeOrder | null> {
  if (kind !== 'allocation') {
    if (reference !== undefined) throw fieldError('order', 'FIELD_UNKNOWN');
    return null;
  }
  if (reference === undefined) throw fieldError('order', 'FIELD_REQUIRED');
  return payableOrder(tx, reference, 'order');
}

async function payableOrder(tx: EntityManager, reference: string, field: string): Promise<FeeOrder> {
  const order = await tx.findOneBy(FeeOrder, { reference });
  if (!order) throw fieldError(field, 'FIELD_CHOICE');
  // What is paid at a window is paid by its slip.
  if (order.status !== 'open' || order.payer === 'on-the-spot') throw new XinyinError('ORDER_CLOSED');
  return order;
}

async function sharesFor(
  tx: EntityManager,
  { kind, shares, rest }: Proposal,
  heldFen: Fen,
): Promise<{ order: FeeOrder; amountFen: number }[]> {
  if (kind !== 'split') {
    if (shares !== undefined) throw fieldError('shares', 'FIELD_UNKNOWN');
    if (rest !== undefined) throw fieldError('rest', 'FIELD_UNKNOWN');
    return [];
  }
  if (shares === undefined) throw fieldError('shares', 'FIELD_REQUIRED');
  const found: { order: FeeOrder; amountFen: number }[] = [];
  for (const [index, { order, amountFen }] of shares.entries())
    found.push({ order: await payableOrder(tx, order, `shares/${index}/order`), amountFen });
  const fault = splitFault(heldFen, shares, rest ?? null);
  if (fault) throw fieldError(fault.field, fault.code);
  return found;
}

async function limitOn(tx: EntityManager, day: string) {
  const [limit] = await tx.find(FinanceLimit, { where: { validFrom: LessThanOrEqual(day) }, order: { validFrom: 'DESC' }, take: 1 });
  return fen(limit?.amountFen ?? 0);
}
