/** Refunds as finance sees them, and what the bank says of its orders. What is decided goes to the refund's own run. */
import { refundOfPayment, XinyinError, type RefundState } from '#domain';
import type { PaymentReport } from '#gateways';
import { appendAudit, FinanceCase, Refund, RefundPayee } from '#persistence';
import { decideRefund, paymentReported, redirectRefund, refundWorkflowId } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { WorkflowNotFoundError } from '@temporalio/client';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { CaseStarter } from '../cases/case-starter.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions, decisionIdOf } from '../platform/decisions.js';

@Injectable()
export class Refunds {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
    private readonly decisions: Decisions,
  ) {}

  async list(state: RefundState | undefined): Promise<Refund[]> {
    return this.context.data.manager.find(Refund, { where: state ? { state } : {}, order: { dueSince: 'DESC' }, take: 500 });
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
    if (refund.proposedBy === caller.staffId && refund.state === 'due') throw new XinyinError('FOUR_EYES');
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

  private async named(id: string): Promise<Refund> {
    const refund = isUuid(id) ? await this.context.data.manager.findOneBy(Refund, { id }) : null;
    if (!refund) throw new XinyinError('NOT_FOUND');
    return refund;
  }

  private async contradicted({ id, creditId, orderId, amountFen }: Refund, paymentKey: string): Promise<void> {
    const onceKey = `refund-contradicted/${paymentKey}`;
    const at = this.context.now();
    await this.context.data.transaction(async (tx) => {
      const row = { id: uuidv7(), kind: 'refund-contradicted' as const, onceKey, creditId, orderId, amountFen, openedAt: at };
      await tx.createQueryBuilder().insert().into(FinanceCase).values(row).orIgnore().execute();
      const event = { at, actor: { kind: 'bank', id: 'payment' }, action: 'finance.opened', onceKey } as const;
      await appendAudit(tx, { ...event, subject: `refund/${id}`, details: { code: 'refund-contradicted', refund: id } });
    });
  }
}
