/** Reminders by SMS. Promises: one message an occasion; never at night; not to a phone that wants none; a draft goes five days after it was announced. */
import {
  businesses,
  calendarDay,
  daysBetween,
  draftDeletedOn,
  draftFate,
  expiryReminder,
  fen,
  isSendingTime,
  replacing,
  shanghaiClock,
  shanghaiDay,
  shownDay,
  yuan,
} from '#domain';
import { Application, Certificate, DispatchItem, Draft, FeeOrder, ReminderOptOut, removeLeftObjects, SmsMessage } from '#persistence';
import { In, Not, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { BusinessDeps } from '../deps.js';
import { handToFirst } from '../messages/index.js';
import { deleteLeftDrafts } from './drafts.js';
import { remindersDue, type Reminder } from './due.js';

export type { Reminder } from './due.js';

/** What became of a reminder. `gone`: there is nothing to remind of any more. */
export type Reminded = 'sent' | 'night' | 'not-wanted' | 'gone';

type Values = Record<string, string | number>;
interface Letter {
  phone: string;
  values: Values;
  applicationId: string | null;
}

export const reminderActivities = (deps: BusinessDeps) => ({
  async dueReminders(_: object): Promise<{ reminders: Reminder[] }> {
    return { reminders: await remindersDue(deps.data.manager, deps.now()) };
  },

  async sendReminder(reminder: Reminder): Promise<{ result: Reminded }> {
    const { template, onceKey } = reminder;
    const { data, gateways } = deps;
    const now = deps.now();
    if (!isSendingTime(now)) return { result: 'night' };
    if (await data.manager.existsBy(SmsMessage, { onceKey, state: Not('waiting') })) return { result: 'sent' };
    const letter = await letterFor(data.manager, reminder, { now, platform: gateways.platform });
    if (letter === null) return { result: 'gone' };
    if (await data.manager.existsBy(ReminderOptOut, { phone: letter.phone })) return { result: 'not-wanted' };
    await handToFirst(deps, onceKey, () => Promise.resolve({ id: uuidv7(), template, ...letter }));
    return { result: 'sent' };
  },

  /** Drafts that were announced five days ago and have not been touched since; then their files, and those that a run which broke off has left. */
  async deleteOldDrafts(_: object): Promise<{ deleted: number }> {
    const { data, now, objects } = deps;
    const deleted = await deleteLeftDrafts(data.manager, now());
    await removeLeftObjects(data, objects, now());
    return { deleted };
  },
});

interface Circumstances {
  now: Date;
  platform: BusinessDeps['gateways']['platform'];
}

/** Null when the occasion has passed since it was found: paid, corrected, certified, renewed. */
async function letterFor(manager: EntityManager, reminder: Reminder, { now, platform }: Circumstances): Promise<Letter | null> {
  if (reminder.template === 'draft-reminder') {
    const draft = await manager.findOneBy(Draft, { id: reminder.id });
    if (draft?.applicationId !== null || draftFate(draft.updatedAt, now) === null) return null;
    const values = { business: businesses[draft.business].zh, day: draftDeletedOn(draft.updatedAt, now), number: draft.id.slice(-8) };
    return { phone: draft.ownerPhone, values, applicationId: null };
  }
  const application = await manager.findOneBy(Application, { id: reminder.id });
  if (!application) return null;
  const { id: applicationId, number, agentPhone: phone } = application;
  const letter = (values: Values) => ({ phone, applicationId, values: { number, ...values } });
  switch (reminder.template) {
    case 'expiry-soon':
    case 'expiry-passed': {
      const serial = reminder.onceKey.split('/')[1] ?? '';
      const certificate = await manager.findOneBy(Certificate, { serial, state: 'valid' });
      if (!certificate || expiryReminder(certificate.notAfter, now) === null) return null;
      // Who has applied for what takes its place already knows; an unlocking, say, does not make it last longer.
      if (await manager.existsBy(Application, { subjectSerial: serial, business: In(replacing), stage: Not('closed') })) return null;
      const left = daysBetween(shanghaiDay(now), shanghaiDay(certificate.notAfter));
      return letter({ notAfter: shanghaiClock(certificate.notAfter), days: left });
    }
    case 'order-reminder': {
      const order = await manager.findOneBy(FeeOrder, { applicationId, status: 'open' });
      if (!order) return null;
      const missing = yuan(fen(Math.max(0, order.amountFen - order.receivedFen)));
      return letter({ missing, reference: order.reference, until: shanghaiClock(order.expiresAt) });
    }
    case 'correction-reminder':
      return application.stage === 'correction' ? letter({ until: application.dueAt ? shanghaiClock(application.dueAt) : '' }) : null;
    case 'certify-reminder': {
      const item = await manager.findOneBy(DispatchItem, { applicationId, state: 'due' });
      if (!item) return null;
      const { status } = await platform.roleAccount({ uscc: application.uscc, account: application.form.roleAccount.account });
      return status === 'certified'
        ? null
        : letter({ day: shownDay({ day: calendarDay(item.day), provisional: application.dispatchPromise?.['provisional'] === true }) });
    }
  }
}
