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
import { IsNull, LessThan, MoreThan, Not, type FindOptionsOrder, type FindOptionsSelect, type FindOptionsWhere } from 'typeorm';
import { ApiContext } from '../platform/context.js';
import { every, type Repeating } from '../platform/every.js';

const SWEEP_EVERY_MS = 10_000;
/** How long whoever submitted waits for the engine; after that the sweep starts the case, and the answer is the same. */
const START_WITHIN_MS = 3_000;
/** A row this old whose workflow has not spoken is started again. */
const OVERDUE_MS = minutes(1) / 6;
const PAGE = 200;
/** Started side by side: what an engine that was away has missed is made up in minutes, and it is not asked for more than it takes. */
const AT_ONCE = 8;
/** Each may be a file of 80 MB, which is taken in parts of its own. */
const STATEMENTS = 20;
/** Of a case; its form is not needed to start it. */
const ESSENTIALS = { id: true, number: true, business: true, channel: true, enteredBy: true } as const;

type Startable = Pick<Application, 'id' | 'number' | 'business' | 'channel' | 'enteredBy'>;

/** Rows of one kind whose workflow has not begun, and how it is begun. */
interface Unbegun<Row> {
  kind: new () => Row;
  where: FindOptionsWhere<Row>;
  select?: FindOptionsSelect<Row>;
  start: (row: Row) => Promise<void>;
  /** Aborted when the process ends: what is left waits for the next sweep. */
  ending: AbortSignal | undefined;
}

@Injectable()
export class CaseStarter implements OnApplicationBootstrap, OnApplicationShutdown {
  private sweeping: Repeating | undefined;

  constructor(private readonly context: ApiContext) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown) => this.context.log.warn({ failure: error instanceof Error ? error.name : '' }, 'sweep put off');
    this.sweeping = every(SWEEP_EVERY_MS, (ending) => this.sweep(ending), failed);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweeping?.end();
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

  /** Finds what a crash between commit and start left behind, however much it is. Returns how many it started. */
  async sweep(ending?: AbortSignal): Promise<number> {
    const { data, now } = this.context;
    const before = LessThan(new Date(now().getTime() - OVERDUE_MS));
    const begin = <Row extends { id: string }>(kind: new () => Row, where: FindOptionsWhere<Row>, start: (row: Row) => Promise<void>) =>
      this.startEach({ kind, where, start, ending });
    const unstarted = { startedAt: IsNull(), submittedAt: before };
    let swept = await this.startEach({
      ...{ kind: Application, where: unstarted, select: ESSENTIALS, ending },
      start: (row) => this.start(row),
    });
    // What a statement tells is decided by its import, when its reversals are linked: before that it might pay what the bank has taken back.
    const importing = await this.importing();
    const statements = await data.manager.find(BankStatement, { where: { state: 'received', receivedAt: before }, take: STATEMENTS });
    for (const statement of statements) await this.startStatement(statement);
    swept += statements.length;
    const undecided = { state: 'recorded', recordedAt: before, ...(importing && { source: 'push' as const }) } as const;
    swept += await begin(BankCredit, undecided, (row) => this.startMatching(row));
    swept += await begin(CourierEvent, { appliedAt: IsNull(), receivedAt: before }, (row) => this.startTracking(row));
    // A surplus that a statement brought has time until the rest of it is decided: a thousand runs would hold up what they come from.
    const due = { startedAt: IsNull(), state: 'due', dueSince: before, ...(importing && { reason: Not('surplus' as const) }) } as const;
    swept += await begin(Refund, due, (row) => this.startRefund(row));
    const proposed = { startedAt: IsNull(), state: 'proposed', proposedAt: before } as const;
    swept += await begin(CreditExplanation, proposed, (row) => this.startExplanation(row));
    swept += await begin(InvoiceCorrection, { startedAt: IsNull(), askedAt: before }, (row) => this.startInvoiceCorrection(row));
    return swept;
  }

  /** Page by page, in one order: what was started a moment ago has not spoken yet, and is not started again. */
  private async startEach<Row extends { id: string }>({ kind, where, select, start, ending }: Unbegun<Row>): Promise<number> {
    const order = { id: 'ASC' } as FindOptionsOrder<Row>;
    let started = 0;
    for (let last: Row | undefined; ;) {
      const further = last === undefined ? where : ({ ...where, id: MoreThan(last.id) } as FindOptionsWhere<Row>);
      const page = await this.context.data.manager.find(kind, { where: further, order, take: PAGE, ...(select && { select }) });
      for (let from = 0; from < page.length; from += AT_ONCE) {
        if (ending?.aborted) return started;
        const some = page.slice(from, from + AT_ONCE);
        await allEnded(some.map(start));
        started += some.length;
      }
      if (page.length < PAGE) return started;
      last = page.at(-1);
    }
  }

  /** A statement file of which not all is decided. */
  private async importing(): Promise<boolean> {
    const statements = this.context.data.manager.createQueryBuilder(BankStatement, 'statement');
    return statements.where(`state IN ('recording', 'deciding') AND decided_count < entry_count`).getExists();
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
