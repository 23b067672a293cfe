/** How an application comes into being, whoever asks for it: from a draft, with its number and the first entry of its audit. */
import { applicationNumber, businesses, shanghaiDay, wayOf, yearOf, type Actor, type ApplicationForm } from '#domain';
import { appendAudit, Application, Draft, nextRunningNumber } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

type Begun = Pick<Draft, 'ownerPhone' | 'business' | 'system' | 'channel' | 'form'> & Partial<Pick<Draft, 'enteredBy' | 'subjectSerial'>>;

export async function openDraft(tx: EntityManager, begun: Begun, at: Date): Promise<Draft> {
  const nobody = { enteredBy: null, subjectSerial: null, applicationId: null };
  const draft = tx.create(Draft, { ...nobody, ...begun, id: uuidv7(), createdAt: at, updatedAt: at });
  await tx.insert(Draft, draft);
  return draft;
}

export interface Filing {
  idempotencyKey: string;
  phone: string;
  actor: Actor;
  at: Date;
  /** What differs from an application that just begins. */
  row?: Partial<Pick<Application, 'window' | 'additional' | 'stage' | 'startedAt'>>;
  /** For the audit. */
  details?: Record<string, boolean>;
}

/** The draft's form is complete: whoever files has checked it. */
export async function fileApplication(
  tx: EntityManager,
  draft: Draft,
  { idempotencyKey, phone, actor, at, row, details }: Filing,
): Promise<Application> {
  const { business, system, channel, enteredBy, subjectSerial } = draft;
  const form = draft.form as ApplicationForm;
  const { certificateName, uscc } = form.organisation;
  const { numberPrefix } = businesses[business];
  const year = yearOf(shanghaiDay(at));
  const number = applicationNumber(numberPrefix, year, await nextRunningNumber(tx, numberPrefix, year));
  const application = tx.create(Application, {
    ...{ id: uuidv7(), number, business, system, channel, window: null, enteredBy, subjectSerial, draftId: draft.id },
    ...{ idempotencyKey, additional: false, form, certificateName, uscc, agentPhone: form.agent.phone },
    ...{ submittedByPhone: phone, submittedAt: at, stageSince: at, waitingFor: 'system' },
    stage: wayOf(business, channel)?.stages[0] ?? 'review',
    ...row,
  });
  await tx.insert(Application, application);
  await tx.update(Draft, { id: draft.id }, { applicationId: application.id });
  const entry = {
    at,
    actor,
    action: 'application.submitted',
    details: { number, ...details },
    next: 'system',
    onceKey: 'submitted',
  } as const;
  await appendAudit(tx, { subject: `application/${application.id}`, ...entry });
  return application;
}
