/** The one way in: application, audit and idempotency key in one transaction, then the start of its workflow. */
import { businesses, fieldError, wayOf, XinyinError, type ApplicationForm, type WindowSlug } from '#domain';
import { appendAudit, Application, Draft } from '#persistence';
import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { KeyChallenges, type Claim, type Proof } from '../certificates/key-challenges.js';
import { Subjects } from '../certificates/subjects.js';
import type { Principal, Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { CaseStarter } from '../cases/case-starter.js';
import { requireOpen, requireReason, requireWindow } from '../window/hours.js';
import { contentDigest } from './draft-content.js';
import { DraftsService, refuse } from './drafts.service.js';
import { fileApplication } from './filing.js';
import { refuseWhileOpen } from './open-application.js';

export interface SubmissionInput {
  additional?: boolean;
  /** Where the applicant stands; asked for at a window only. */
  window?: string;
  /** Customer service has called the registered phone back. */
  callBackConfirmed?: boolean;
  proof?: Proof;
}

@Injectable()
export class SubmissionService {
  constructor(
    private readonly context: ApiContext,
    private readonly drafts: DraftsService,
    private readonly starter: CaseStarter,
    private readonly subjects: Subjects,
    private readonly challenges: KeyChallenges,
  ) {}

  async submit(caller: Principal, draftId: string, idempotencyKey: string, input: SubmissionInput) {
    const application = await this.context.data.transaction(async (tx) => {
      const draft = await this.drafts.own(tx, caller, draftId, 'lock');
      const before = await tx.findOneBy(Application, { submittedByPhone: caller.phone, idempotencyKey });
      if (before && before.draftId === draftId) return before;
      if (before) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
      if (draft.applicationId !== null) throw new XinyinError('DRAFT_SUBMITTED');
      refuse(await this.drafts.missing(tx, draft));
      const window = await this.windowOf(tx, draft, input);
      await this.requireSubject(tx, caller, draft, input);
      return this.insert(tx, caller, draft, { idempotencyKey, window, additional: input.additional ?? false });
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

  async challenge(caller: Principal, draftId: string) {
    const { manager } = this.context.data;
    const draft = await this.drafts.own(manager, caller, draftId);
    return this.challenges.open(await this.claimOf(manager, draft));
  }

  async waiveHours(supervisor: Staff, draftId: string, reason: string): Promise<void> {
    requireReason(reason);
    const { data } = this.context;
    const where = { id: draftId, channel: 'window' as const, applicationId: IsNull(), enteredBy: Not(supervisor.staffId) };
    const waived = { hoursWaivedBy: supervisor.staffId, hoursWaivedReason: reason };
    const { affected } = isUuid(draftId) ? await data.manager.update(Draft, where, waived) : { affected: 0 };
    if (affected !== 1) throw new XinyinError('NOT_FOUND');
  }

  /** G: a window takes applications within its hours; D: a supervisor may let one in outside them, giving a reason. */
  private async windowOf(tx: EntityManager, draft: Draft, { window, callBackConfirmed }: SubmissionInput): Promise<WindowSlug | null> {
    if (draft.channel === 'telephone' && callBackConfirmed !== true) throw fieldError('callBackConfirmed', 'FIELD_REQUIRED');
    if (draft.channel !== 'window') {
      if (window !== undefined) throw fieldError('window', 'FIELD_UNKNOWN');
      return null;
    }
    const named = requireWindow(window);
    if (draft.hoursWaivedBy === null) await requireOpen(tx, this.context, named);
    return named;
  }

  private async requireSubject(tx: EntityManager, caller: Principal, draft: Draft, { proof }: SubmissionInput): Promise<void> {
    if (draft.subjectSerial === null) return;
    const subject = await this.subjects.named(tx, caller, draft.subjectSerial);
    await this.subjects.requireFree(tx, draft.business, subject);
    if (draft.business === 'change') this.subjects.requireChange(subject, draft.form as ApplicationForm);
    if (wayOf(draft.business, draft.channel)?.proof !== 'current-key') return;
    if (!proof) throw fieldError('proof', 'FIELD_REQUIRED');
    await this.challenges.prove(tx, await this.claimOf(tx, draft), proof);
  }

  private async claimOf(tx: EntityManager, draft: Draft): Promise<Claim> {
    if (draft.subjectSerial === null || wayOf(draft.business, draft.channel)?.proof !== 'current-key') throw new XinyinError('NOT_FOUND');
    return { purpose: 'renewal', subject: `draft/${draft.id}`, serial: draft.subjectSerial, digest: await contentDigest(tx, draft) };
  }

  private async insert(
    tx: EntityManager,
    caller: Principal,
    draft: Draft,
    { idempotencyKey, window, additional }: { idempotencyKey: string; window: WindowSlug | null; additional: boolean },
  ): Promise<Application> {
    const at = this.context.now();
    const { business, enteredBy } = draft;
    const { uscc } = (draft.form as ApplicationForm).organisation;
    if (businesses[business].about === 'organisation') await refuseWhileOpen(tx, { uscc, business, additional });
    const actor = enteredBy === null ? ({ kind: 'applicant', id: caller.sessionId } as const) : ({ kind: 'staff', id: enteredBy } as const);
    const row = { window, additional };
    const application = await fileApplication(tx, draft, { idempotencyKey, phone: caller.phone, actor, at, row, details: { additional } });
    if (draft.hoursWaivedBy !== null) {
      const supervisor = { kind: 'staff', id: draft.hoursWaivedBy } as const;
      await appendAudit(tx, {
        subject: `application/${application.id}`,
        at,
        actor: supervisor,
        action: 'window.hours-overridden',
        next: 'system',
        onceKey: 'hours-waived',
      });
    }
    return application;
  }
}
