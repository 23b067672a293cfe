/** Moves a case's row and its audit together, in one transaction. Promises: what is recorded once stays once, however often it is asked. */
import {
  outcomes,
  system,
  XinyinError,
  type Actor,
  type AuditAction,
  type Outcome,
  type Resumption,
  type Stage,
  type Waiter,
} from '#domain';
import { Application, appendAudit } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { RecordDeps } from '../deps.js';

export const WORKFLOW = system('workflow');

export interface CaseMove {
  stage?: Stage;
  waitingFor?: Waiter;
  until?: Date | null;
}

export interface CaseEvent {
  action: AuditAction;
  details?: Record<string, string | number | boolean | null>;
  actor?: Actor;
  /** Makes the move idempotent: a second run finds the audit entry and changes nothing. */
  onceKey?: string;
}

/** The case's row, locked until the transaction ends: two activities never move one case at once. */
export async function lockCase(tx: EntityManager, applicationId: string): Promise<Application> {
  const application = await tx.findOne(Application, { where: { id: applicationId }, lock: { mode: 'pessimistic_write' } });
  if (!application) throw new XinyinError('NOT_FOUND');
  asRead.set(application, { ...application });
  return application;
}

/** Locked rows as they were read: nobody else changes them meanwhile, so what differs from this is what is to be written. */
const asRead = new WeakMap<Application, Readonly<Partial<Application>>>();

/** Writes the audit entry and the new state. Returns false, changing nothing, when this event was recorded before. */
export async function moveCase(tx: EntityManager, application: Application, move: CaseMove, event: CaseEvent, at: Date): Promise<boolean> {
  const waitingFor = move.waitingFor ?? application.waitingFor;
  const until = move.until === undefined ? application.dueAt : move.until;
  const fresh = await appendAudit(tx, {
    subject: `application/${application.id}`,
    at,
    actor: event.actor ?? WORKFLOW,
    action: event.action,
    details: event.details ?? {},
    next: waitingFor,
    until,
    onceKey: event.onceKey,
  });
  if (!fresh) return false;
  if (move.stage && move.stage !== application.stage) Object.assign(application, { stage: move.stage, stageSince: at });
  Object.assign(application, { waitingFor, dueAt: until });
  await writeCase(tx, application);
  return true;
}

/** Writes what was changed since the row was locked. A value in a column of JSON is replaced, never changed in place. */
export async function writeCase(tx: EntityManager, application: Application): Promise<void> {
  const { id, version: _countedByTheDatabase, ...columns } = application;
  const before = asRead.get(application);
  const changed = Object.entries(columns).filter(([name, value]) => before?.[name as keyof Application] !== value);
  if (changed.length === 0) return;
  await tx.update(Application, { id }, Object.fromEntries(changed));
  asRead.set(application, { ...application });
}

export const caseworkActivities = ({ data, now }: RecordDeps) => ({
  async closeCase({ applicationId, outcome }: { applicationId: string; outcome: Outcome }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      Object.assign(application, { outcome, closedAt: application.closedAt ?? now(), parkedReason: null });
      const details = { outcome: outcomes[outcome].zh, outcomeEn: outcomes[outcome].en, code: outcome };
      await moveCase(
        tx,
        application,
        { stage: 'closed', waitingFor: 'nobody', until: null },
        { action: 'case.closed', details, onceKey: 'closed' },
        now(),
      );
    });
  },

  /** A step that cannot be retried: a person has to look, and nothing is lost meanwhile. */
  async parkCase({ applicationId, code }: { applicationId: string; code: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (application.parkedReason === code) return;
      application.parkedReason = code;
      await moveCase(tx, application, { waitingFor: 'staff' }, { action: 'case.parked', details: { code } }, now());
    });
  },

  async resumeCase({ applicationId, reason, by }: Resumption & { applicationId: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (application.parkedReason === null) return;
      application.parkedReason = null;
      const event = { action: 'case.resumed', details: { reason }, actor: { kind: 'operator', id: by } } as const;
      await moveCase(tx, application, { waitingFor: 'system' }, event, now());
    });
  },
});
