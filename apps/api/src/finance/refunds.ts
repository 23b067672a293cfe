/** Refunds as finance sees them, and what the bank says of its orders. What is decided goes to the refund's own run. */
import {
  causeNeedsNote,
  fieldError,
  mayDecideRefund,
  mayTurnDown,
  refundOfPayment,
  stageRefused,
  XinyinError,
  type RefundCause,
  type RefundState,
} from '#domain';
import type { PaymentReport } from '#gateways';
import { Application, FeeOrder, openFinanceCase, Refund, RefundPayee, RefundProposal } from '#persistence';
import {
  decideRefund,
  paymentReported,
  queues,
  redirectRefund,
  refundProposalWorkflowId,
  refundWorkflowId,
  workflowTypes,
  type RefundProposalInput,
} from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { WorkflowNotFoundError } from '@temporalio/client';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { CaseStarter } from '../cases/case-starter.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions, decisionIdOf } from '../platform/decisions.js';

/** How long finance waits for the engine; under the same key it is asked again. */
const PROPOSED_WITHIN_MS = 10_000;
interface Proposed {
  refundIds: string[];
}
interface Proposal {
  /** The order's reference. */
  order: string;
  amountFen: number;
  cause: RefundCause;
  note?: string | undefined;
}
export interface ListedRefund {
  refund: Refund;
  proposal: RefundProposal | null;
}

@Injectable()
export class Refunds {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
    private readonly decisions: Decisions,
  ) {}

  async list(state: RefundState | undefined): Promise<ListedRefund[]> {
    const { manager } = this.context.data;
    const refunds = await manager.find(Refund, { where: state ? { state } : {}, order: { dueSince: 'DESC' }, take: 500 });
    const ids = refunds.flatMap(({ proposalId }) => proposalId ?? []);
    const proposals = new Map((await manager.findBy(RefundProposal, { id: In(ids) })).map((each) => [each.id, each]));
    return refunds.map((refund) => ({ refund, proposal: proposals.get(refund.proposalId ?? '') ?? null }));
  }

  /** The refunds that come of it begin at once. The same key proposes once. Why is kept here; what travels is the proposal's id. */
  async propose(caller: Staff, key: string, { order: reference, amountFen, cause, note }: Proposal): Promise<Proposed> {
    const { data, engine } = this.context;
    if (causeNeedsNote(cause) && note === undefined) throw fieldError('note', 'FIELD_REQUIRED');
    const order = await data.manager.findOneBy(FeeOrder, { reference });
    if (!order) throw fieldError('order', 'FIELD_CHOICE');
    const application = await data.manager.findOneByOrFail(Application, { id: order.applicationId });
    if (application.completedAt === null) throw stageRefused(application.stage);
    const id = decisionIdOf(caller.staffId, key);
    await this.keepProposal({ id, orderId: order.id, amountFen, cause, note: note ?? null, proposedBy: caller.staffId });
    const input: RefundProposalInput = { id, orderId: order.id, amountFen, by: caller.staffId };
    const answer = await engine.withDeadline(Date.now() + PROPOSED_WITHIN_MS, () =>
      engine.workflow.execute<(input: RefundProposalInput) => Promise<Proposed>>(workflowTypes.proposeRefund, {
        workflowId: refundProposalWorkflowId(id),
        taskQueue: queues.business,
        args: [input],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: '办结后退费 Give back of what was earned',
      }),
    );
    for (const refund of await data.manager.findBy(Refund, { id: In(answer.refundIds) })) await this.starter.startRefund(refund);
    return answer;
  }

  /** The account is kept here; what travels is its id. The same key gives it once. */
  async redirect(caller: Staff, id: string, key: string, { name, account }: { name: string; account: string }): Promise<void> {
    const refund = await this.named(id);
    const payeeId = decisionIdOf(caller.staffId, key);
    const { manager } = this.context.data;
    const row = { id: payeeId, refundId: id, name, account, givenBy: caller.staffId, givenAt: this.context.now() };
    await manager.createQueryBuilder().insert().into(RefundPayee).values(row).orIgnore().execute();
    const kept = await manager.findOneByOrFail(RefundPayee, { id: payeeId });
    if (kept.refundId !== id || kept.name !== name || kept.account !== account) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
    await this.starter.startRefund(refund);
    await this.decisions.send(refundWorkflowId(id), redirectRefund, payeeId, { payeeId, by: caller.staffId });
  }

  async decide(caller: Staff, id: string, key: string, outcome: 'approved' | 'rejected'): Promise<void> {
    const refund = await this.named(id);
    // The first word on what the office owes by itself may come again under its key: only its run tells that from a second.
    const proposed = mayTurnDown(refund.reason) && refund.state === 'due';
    if (proposed && !mayDecideRefund(refund, caller.staffId)) throw new XinyinError('FOUR_EYES');
    await this.starter.startRefund(refund);
    await this.decisions.signed(refundWorkflowId(id), decideRefund, key, { outcome, by: caller.staffId });
  }

  /** How an order ended. Told again it changes nothing; told against what was told before, it is a matter for a person. */
  async takeReport({ idempotencyKey, status, failure }: PaymentReport): Promise<void> {
    const about = refundOfPayment(idempotencyKey);
    const refund = about && (await this.context.data.manager.findOneBy(Refund, { id: about.refundId }));
    if (!about || !refund) throw new XinyinError('NOT_FOUND');
    const { attempt } = about;
    const other = attempt === refund.attempt ? refund.state === 'paid' && status === 'failed' : status === 'settled';
    const failedBefore = attempt === refund.attempt && refund.state === 'failed' && status === 'settled';
    if (other || failedBefore) return this.contradicted(refund, idempotencyKey);
    const { engine } = this.context;
    const handle = engine.workflow.getHandle(refundWorkflowId(refund.id));
    await handle.signal(paymentReported, { attempt, status, failure }).catch((error: unknown) => {
      // It has ended: this was told before.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  }

  private async keepProposal(given: Omit<RefundProposal, 'proposedAt'>): Promise<void> {
    const { manager } = this.context.data;
    const row = { ...given, proposedAt: this.context.now() };
    await manager.createQueryBuilder().insert().into(RefundProposal).values(row).orIgnore().execute();
    const { orderId, amountFen, cause, note } = await manager.findOneByOrFail(RefundProposal, { id: given.id });
    const same = orderId === given.orderId && amountFen === given.amountFen && cause === given.cause && note === given.note;
    if (!same) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
  }

  private async named(id: string): Promise<Refund> {
    const refund = isUuid(id) ? await this.context.data.manager.findOneBy(Refund, { id }) : null;
    if (!refund) throw new XinyinError('NOT_FOUND');
    return refund;
  }

  private async contradicted({ id, creditId, orderId, amountFen }: Refund, paymentKey: string): Promise<void> {
    const kind = 'refund-contradicted';
    const actor = { kind: 'bank', id: 'payment' } as const;
    const noted = { subject: `refund/${id}`, actor, details: { refund: id } };
    const matter = { kind, onceKey: `${kind}/${paymentKey}`, creditId, orderId, amountFen, ...noted } as const;
    await this.context.data.transaction((tx) => openFinanceCase(tx, matter, this.context.now()));
  }
}
