/** Demonstrations only: holders whose certificates end soon. Elsewhere nothing is here. */
import { applicationNumber, fieldError, shanghaiDay, usccProblem, XinyinError, yearOf, type ApplicationForm } from '#domain';
import { appendAudit, Application, Draft, nextRunningNumber } from '#persistence';
import { queues, workflowTypes } from '#workflows/contract';
import { Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { checkApplicationForm } from '../drafts/form-check.js';
import { partialForm } from '../drafts/draft-form.schema.js';
import { refuse } from '../drafts/drafts.service.js';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

const holder = z.strictObject({ form: partialForm, notAfter: z.iso.datetime() });
const holderView = z.object({ id: z.string(), number: z.string() });
const BUSINESS = 'new';

@ApiTags('demo')
@Controller('demo')
@Allow('anybody')
export class DemoController {
  constructor(private readonly context: ApiContext) {}

  /** A holder with a token whose certificate ends at `notAfter`; answers when it exists. */
  @Post('holders')
  @Documented({ takes: holder, answers: holderView, status: 201 })
  async seed(@Input(holder) input: z.infer<typeof holder>) {
    if (!this.context.settings.demo) throw new XinyinError('NOT_FOUND');
    refuse(checkApplicationForm(input.form, { now: this.context.now(), complete: true }));
    const form = input.form as ApplicationForm;
    if (usccProblem(form.organisation.uscc)) throw fieldError('organisation/uscc', 'USCC_INVALID');
    const application = await this.insert(form);
    await this.context.engine.workflow.execute(workflowTypes.seedHolder, {
      workflowId: `demo-holder/${application.id}`,
      taskQueue: queues.business,
      args: [{ applicationId: application.id, notAfter: input.notAfter }],
      workflowExecutionTimeout: '5 minutes',
      staticSummary: '演示持有人 A holder for a demonstration',
    });
    return { id: application.id, number: application.number };
  }

  private async insert(form: ApplicationForm): Promise<Application> {
    const { data, now } = this.context;
    return data.transaction(async (tx) => {
      const at = now();
      const year = yearOf(shanghaiDay(at));
      const number = applicationNumber('XB', year, await nextRunningNumber(tx, 'XB', year));
      const shared = { business: BUSINESS, system: 'sichuan-medicine-procurement', channel: 'online' as const, form } as const;
      const draft = tx.create(Draft, { ...shared, id: uuidv7(), ownerPhone: form.agent.phone, createdAt: at, updatedAt: at });
      await tx.save(draft);
      const application = tx.create(Application, {
        ...shared,
        id: uuidv7(),
        number,
        draftId: draft.id,
        idempotencyKey: draft.id,
        submittedByPhone: form.agent.phone,
        submittedAt: at,
        // The sweep starts no case for it.
        startedAt: at,
        additional: false,
        certificateName: form.organisation.certificateName,
        uscc: form.organisation.uscc,
        agentPhone: form.agent.phone,
        stage: 'issuance',
        waitingFor: 'system',
        stageSince: at,
      });
      await tx.save(application);
      await tx.update(Draft, { id: draft.id }, { applicationId: application.id });
      const subject = `application/${application.id}`;
      const actor = { kind: 'system', id: 'demo' } as const;
      await appendAudit(tx, { subject, at, actor, action: 'application.submitted', details: { number, demo: true }, next: 'system' });
      return application;
    });
  }
}
