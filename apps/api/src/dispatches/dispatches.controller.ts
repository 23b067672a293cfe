import { isFriday, isProvisional, mayBegin, requireDay, shanghaiDay, XinyinError, type CalendarDay } from '#domain';
import { Application, DispatchBatch, DispatchItem, DocumentRow } from '#persistence';
import { dispatchView, dispatchWorkflowId, handOver, queues, workflowTypes } from '#workflows/contract';
import { Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Response } from 'express';
import { In } from 'typeorm';
import { z } from 'zod';
import { requireKey } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';
import { Documented, Input } from '../platform/input.js';
import { reportOf, reportView } from './report.js';

const itemView = z.object({
  number: z.string(),
  certificateName: z.string(),
  state: z.string(),
  trackingNumber: z.string().nullable(),
  timesCarried: z.number(),
});
const batchView = z.object({
  day: z.string(),
  /** The year's holidays are not published yet, so that the day may still change. */
  provisional: z.boolean(),
  working: z.boolean(),
  items: z.array(itemView),
});
const nothing = z.strictObject({});

@ApiTags('dispatches')
@Controller('dispatches')
export class DispatchesController {
  constructor(
    private readonly context: ApiContext,
    private readonly decisions: Decisions,
  ) {}

  @Get(':day')
  @Allow('dispatch.read')
  @Documented({ answers: batchView })
  async read(@Param('day') text: string): Promise<z.infer<typeof batchView>> {
    const day = requireDay(text, 'day');
    const items = await this.context.data.manager.find(DispatchItem, { where: { day }, order: { id: 'ASC' } });
    const applications = await this.context.data.manager.findBy(Application, { id: In(items.map((item) => item.applicationId)) });
    const of = new Map(applications.map((application) => [application.id, application]));
    return {
      day,
      provisional: isProvisional(day, await this.context.calendar()),
      working: await this.isWorking(day),
      items: items.map(({ applicationId, state, trackingNumber, timesCarried }) => {
        const application = of.get(applicationId);
        return {
          number: application?.number ?? '',
          certificateName: application?.certificateName ?? '',
          state,
          trackingNumber,
          timesCarried,
        };
      }),
    };
  }

  /** Runs a day's batch by hand; the Schedule does the same every Friday. Started twice it is one batch. */
  @Post(':day')
  @HttpCode(202)
  @Allow('dispatch.handOver')
  @Documented({ takes: nothing, status: 202 })
  async start(@Param('day') text: string, @Input(nothing) _: z.infer<typeof nothing>): Promise<void> {
    const day = requireDay(text, 'day');
    await this.requireStartable(day);
    try {
      await this.context.engine.workflow.start(workflowTypes.fridayDispatch, {
        workflowId: dispatchWorkflowId(day),
        taskQueue: queues.business,
        args: [{ day }],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `寄送 Dispatch ${day}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** A dispatcher gives the packed letters to the courier. */
  @Post(':day/hand-over')
  @HttpCode(200)
  @Allow('dispatch.handOver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: nothing, answers: z.object({ handedOver: z.number() }) })
  handOver(
    @Caller() caller: Staff,
    @Param('day') text: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(nothing) _: z.infer<typeof nothing>,
  ) {
    const day = requireDay(text, 'day');
    const handOverId = `${caller.staffId}/${requireKey(key)}`;
    return this.decisions.send(
      dispatchWorkflowId(day),
      handOver,
      handOverId,
      { handOverId, staffId: caller.staffId },
      'DISPATCH_NOT_READY',
    );
  }

  /** How the batch ended: what went out, what was carried and why, what failed. */
  @Get(':day/report')
  @Allow('dispatch.read')
  @Documented({ answers: reportView })
  async report(@Param('day') day: string): Promise<z.infer<typeof reportView>> {
    const report = await reportOf(this.context.data.manager, requireDay(day, 'day'), await this.context.calendar());
    if (!report) throw new XinyinError('NOT_FOUND');
    return report;
  }

  @Get(':day/dispatch-list.pdf')
  @Allow('dispatch.read')
  @Documented({})
  async list(@Param('day') day: string, @Res() response: Response) {
    await this.send(response, day, 'dispatch-list');
  }

  /** What to take from the drawer for each letter, with the codes a scanner reads. */
  @Get(':day/pick-list.pdf')
  @Allow('dispatch.read')
  @Documented({})
  async picks(@Param('day') day: string, @Res() response: Response) {
    await this.send(response, day, 'pick-list');
  }

  /** A batch that was begun in time may be run again, however late. */
  private async requireStartable(day: CalendarDay): Promise<void> {
    const { data, settings, now } = this.context;
    if (!isFriday(day)) throw new XinyinError('DISPATCH_NOT_FRIDAY');
    if (day > shanghaiDay(now()) && !settings.demo) throw new XinyinError('DISPATCH_FUTURE');
    if (!mayBegin(day, now()) && !(await data.manager.existsBy(DispatchBatch, { day }))) throw new XinyinError('DISPATCH_MISSED');
  }

  private async send(response: Response, day: string, kind: string): Promise<void> {
    const place = { owner: `dispatch/${requireDay(day, 'day')}`, kind, index: 1 };
    const row = await this.context.data.manager.findOneBy(DocumentRow, place);
    if (!row) throw new XinyinError('NOT_FOUND');
    response.type(row.mediaType).send(await this.context.objects.get(row.sha256));
  }

  /** True while the batch binds, labels and packs; false when it waits for the hand-over, has ended, or never began. */
  private async isWorking(day: string): Promise<boolean> {
    const handle = this.context.engine.workflow.getHandle(dispatchWorkflowId(day));
    try {
      const { state } = await this.context.engine.withDeadline(Date.now() + 5000, () => handle.query(dispatchView));
      return state === 'working';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}
