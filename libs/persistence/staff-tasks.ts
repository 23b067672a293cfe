/** Tasks for people, opened and closed by what happens. Promises: one task an occasion, and its end in the audit of what it is about. */
import { system, systemTaskNotes } from '#domain';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { appendAudit } from './audit.js';
import type { Application } from './entities/application.js';
import { StaffTask } from './entities/messages.js';

export type NewTask = Pick<StaffTask, 'kind' | 'subject' | 'applicationId' | 'why' | 'openedAt'>;

/** The same subject is the same task, also when it was done. */
export async function openTask(tx: EntityManager, task: NewTask): Promise<void> {
  const nobody = { claimedBy: null, claimUntil: null, doneAt: null, doneBy: null, note: null };
  const row = { id: uuidv7(), ...task, ...nobody };
  await tx.createQueryBuilder().insert().into(StaffTask).values(row).orIgnore().execute();
}

/** One for each time that a case stands in a stage. */
export const lateTask = ({ id, stage, stageSince }: Pick<Application, 'id' | 'stage' | 'stageSince'>, openedAt: Date): NewTask => ({
  kind: 'case-overdue',
  subject: `application/${id}/${stage}/${stageSince.toISOString()}`,
  applicationId: id,
  why: stage,
  openedAt,
});

/** The case goes on: nobody need see to it any more, whether somebody has taken the task or not. */
export async function endLateTask(tx: EntityManager, applicationId: string, at: Date): Promise<void> {
  const open = { kind: 'case-overdue' as const, applicationId, doneAt: IsNull() };
  const { affected } = await tx.update(StaffTask, open, { doneAt: at, note: 'moved-on' });
  if (affected) await auditTaskEnd(tx, `application/${applicationId}`, at, 'moved-on');
}

/** Nobody had to do it in the end. */
export async function auditTaskEnd(tx: EntityManager, subject: string, at: Date, code: keyof typeof systemTaskNotes): Promise<void> {
  const { zh: note, en: noteEn } = systemTaskNotes[code];
  await appendAudit(tx, { subject, at, actor: system('workflow'), action: 'task.done', details: { note, noteEn, code } });
}
