/** Who is to be reminded of what today. Each reminder has an occasion of its own, and what was sent for it is not due again. */
import {
  businesses,
  correctionIsLate,
  correctionReminderDays,
  days,
  draftDays,
  draftFate,
  expiryReminder,
  orderReminder,
  shanghaiDay,
  weekday,
  type ReminderTemplate,
} from '#domain';
import { Application, Certificate, DispatchItem, FeeOrder, SmsMessage } from '#persistence';
import { Between, In, LessThan, MoreThan, Not, type EntityManager } from 'typeorm';
import { announcementOf, idleDrafts } from './drafts.js';

/** Ids and codes only: it travels through a history. */
export interface Reminder {
  template: ReminderTemplate;
  /** What it is about: an application, or a draft. */
  id: string;
  onceKey: string;
  /** Days left, where the text says so. */
  days?: number;
}

/** D: as many as an hour's run sends; the next run takes the rest. */
const MOST = 2000;
const WEDNESDAY = 3;

export async function remindersDue(manager: EntityManager, now: Date): Promise<Reminder[]> {
  const all = [
    ...(await expiries(manager, now)),
    ...(await orders(manager, now)),
    ...(await corrections(manager, now)),
    ...(await drafts(manager, now)),
    ...(weekday(shanghaiDay(now)) === WEDNESDAY ? await letters(manager, now) : []),
  ];
  const sent = await manager.find(SmsMessage, {
    select: { onceKey: true },
    where: { onceKey: In(all.map((each) => each.onceKey)), state: Not('waiting') },
  });
  const known = new Set(sent.map(({ onceKey }) => onceKey));
  return all.filter(({ onceKey }) => !known.has(onceKey)).slice(0, MOST);
}

async function expiries(manager: EntityManager, now: Date): Promise<Reminder[]> {
  const near = Between(new Date(now.getTime() - days(9)), new Date(now.getTime() + days(62)));
  const certificates = await manager.findBy(Certificate, { kind: 'signing', state: 'valid', notAfter: near });
  return certificates.flatMap(({ applicationId, serial, notAfter }): Reminder[] => {
    const threshold = expiryReminder(notAfter, now);
    if (threshold === null) return [];
    const template = threshold === -1 ? 'expiry-passed' : 'expiry-soon';
    return [{ template, id: applicationId, onceKey: `expiry/${serial}/${threshold}` }];
  });
}

async function orders(manager: EntityManager, now: Date): Promise<Reminder[]> {
  const open = await manager.findBy(FeeOrder, { status: 'open', createdAt: LessThan(new Date(now.getTime() - days(2))) });
  return open.flatMap(({ applicationId, createdAt }): Reminder[] => {
    const after = orderReminder(createdAt, now);
    return after === null ? [] : [{ template: 'order-reminder', id: applicationId, onceKey: `${applicationId}/order-reminder/${after}` }];
  });
}

async function corrections(manager: EntityManager, now: Date): Promise<Reminder[]> {
  const since = LessThan(new Date(now.getTime() - days(correctionReminderDays - 1)));
  const returned = await manager.findBy(Application, { stage: 'correction', stageSince: since });
  return returned
    .filter(({ stageSince }) => correctionIsLate(stageSince, now))
    .map(({ id, stageSince }) => ({
      template: 'correction-reminder',
      id,
      onceKey: `${id}/correction-reminder/${stageSince.toISOString()}`,
    }));
}

async function drafts(manager: EntityManager, now: Date): Promise<Reminder[]> {
  return (await idleDrafts(manager, draftDays.announced, now))
    .filter(({ updatedAt, business }) => draftFate(updatedAt, now) !== null && Object.hasOwn(businesses, business))
    .map((draft) => ({ template: 'draft-reminder', id: draft.id, onceKey: announcementOf(draft) }));
}

/** G: the role account has to be certified by Thursday. Whether it is, is asked when the message is about to be sent. */
async function letters(manager: EntityManager, now: Date): Promise<Reminder[]> {
  const week = Between(shanghaiDay(now), shanghaiDay(new Date(now.getTime() + days(2))));
  const due = await manager.findBy(DispatchItem, { state: 'due', day: week, timesCarried: MoreThan(-1) });
  return due.map(({ applicationId, day }) => ({
    template: 'certify-reminder',
    id: applicationId,
    onceKey: `${applicationId}/certify-reminder/${day}`,
  }));
}
