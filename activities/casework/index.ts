/** Moves a case's row and its audit together, in one transaction. Promises: what is recorded once stays once, however often it is asked. */
import {
  cancelReasons,
  outcomes,
  system,
  XinyinError,
  type Actor,
  type AuditAction,
  type CancelReason,
  type Hold,
  type Outcome,
  type Resumption,
  type Stage,
  type Waiter,
} from '#domain';
import { Application, appendAudit, appendAudits, endLateTask, FeeOrder, standings, type AuditRecord } from '#persistence';
import type { ResetInput } from '#workflows/contract';
import type { EntityManager } from 'typeorm';
import type { RecordDeps } from '../deps.js';
import { oweBackHeld } from '../refund/index.js';
import { operatorIn, requireOperator } from '../operators/index.js';

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

/** Staff who have had a case in hand: its workflow lets none of them decide (four eyes). */
export interface InHand {
  hands: string[];
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
  if (move.stage && move.stage !== application.stage) {
    if (application.overdueSince !== null) await endLateTask(tx, application.id, at);
    Object.assign(application, { stage: move.stage, stageSince: at, overdueSince: null });
  }
  // The workflow has spoken: the sweep need not start it.
  Object.assign(application, { waitingFor, dueAt: until, startedAt: application.startedAt ?? at });
  await writeCase(tx, application);
  return true;
}

/** What a case is told of beside its own run, which moves it nowhere: a credit, say. */
export type StandingCase = Pick<Application, 'id' | 'waitingFor' | 'dueAt' | 'startedAt' | 'completedAt'>;

/** Rows of many cases by id, locked in one order until the transaction ends; a case before its order, as its own steps lock them. */
export async function lockCases(tx: EntityManager, applicationIds: readonly string[]): Promise<Map<string, StandingCase>> {
  const rows: StandingCase[] = await tx.query(
    `SELECT id, waiting_for AS "waitingFor", due_at AS "dueAt", started_at AS "startedAt", completed_at AS "completedAt"
     FROM application WHERE id = ANY($1) ORDER BY id FOR UPDATE`,
    [[...new Set(applicationIds)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What `moveCase` would write for an event that moves no case. Records of many cases, and of other chains, go into one `appendAudits`. */
export function noteOf({ id, waitingFor, dueAt }: StandingCase, event: CaseEvent, at: Date): AuditRecord {
  const { action, details = {}, actor = WORKFLOW, onceKey } = event;
  return { subject: `application/${id}`, at, actor, action, details, next: waitingFor, until: dueAt, ...(onceKey && { onceKey }) };
}

/** Appends the records; the sweep need not start a case that has heard of something. */
export async function noteAll(tx: EntityManager, records: readonly AuditRecord[], cases: Iterable<StandingCase>, at: Date): Promise<void> {
  const heard = new Set((await appendAudits(tx, records)).map(({ subject }) => subject));
  const unstarted = [...cases].filter(({ id, startedAt }) => startedAt === null && heard.has(`application/${id}`)).map(({ id }) => id);
  if (unstarted.length > 0)
    await tx.query(`UPDATE application SET started_at = $2, version = version + 1 WHERE id = ANY($1)`, [unstarted, at]);
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

export interface Interruption {
  applicationId: string;
  outcome: 'withdrawn' | 'cancelled';
  by: { reason: CancelReason; by: string } | null;
}

/** A case that ends without its purpose: nothing more is asked for, and what was received is owed back. */
async function settleOrder(tx: EntityManager, applicationId: string, at: Date): Promise<void> {
  const order = await tx.findOne(FeeOrder, { where: { applicationId }, lock: { mode: 'pessimistic_write' } });
  if (!order) return;
  if (order.status === 'open') await tx.update(FeeOrder, { id: order.id }, { status: 'cancelled' });
  await oweBackHeld(tx, order.id, await standings(tx, { orderId: order.id }), WORKFLOW, at);
}

export interface Closing {
  applicationId: string;
  outcome: Outcome;
  /** Where an operator has terminated it: the staff id they gave, or null. */
  by?: string | null | undefined;
}

export const caseworkActivities = ({ data, now }: RecordDeps) => ({
  async closeCase({ applicationId, outcome, by }: Closing): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (application.completedAt === null) await settleOrder(tx, application.id, now());
      Object.assign(application, { outcome, closedAt: application.closedAt ?? now(), parkedReason: null });
      const details = { outcome: outcomes[outcome].zh, outcomeEn: outcomes[outcome].en, code: outcome };
      await moveCase(
        tx,
        application,
        { stage: 'closed', waitingFor: 'nobody', until: null },
        { action: 'case.closed', details, actor: by === undefined ? WORKFLOW : await operatorIn(tx, by), onceKey: 'closed' },
        now(),
      );
    });
  },

  /** Withdrawn by the applicant, or cancelled by a supervisor for a reason of the list. */
  async interruptCase({ applicationId, outcome, by }: Interruption): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const words = by && { reason: cancelReasons[by.reason].zh, reasonEn: cancelReasons[by.reason].en, code: by.reason };
      const actor = by ? ({ kind: 'staff', id: by.by } as const) : ({ kind: 'applicant', id: 'agent' } as const);
      const event = { action: by ? 'case.cancelled' : 'case.withdrawn', details: words ?? {}, actor, onceKey: outcome } as const;
      await moveCase(tx, application, { waitingFor: 'system', until: null }, event, now());
    });
  },

  /**
   * A step that cannot be retried, or an operator's wish: a person has to look, and nothing is lost meanwhile.
   * @throws XinyinError INPUT_INVALID for a wish of somebody who does not work here
   */
  async parkCase({ applicationId, code, hold }: { applicationId: string; code: string; hold?: Hold }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const operator = hold && (await requireOperator(tx, hold.by));
      if (application.parkedReason === code) return;
      application.parkedReason = code;
      const event: CaseEvent = operator
        ? { action: 'case.parked', details: { code, reason: hold.reason }, actor: operator }
        : { action: 'case.parked', details: { code } };
      await moveCase(tx, application, { waitingFor: 'staff' }, event, now());
    });
  },

  /** Histories of before say of nobody that the case waits for them. @throws XinyinError INPUT_INVALID for somebody who does not work here */
  async resumeCase({
    applicationId,
    reason,
    by,
    waitingFor = 'system',
  }: Resumption & { applicationId: string; waitingFor?: Waiter }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const actor = await requireOperator(tx, by);
      if (application.parkedReason === null) return;
      application.parkedReason = null;
      const event = { action: 'case.resumed', details: { reason }, actor } as const;
      await moveCase(tx, application, { waitingFor }, event, now());
    });
  },

  /** Steps run again from an earlier point, and each finds what it did before; the row stays as it is. */
  async recordReset({ applicationId, runId, by }: ResetInput): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const actor = await operatorIn(tx, by);
      await moveCase(tx, application, {}, { action: 'case.reset', details: { run: runId }, actor, onceKey: `reset/${runId}` }, now());
    });
  },
});
