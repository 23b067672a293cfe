/** Starts workflows for rows that promise one. Starting twice is harmless: the workflow's id is the row's. */
import { businesses, minutes, wayOf } from '#domain';
import {
  Application,
  BankCredit,
  BankStatement,
  CourierEvent,
  CreditExplanation,
  InvoiceCorrection,
  referenceDigest,
  Refund,
} from '#persistence';
import {
  calendarWorkflowId,
  caseWorkflowId,
  creditWorkflowId,
  explanationWorkflowId,
  invoiceCorrectionWorkflowId,
  invoiceLinkWorkflowId,
  invoiceRetryWorkflowId,
  parcelWorkflowId,
  queues,
  refundWorkflowId,
  searchAttributes,
  statementFileWorkflowId,
  unbindingWorkflowId,
  workflowTypes,
  type CaseInput,
  type CreditInput,
  type StatementFileInput,
  type TrackingInput,
  type ExplanationInput,
  type InvoiceCorrectionInput,
  type InvoiceLinkInput,
  type InvoiceRetryInput,
  type RefundInput,
  type UnbindingInput,
} from '#workflows/contract';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { ApiContext } from '../platform/context.js';

const SWEEP_EVERY_MS = 10_000;
/** How long whoever submitted waits for the engine; after that the sweep starts the case, and the answer is the same. */
const START_WITHIN_MS = 3_000;
/** A row this old whose workflow has not spoken is started again. */
const OVERDUE_MS = minutes(1) / 6;
const PAGE = 200;
/** Started side by side: what an engine that was away has missed is made up in minutes, and it is not asked for more than it takes. */
const AT_ONCE = 8;
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

type Startable = Pick<Application, 'id' | 'number' | 'business' | 'channel' | 'enteredBy'>;

@Injectable()
export class CaseStarter implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweeping = false;

  constructor(private readonly context: ApiContext) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweepInTurn(), SWEEP_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @param type another story than the business's own: for demonstrations */
  async start(application: Startable, type: string = workflowTypes[application.business]): Promise<void> {
    const { id, number, business, channel, enteredBy } = application;
    const input: CaseInput = { applicationId: id, number, business, channel, ...(enteredBy === null ? {} : { enteredBy }) };
    const { zh, en } = businesses[business];
    await this.begin(type, caseWorkflowId(id), input, {
      staticSummary: `${number} ${zh} ${en}`,
      typedSearchAttributes: [
        { key: searchAttributes.businessType, value: business },
        { key: searchAttributes.applicationNo, value: number },
        { key: searchAttributes.channel, value: channel },
        { key: searchAttributes.stage, value: wayOf(business, channel)?.stages[0] ?? 'review' },
        { key: searchAttributes.waitingFor, value: 'system' },
      ],
    });
  }

  async startMatching(credit: BankCredit): Promise<void> {
    const input: CreditInput = { creditId: credit.id };
    await this.begin(workflowTypes.matchCredit, creditWorkflowId(referenceDigest(credit.bankReference)), input, {
      staticSummary: '银行入账 Bank credit (push)',
    });
  }

  /** Taken once; one that was refused, or failed, may be taken again. */
  async startStatement({ sha256 }: BankStatement): Promise<void> {
    const input: StatementFileInput = { sha256 };
    await this.begin(workflowTypes.importStatementFile, statementFileWorkflowId(sha256), input, {
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: '银行对账单 Bank statement',
    });
  }

  async startExplanation({ id }: CreditExplanation): Promise<void> {
    const input: ExplanationInput = { explanationId: id };
    await this.begin(workflowTypes.explainCredit, explanationWorkflowId(id), input, { staticSummary: '款项说明 Explain a held credit' });
  }

  async startRefund({ id }: Refund): Promise<void> {
    const input: RefundInput = { refundId: id };
    await this.begin(workflowTypes.refund, refundWorkflowId(id), input, { staticSummary: '退款 Refund' });
  }

  async startInvoiceCorrection({ id }: InvoiceCorrection): Promise<void> {
    const input: InvoiceCorrectionInput = { correctionId: id };
    await this.begin(workflowTypes.correctInvoice, invoiceCorrectionWorkflowId(id), input, {
      staticSummary: '发票更正 Correct an invoice',
    });
  }

  /** Who asks is told when the engine has not taken it. */
  async startInvoiceRetry(input: InvoiceRetryInput, key: string): Promise<void> {
    await this.begin(workflowTypes.retryInvoice, invoiceRetryWorkflowId(input.invoiceId, key), input, {
      staticSummary: '重新提交开票 Try an invoice again',
    });
  }

  /** Nothing has changed before the engine has taken it; who asks is told when it has not. */
  async startInvoiceLink(input: InvoiceLinkInput): Promise<void> {
    await this.begin(workflowTypes.sendInvoiceLink, invoiceLinkWorkflowId(input.id), input, {
      staticSummary: '重发发票链接 Send a new link to an invoice',
    });
  }

  /** Nothing is promised before the engine has taken it: who asks is told when it has not. One that failed may be asked for again. */
  async startUnbinding(input: UnbindingInput): Promise<void> {
    await this.begin(workflowTypes.unbindAccount, unbindingWorkflowId(input.applicationId), input, {
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      staticSummary: '平台账号解绑 Unbind a role account',
    });
  }

  /** The promised Fridays are held against a calendar that has just changed. */
  async startWatch(change: string): Promise<void> {
    await this.begin(workflowTypes.watchFridays, calendarWorkflowId(change), {}, { staticSummary: '日历变更 The calendar has changed' });
  }

  async startTracking(event: CourierEvent): Promise<void> {
    const input: TrackingInput = { eventId: event.id };
    await this.begin(workflowTypes.trackParcel, parcelWorkflowId(event.id), input, { staticSummary: '快递轨迹 Courier event' });
  }

  /** One that takes long is not overtaken by the next. */
  private async sweepInTurn(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      await this.sweep();
    } catch (error) {
      this.context.log.warn({ failure: error instanceof Error ? error.name : '' }, 'sweep put off');
    } finally {
      this.sweeping = false;
    }
  }

  /** Finds what a crash between commit and start left behind. Returns how many it started. */
  async sweep(): Promise<number> {
    const { data, now } = this.context;
    const before = new Date(now().getTime() - OVERDUE_MS);
    const cases = await this.sweepCases(before);
    const credits = await this.undecidedCredits(before);
    const statements = await data.manager.find(BankStatement, { where: { state: 'received', receivedAt: LessThan(before) }, take: 20 });
    for (const statement of statements) await this.startStatement(statement);
    const told = await data.manager.find(CourierEvent, { where: { appliedAt: IsNull(), receivedAt: LessThan(before) }, take: 200 });
    for (const credit of credits) await this.startMatching(credit);
    for (const event of told) await this.startTracking(event);
    const swept = cases + credits.length + statements.length + told.length;
    return swept + (await this.sweepFinance(before));
  }

  /** Page by page, in one order: what was started a moment ago has not spoken yet, and is not started again. */
  private async sweepCases(before: Date): Promise<number> {
    const select = { id: true, number: true, business: true, channel: true, enteredBy: true } as const;
    let swept = 0;
    for (let after = BEFORE_ALL_IDS; ;) {
      const where = { startedAt: IsNull(), submittedAt: LessThan(before), id: MoreThan(after) };
      const cases = await this.context.data.manager.find(Application, { where, select, order: { id: 'ASC' }, take: PAGE });
      for (let from = 0; from < cases.length; from += AT_ONCE)
        await allEnded(cases.slice(from, from + AT_ONCE).map((application) => this.start(application)));
      swept += cases.length;
      const last = cases.at(-1);
      if (!last || cases.length < PAGE) return swept;
      after = last.id;
    }
  }

  /** What a statement tells is decided by its import, when its reversals are linked: before that it might pay what the bank has taken back. */
  private async undecidedCredits(before: Date): Promise<BankCredit[]> {
    const { manager } = this.context.data;
    const where = {
      state: 'recorded',
      recordedAt: LessThan(before),
      ...((await this.importing()) && { source: 'push' as const }),
    } as const;
    return manager.find(BankCredit, { where, take: 200 });
  }

  /** A statement file of which not all is decided. */
  private async importing(): Promise<boolean> {
    const statements = this.context.data.manager.createQueryBuilder(BankStatement, 'statement');
    return statements.where(`state IN ('recording', 'deciding') AND decided_count < entry_count`).getExists();
  }

  /** A surplus that a statement brought has time until the rest of it is decided: a thousand runs would hold up what they come from. */
  private async dueRefunds(before: Date): Promise<Refund[]> {
    const where = {
      startedAt: IsNull(),
      state: 'due',
      dueSince: LessThan(before),
      ...((await this.importing()) && { reason: Not('surplus' as const) }),
    } as const;
    return this.context.data.manager.find(Refund, { where, take: 200 });
  }

  private async sweepFinance(before: Date): Promise<number> {
    const { manager } = this.context.data;
    const refunds = await this.dueRefunds(before);
    const where = { startedAt: IsNull(), state: 'proposed', proposedAt: LessThan(before) } as const;
    const explanations = await manager.find(CreditExplanation, { where, take: 200 });
    const corrections = await manager.find(InvoiceCorrection, { where: { startedAt: IsNull(), askedAt: LessThan(before) }, take: 200 });
    for (const refund of refunds) await this.startRefund(refund);
    for (const explanation of explanations) await this.startExplanation(explanation);
    for (const correction of corrections) await this.startInvoiceCorrection(correction);
    return refunds.length + explanations.length + corrections.length;
  }

  private async begin(
    type: string,
    workflowId: string,
    input: object,
    options: Partial<Parameters<ApiContext['engine']['workflow']['start']>[1]>,
  ): Promise<void> {
    try {
      const { engine } = this.context;
      await engine.withDeadline(Date.now() + START_WITHIN_MS, () =>
        engine.workflow.start(type, {
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          ...options,
          workflowId,
          taskQueue: queues.business,
          args: [input],
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}

/** Fails as the first that failed, but not before all have ended: none is left asking an engine that is away. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
