/** Tasks for people: who takes one about a message learns the phone and the text, for as long as it is theirs. */
import {
  CLAIM_LEASE_MS,
  claimRefusal,
  doneRefusal,
  fieldError,
  spokenText,
  takesNote,
  taskNotes,
  tasksShownTo,
  worksOnTask,
  XinyinError,
  type AuditAction,
  type ErrorCode,
  type TaskNote,
} from '#domain';
import { appendAudit, Application, SmsMessage, StaffTask } from '#persistence';
import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

const MOST = 500;
const messageIdOf = ({ kind, subject }: StaffTask) => (kind === 'message-undelivered' ? [subject.slice('message/'.length)] : []);

interface Claim {
  claimUntil: string;
  /** Whom to call, and what about; null where nobody is called. */
  phone: string | null;
  text: string | null;
}

@Injectable()
export class TasksService {
  constructor(private readonly context: ApiContext) {}

  /** Those that are shown to the caller: oldest first; what is done, the last one first. */
  async list({ roles }: Staff, state: 'open' | 'done') {
    const { manager } = this.context.data;
    const where = { kind: In(tasksShownTo(roles)), doneAt: state === 'open' ? IsNull() : Not(IsNull()) };
    const tasks = await manager.find(StaffTask, { where, order: state === 'open' ? { openedAt: 'ASC' } : { doneAt: 'DESC' }, take: MOST });
    const messages = await manager.findBy(SmsMessage, { id: In(tasks.flatMap(messageIdOf)) });
    const applications = await manager.findBy(Application, { id: In(tasks.flatMap(({ applicationId }) => applicationId ?? [])) });
    return tasks.map((task) => ({
      task,
      message: messages.find(({ id }) => messageIdOf(task).includes(id)) ?? null,
      application: applications.find(({ id }) => id === task.applicationId) ?? null,
      held: task.claimUntil !== null && task.claimUntil > this.context.now(),
    }));
  }

  async claim(caller: Staff, id: string): Promise<Claim> {
    const now = this.context.now();
    const claimUntil = new Date(now.getTime() + CLAIM_LEASE_MS);
    return this.context.data.transaction(async (tx) => {
      const { task, message } = await this.locked(tx, caller, id);
      refuse(claimRefusal(task, caller.staffId, now));
      const renewed = task.claimedBy === caller.staffId;
      await tx.update(StaffTask, { id }, { claimedBy: caller.staffId, claimUntil });
      if (!renewed) await this.audit(tx, caller, subjectOf(task), 'task.claimed', {});
      const text = message && spokenText(message.template, message.values);
      return { claimUntil: claimUntil.toISOString(), phone: message?.phone ?? null, text };
    });
  }

  /** What the person did. Told again by the same person, it is the same. */
  async done(caller: Staff, id: string, note: TaskNote): Promise<void> {
    const now = this.context.now();
    await this.context.data.transaction(async (tx) => {
      const { task } = await this.locked(tx, caller, id);
      if (!takesNote(task.kind, note)) throw fieldError('note', 'FIELD_CHOICE');
      if (task.doneBy === caller.staffId && task.note === note) return;
      refuse(doneRefusal(task, caller.staffId, now));
      await tx.update(StaffTask, { id }, { doneAt: now, doneBy: caller.staffId, note });
      const { zh, en } = taskNotes[note];
      await this.audit(tx, caller, subjectOf(task), 'task.done', { note: zh, noteEn: en, code: note });
    });
  }

  /** One that is not for the caller answers like not found. */
  private async locked(tx: EntityManager, { roles }: Staff, id: string): Promise<{ task: StaffTask; message: SmsMessage | null }> {
    const lock = { mode: 'pessimistic_write' } as const;
    const known = isUuid(id) ? await tx.findOneBy(StaffTask, { id }) : null;
    if (!known || !worksOnTask(roles, known.kind)) throw new XinyinError('NOT_FOUND');
    // The case before the task, in the order in which a step of the case holds them when it ends one.
    if (known.applicationId !== null) await tx.findOne(Application, { where: { id: known.applicationId }, lock });
    const task = await tx.findOneOrFail(StaffTask, { where: { id }, lock });
    const [messageId] = messageIdOf(task);
    return { task, message: messageId === undefined ? null : await tx.findOneByOrFail(SmsMessage, { id: messageId }) };
  }

  private async audit(tx: EntityManager, caller: Staff, subject: string, action: AuditAction, details: Record<string, string>) {
    const actor = { kind: 'staff', id: caller.staffId } as const;
    await appendAudit(tx, { subject, at: this.context.now(), actor, action, details });
  }
}

/** The chain in which its events stand. */
const subjectOf = ({ subject, applicationId }: StaffTask) => (applicationId === null ? subject : `application/${applicationId}`);

function refuse(code: ErrorCode | null): void {
  if (code !== null) throw new XinyinError(code, { params: { minutes: CLAIM_LEASE_MS / 60_000 } });
}
