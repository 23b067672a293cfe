/** The one way in: application, audit and idempotency key in one transaction, then the start of its workflow. */
import { applicationNumber, businesses, shanghaiDay, XinyinError, yearOf, type ApplicationForm } from '#domain';
import { appendAudit, Application, Draft, nextRunningNumber } from '#persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Applicant } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { CaseStarter } from './case-starter.js';
import { DraftsService, refuse } from './drafts.service.js';
import { refuseWhileOpen } from './open-application.js';

@Injectable()
export class SubmissionService {
  constructor(
    private readonly context: ApiContext,
    private readonly drafts: DraftsService,
    private readonly starter: CaseStarter,
  ) {}

  async submit(caller: Applicant, draftId: string, idempotencyKey: string, additional: boolean) {
    const application = await this.context.data.transaction(async (tx) => {
      const draft = await this.drafts.own(tx, caller, draftId, 'lock');
      const before = await tx.findOneBy(Application, { submittedByPhone: caller.phone, idempotencyKey });
      if (before && before.draftId === draftId) return before;
      if (before) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
      if (draft.applicationId !== null) throw new XinyinError('DRAFT_SUBMITTED');
      refuse(await this.drafts.missing(tx, draft));
      return this.insert(tx, caller, draft, idempotencyKey, additional);
    });
    // The row is the promise. If the engine is away, or this process dies here, the sweep starts the case.
    await this.starter
      .start(application)
      .catch((error: unknown) =>
        this.context.log.warn(
          { applicationId: application.id, failure: error instanceof Error ? error.name : '' },
          'the sweep will start this case',
        ),
      );
    return { id: application.id, number: application.number };
  }

  private async insert(
    tx: EntityManager,
    caller: Applicant,
    draft: Draft,
    idempotencyKey: string,
    additional: boolean,
  ): Promise<Application> {
    const now = this.context.now();
    const form = draft.form as ApplicationForm;
    const { uscc, certificateName } = form.organisation;
    await refuseWhileOpen(tx, { uscc, business: draft.business, additional });

    const definition = businesses[draft.business];
    const year = yearOf(shanghaiDay(now));
    const number = applicationNumber(definition.numberPrefix, year, await nextRunningNumber(tx, definition.numberPrefix, year));
    const application = tx.create(Application, {
      id: uuidv7(),
      number,
      business: draft.business,
      system: draft.system,
      channel: 'online',
      draftId: draft.id,
      idempotencyKey,
      submittedByPhone: caller.phone,
      submittedAt: now,
      additional,
      form,
      certificateName,
      uscc,
      agentPhone: form.agent.phone,
      stage: 'phone-verification',
      waitingFor: 'system',
      stageSince: now,
    });
    await tx.save(application);
    await tx.update(Draft, { id: draft.id }, { applicationId: application.id });
    const actor = { kind: 'applicant', id: caller.sessionId } as const;
    await appendAudit(tx, {
      subject: `application/${application.id}`,
      at: now,
      actor,
      action: 'application.submitted',
      details: { number, additional },
      next: 'system',
      onceKey: 'submitted',
    });
    return application;
  }
}
