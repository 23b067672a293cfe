/** Tasks for people: who takes one learns the phone and the text, for as long as it is theirs. */
import {
  CLAIM_LEASE_MS,
  claimRefusal,
  doneRefusal,
  maskPhone,
  spokenText,
  taskNotes,
  XinyinError,
  type AuditAction,
  type ErrorCode,
  type TaskNote,
} from '#domain';
import { appendAudit, Application, messageSubject, SmsMessage, StaffTask } from '#persistence';
import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

const MOST = 500;
const messageIdOf = ({ subject }: StaffTask) => subject.slice('message/'.length);

@Injectable()
export class TasksService {
  constructor(private readonly context: ApiContext) {}

  /** Oldest first; what is done, the last one first. */
  async list(state: 'open' | 'done') {
    const { manager } = this.context.data;
    const where = { doneAt: state === 'open' ? IsNull() : Not(IsNull()) };
    const tasks = await manager.find(StaffTask, { where, order: state === 'open' ? { openedAt: 'ASC' } : { doneAt: 'DESC' }, take: MOST });
    const messages = await manager.findBy(SmsMessage, { id: In(tasks.map(messageIdOf)) });
    const applications = await manager.findBy(Application, { id: In(tasks.flatMap(({ applicationId }) => applicationId ?? [])) });
    return tasks.map((task) => ({
      task,
      message: messages.find(({ id }) => id === messageIdOf(task)) ?? null,
      number: applications.find(({ id }) => id === task.applicationId)?.number ?? null,
      held: task.claimUntil !== null && task.claimUntil > this.context.now(),
    }));
  }

  async claim(caller: Staff, id: string): Promise<{ claimUntil: string; phone: string; text: string | null }> {
    const now = this.context.now();
    const claimUntil = new Date(now.getTime() + CLAIM_LEASE_MS);
    return this.context.data.transaction(async (tx) => {
      const { task, message } = await this.locked(tx, id);
      refuse(claimRefusal(task, caller.staffId, now));
      const renewed = task.claimedBy === caller.staffId;
      await tx.update(StaffTask, { id }, { claimedBy: caller.staffId, claimUntil });
      if (!renewed) await this.audit(tx, caller, message, 'task.claimed', {});
      return { claimUntil: claimUntil.toISOString(), phone: message.phone ?? '', text: spokenText(message.template, message.values) };
    });
  }

  /** What the person did. Told again by the same person, it is the same. */
  async done(caller: Staff, id: string, note: TaskNote): Promise<void> {
    const now = this.context.now();
    await this.context.data.transaction(async (tx) => {
      const { task, message } = await this.locked(tx, id);
      if (task.doneBy === caller.staffId && task.note === note) return;
      refuse(doneRefusal(task, caller.staffId, now));
      await tx.update(StaffTask, { id }, { doneAt: now, doneBy: caller.staffId, note });
      const { zh, en } = taskNotes[note];
      await this.audit(tx, caller, message, 'task.done', { note: zh, noteEn: en, code: note });
    });
  }

  private async locked(tx: EntityManager, id: string): Promise<{ task: StaffTask; message: SmsMessage }> {
    const task = isUuid(id) ? await tx.findOne(StaffTask, { where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
    if (!task) throw new XinyinError('NOT_FOUND');
    return { task, message: await tx.findOneByOrFail(SmsMessage, { id: messageIdOf(task) }) };
  }

  private async audit(tx: EntityManager, caller: Staff, message: SmsMessage, action: AuditAction, details: Record<string, string>) {
    const actor = { kind: 'staff', id: caller.staffId } as const;
    await appendAudit(tx, { subject: messageSubject(message), at: this.context.now(), actor, action, details });
  }
}

export const maskedPhone = (message: SmsMessage | null) => maskPhone(message?.phone ?? '');

function refuse(code: ErrorCode | null): void {
  if (code !== null) throw new XinyinError(code, { params: { minutes: CLAIM_LEASE_MS / 60_000 } });
}
