/** When whom is reminded. Days are those of the Shanghai calendar; each threshold is one message, and of several missed only the last is sent. */
import { addDays, shanghaiClock, shanghaiDay, startOfShanghaiDay, type CalendarDay, type Instant } from './time.js';

/** D: days before the end of a certificate; -1 is the day after it. */
export const expiryThresholds = [60, 30, 7, 1, -1] as const;
export type ExpiryThreshold = (typeof expiryThresholds)[number];

/** D: how long after an expiry that nobody was told of it is still told. */
const TOLD_UNTIL = -7;

/** Whole days from one day of the calendar to another. */
export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The reminder that is due for a certificate today, if any: the tightest threshold reached. */
export function expiryReminder(notAfter: Instant, now: Instant): ExpiryThreshold | null {
  const left = daysBetween(shanghaiDay(now), shanghaiDay(notAfter));
  if (left < TOLD_UNTIL) return null;
  if (left < 0) return -1;
  return [...expiryThresholds].filter((threshold) => threshold > 0 && left <= threshold).at(-1) ?? null;
}

/** D: an unpaid order is called to mind after 3 and after 7 days; its own deadline closes it after 30. */
export function orderReminder(orderedAt: Instant, now: Instant): 3 | 7 | null {
  const open = daysBetween(shanghaiDay(orderedAt), shanghaiDay(now));
  if (open < 3) return null;
  return open < 7 ? 3 : 7;
}

/** D: what was returned for correction is called to mind once, after a week. */
export const correctionReminderDays = 7;
export const correctionIsLate = (returnedAt: Instant, now: Instant): boolean =>
  daysBetween(shanghaiDay(returnedAt), shanghaiDay(now)) >= correctionReminderDays;

/**
 * D: a draft that nobody has touched, whoever entered it, is announced for deletion after 25 days and deleted after 30: never without the
 * announcement, and never sooner than the five days after it that it promises, however late it went out.
 */
export const draftDays = { announced: 25, deleted: 30 } as const;
export function draftFate(touchedAt: Instant, now: Instant): 'announce' | 'delete' | null {
  const idle = daysBetween(shanghaiDay(touchedAt), shanghaiDay(now));
  if (idle >= draftDays.deleted) return 'delete';
  return idle >= draftDays.announced ? 'announce' : null;
}
export function draftDeletedOn(touchedAt: Instant, announcedAt: Instant): CalendarDay {
  const idle = addDays(shanghaiDay(touchedAt), draftDays.deleted);
  const told = addDays(shanghaiDay(announcedAt), draftDays.deleted - draftDays.announced);
  return idle > told ? idle : told;
}

/** D: nobody's phone rings at night. From 08:00:00 to 19:59:59 in Shanghai. */
export function isSendingTime(at: Instant): boolean {
  const clock = shanghaiClock(at).slice(11);
  return clock >= '08:00' && clock < '20:00';
}

/** This very moment, or the next eight o'clock. */
export function nextSendingTime(at: Instant): Instant {
  if (isSendingTime(at)) return at;
  const today = shanghaiDay(at);
  const day = shanghaiClock(at).slice(11) < '08:00' ? today : addDays(today, 1);
  return new Date(startOfShanghaiDay(day).getTime() + 8 * 3_600_000);
}
