/** Applications that nobody drafted: what the office takes down itself becomes draft, application and audit entry in one step. */
import {
  applicationNumber,
  businesses,
  shanghaiDay,
  yearOf,
  type ApplicationForm,
  type Actor,
  type BusinessSlug,
  type Channel,
  type Stage,
} from '#domain';
import { appendAudit, Application, Draft, nextRunningNumber } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

export interface Undrafted {
  business: BusinessSlug;
  system: string;
  channel: Channel;
  form: ApplicationForm;
  stage: Stage;
  /** Whose phone stands for who brought it. */
  submittedByPhone: string;
  enteredBy: string | null;
  subjectSerial: string | null;
  /** By default none: the caller has no request that could be repeated. */
  idempotencyKey?: string;
  /** Set where no workflow of the business is to be started. */
  startedAt?: Date;
  actor: Actor;
  details?: Record<string, boolean>;
}

export async function fileUndrafted(tx: EntityManager, given: Undrafted, at: Date): Promise<Application> {
  const { submittedByPhone, idempotencyKey, startedAt = null, actor, details = {}, stage, ...shared } = given;
  const { organisation, agent } = given.form;
  const { numberPrefix } = businesses[given.business];
  const year = yearOf(shanghaiDay(at));
  const number = applicationNumber(numberPrefix, year, await nextRunningNumber(tx, numberPrefix, year));
  const id = uuidv7();
  const { business, system, channel, form, enteredBy, subjectSerial } = shared;
  const draft = tx.create(Draft, {
    ...{ business, system, channel, form, enteredBy, subjectSerial },
    id: uuidv7(),
    ownerPhone: submittedByPhone,
    applicationId: id,
    createdAt: at,
    updatedAt: at,
  });
  await tx.save(draft);
  const application = tx.create(Application, {
    ...shared,
    id,
    number,
    draftId: draft.id,
    idempotencyKey: idempotencyKey ?? draft.id,
    submittedByPhone,
    submittedAt: at,
    startedAt,
    additional: false,
    certificateName: organisation.certificateName,
    uscc: organisation.uscc,
    agentPhone: agent.phone,
    stage,
    waitingFor: 'system',
    stageSince: at,
  });
  await tx.save(application);
  const subject = `application/${id}`;
  await appendAudit(tx, {
    subject,
    at,
    actor,
    action: 'application.submitted',
    details: { number, ...details },
    next: 'system',
    onceKey: 'submitted',
  });
  return application;
}
