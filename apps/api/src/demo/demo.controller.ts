/** Demonstrations only: holders whose certificates end soon. Elsewhere nothing is here. */
import { fieldError, system, usccProblem, XinyinError, type ApplicationForm } from '#domain';
import type { Application } from '#persistence';
import { queues, workflowTypes } from '#workflows/contract';
import { Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { checkApplicationForm } from '../drafts/form-check.js';
import { partialForm } from '../drafts/draft-form.schema.js';
import { refuse } from '../drafts/drafts.service.js';
import { fileUndrafted } from '../drafts/undrafted.js';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

const holder = z.strictObject({ form: partialForm, notAfter: z.iso.datetime() });
const holderView = z.object({ id: z.string(), number: z.string() });

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
    const at = now();
    return data.transaction((tx) =>
      fileUndrafted(
        tx,
        {
          business: 'new',
          system: 'sichuan-medicine-procurement',
          channel: 'online',
          form,
          stage: 'issuance',
          submittedByPhone: form.agent.phone,
          enteredBy: null,
          subjectSerial: null,
          // The sweep starts no case for it.
          startedAt: at,
          actor: system('demo'),
          details: { demo: true },
        },
        at,
      ),
    );
  }
}
