/** Drafts that are left alone: announced, and in the end deleted with everything that was brought to them. */
import { days, draftDays, draftDeletedOn, draftFate, shanghaiDay } from '#domain';
import { Consent, Draft, leaveObjects, ReminderOptOut, SmsMessage, Upload } from '#persistence';
import { IsNull, LessThan, Not, type EntityManager } from 'typeorm';

/** D: as many as a run of an hour deletes; the next one takes the rest. */
const MOST = 200;

/** Those that nobody has touched for nearly so long, the longest first; the rule says which of them are due. */
export const idleDrafts = (manager: EntityManager, idleDays: number, now: Date): Promise<Draft[]> =>
  manager.find(Draft, {
    where: { applicationId: IsNull(), updatedAt: LessThan(new Date(now.getTime() - days(idleDays - 1))) },
    order: { updatedAt: 'ASC' },
  });

/** A draft that is touched after it was announced is announced again. */
export const announcementOf = ({ id, updatedAt }: Draft): string => `draft/${id}/${updatedAt.toISOString()}`;

export async function deleteLeftDrafts(manager: EntityManager, now: Date): Promise<number> {
  let deleted = 0;
  for (const draft of await idleDrafts(manager, draftDays.deleted, now))
    if (deleted < MOST && (await mayGo(manager, draft, now))) deleted += await removeDraft(manager, draft, now);
  return deleted;
}

async function mayGo(manager: EntityManager, draft: Draft, now: Date): Promise<boolean> {
  if (draftFate(draft.updatedAt, now) !== 'delete') return false;
  if (await manager.existsBy(ReminderOptOut, { phone: draft.ownerPhone })) return true;
  const announced = await manager.findOneBy(SmsMessage, { onceKey: announcementOf(draft), state: Not('waiting') });
  return announced !== null && shanghaiDay(now) >= draftDeletedOn(draft.updatedAt, announced.sentAt);
}

async function removeDraft(manager: EntityManager, { id }: Draft, now: Date): Promise<number> {
  return manager.transaction(async (tx) => {
    const draft = await tx.findOne(Draft, { where: { id }, lock: { mode: 'pessimistic_write' } });
    // Submitted, or touched by a form, a file or a consent, in this very moment: it stays.
    if (draft?.applicationId !== null || draftFate(draft.updatedAt, now) !== 'delete') return 0;
    const uploads = await tx.findBy(Upload, { draftId: id });
    await leaveObjects(
      tx,
      uploads.map(({ sha256 }) => sha256),
      now,
    );
    await tx.delete(Upload, { draftId: id });
    await tx.delete(Consent, { draftId: id });
    await tx.delete(Draft, { id });
    return 1;
  });
}
