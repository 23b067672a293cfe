/** Demonstrations only: holders whose certificates end soon, letters that have missed their Friday. Elsewhere nothing is here. */
import { fieldError, system, usccProblem, XinyinError, type ApplicationForm } from '#domain';
import type { Application } from '#persistence';
import { calendarWorkflowId, queues, workflowTypes, type WatchResult } from '#workflows/contract';
import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { CaseStarter } from '../cases/case-starter.js';
import { checkApplicationForm } from '../drafts/form-check.js';
import { partialForm } from '../drafts/draft-form.schema.js';
import { refuse } from '../drafts/drafts.service.js';
import { fileApplication, openDraft } from '../drafts/filing.js';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

const holder = z.strictObject({ form: partialForm, notAfter: z.iso.datetime() });
const letter = z.strictObject({ form: partialForm });
const filedView = z.object({ id: z.string(), number: z.string() });
const look = z.strictObject({ at: z.iso.datetime().optional() });
const lookView = z.object({ madeUp: z.array(z.string()), missed: z.number() });
const BUSINESS = 'new';
const SYSTEM = 'sichuan-medicine-procurement';

@ApiTags('demo')
@Controller('demo')
@Allow('anybody')
export class DemoController {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
  ) {}

  /** A holder with a token whose certificate ends at `notAfter`; answers when it exists. */
  @Post('holders')
  @Documented({ takes: holder, answers: filedView, status: 201 })
  async seed(@Input(holder) input: z.infer<typeof holder>) {
    const application = await this.insert(this.completed(input.form));
    await this.context.engine.workflow.execute(workflowTypes.seedHolder, {
      workflowId: `demo-holder/${application.id}`,
      taskQueue: queues.business,
      args: [{ applicationId: application.id, notAfter: input.notAfter }],
      workflowExecutionTimeout: '5 minutes',
      staticSummary: '演示持有人 A holder for a demonstration',
    });
    return { id: application.id, number: application.number };
  }

  /** A letter that was completed in time for the last Friday that can be made up no more. Its case waits for it like any other. */
  @Post('letters')
  @HttpCode(202)
  @Documented({ takes: letter, answers: filedView, status: 202 })
  async seedLetter(@Input(letter) input: z.infer<typeof letter>) {
    const application = await this.insert(this.completed(input.form));
    await this.starter.start(application, workflowTypes.seedLetter);
    return { id: application.id, number: application.number };
  }

  /**
   * The hourly look at the Fridays, now; or, with `at`, the making up alone, as an office would have done it that was back at that instant.
   */
  @Post('friday-looks')
  @HttpCode(200)
  @Allow('dispatch.handOver')
  @Documented({ takes: look, answers: lookView })
  async look(@Input(look) { at }: z.infer<typeof look>): Promise<z.infer<typeof lookView>> {
    this.requireDemo();
    const now = this.context.now();
    if (at !== undefined && new Date(at) > now) throw fieldError('at', 'FIELD_RANGE', { min: '-', max: now.toISOString() });
    const [type, input] = at === undefined ? [workflowTypes.watchFridays, {}] : [workflowTypes.makeUpFridaysAt, { at }];
    const seen = (await this.context.engine.workflow.execute(type, {
      workflowId: calendarWorkflowId(`demo/${uuidv7()}`),
      taskQueue: queues.business,
      args: [input],
      workflowExecutionTimeout: '1 minute',
      staticSummary: '演示：核对寄送日期 A look at the Fridays for a demonstration',
    })) as WatchResult;
    return { madeUp: seen.madeUp, missed: seen.missed };
  }

  private completed(given: z.infer<typeof partialForm>): ApplicationForm {
    this.requireDemo();
    refuse(checkApplicationForm(given, { now: this.context.now(), complete: true }));
    const form = given as ApplicationForm;
    if (usccProblem(form.organisation.uscc)) throw fieldError('organisation/uscc', 'USCC_INVALID');
    return form;
  }

  private requireDemo(): void {
    if (!this.context.settings.demo) throw new XinyinError('NOT_FOUND');
  }

  private async insert(form: ApplicationForm): Promise<Application> {
    const { data, now } = this.context;
    return data.transaction(async (tx) => {
      const at = now();
      const phone = form.agent.phone;
      const begun = { business: BUSINESS, system: SYSTEM, channel: 'online', form, ownerPhone: phone } as const;
      const draft = await openDraft(tx, begun, at);
      // Started already, so that the sweep starts no case for it.
      const row = { stage: 'issuance', startedAt: at } as const;
      const actor = system('demo');
      return fileApplication(tx, draft, { idempotencyKey: draft.id, phone, actor, at, row, details: { demo: true } });
    });
  }
}
