/** The Friday on which a finished certificate goes out. Rule: business.md, "Friday dispatch". */
import { addDays, shanghaiDay, startOfShanghaiDay, weekday, yearOf, type CalendarDay, type Instant } from './time.js';

/** What the state publishes about a year. A Friday made a working day by 调休 is simply no holiday. */
export interface HolidayCalendar {
  isHoliday(day: CalendarDay): boolean;
  /** False for a year whose holidays are not announced yet: dates in it are provisional. */
  isPublished(year: number): boolean;
}

export type DispatchReason = 'this-week' | 'completed-on-friday' | 'completed-on-weekend' | 'holiday-shift';

export interface DispatchPromise {
  readonly day: CalendarDay;
  readonly reason: DispatchReason;
  /** Fridays passed over because they are statutory holidays, oldest first. */
  readonly holidaysSkipped: readonly CalendarDay[];
  readonly provisional: boolean;
}

const FRIDAY = 5;
/** The longest statutory holiday takes two Fridays; a year of holidays can only be a broken calendar. */
const MAX_FRIDAYS = 52;

export function dispatchDay(completed: Instant, calendar: HolidayCalendar): DispatchPromise {
  const day = shanghaiDay(completed);
  const today = weekday(day);
  const first = today < FRIDAY ? addDays(day, FRIDAY - today) : addDays(day, FRIDAY + 7 - today);
  const promise = firstWorkingFriday(first, calendar);
  if (promise.holidaysSkipped.length > 0) return { ...promise, reason: 'holiday-shift' };
  if (today === FRIDAY) return { ...promise, reason: 'completed-on-friday' };
  return { ...promise, reason: today < FRIDAY ? 'this-week' : 'completed-on-weekend' };
}

/** Where an item goes that could not be bound on its Friday: the next Friday that is no holiday. */
export function nextDispatchDay(after: CalendarDay, calendar: HolidayCalendar): DispatchPromise {
  const ahead = FRIDAY - weekday(after);
  const promise = firstWorkingFriday(addDays(after, ahead > 0 ? ahead : ahead + 7), calendar);
  return { ...promise, reason: promise.holidaysSkipped.length > 0 ? 'holiday-shift' : 'this-week' };
}

/** The Friday of an item: from its completion, or, once carried, from the day it did not go out on. Asked anew when the calendar changes. */
export function dueDay(item: { completedAt: Instant; carriedFrom: CalendarDay | null }, calendar: HolidayCalendar): DispatchPromise {
  return item.carriedFrom === null ? dispatchDay(item.completedAt, calendar) : nextDispatchDay(item.carriedFrom, calendar);
}

/** When the Friday's batch begins, and until when one missed by an outage is made up; what is found later goes to the next Friday. */
const BEGINS_MS = 9 * 3_600_000;
const MADE_UP_WITHIN_MS = 24 * 3_600_000;
export const batchBegins = (day: CalendarDay): Instant => new Date(startOfShanghaiDay(day).getTime() + BEGINS_MS);
export const madeUpUntil = (day: CalendarDay): Instant => new Date(batchBegins(day).getTime() + MADE_UP_WITHIN_MS);

/** Whether that day's batch may still begin. Later its letters have missed it; one that has begun goes on, however late. */
export const mayBegin = (day: CalendarDay, now: Instant): boolean => now <= madeUpUntil(day);

/** Letters go out on Fridays that are no holidays, and on no other day, whoever asks. */
export const isFriday = (day: CalendarDay): boolean => weekday(day) === FRIDAY;
export const dispatchesOn = (day: CalendarDay, calendar: HolidayCalendar): boolean => isFriday(day) && !calendar.isHoliday(day);

/** The last Friday that is too long ago to be made up: what is found of it now has been missed. */
export function lastFridayGone(now: Instant, calendar: HolidayCalendar): CalendarDay {
  const today = shanghaiDay(now);
  let day = addDays(today, -((weekday(today) + 7 - FRIDAY) % 7));
  for (let weeks = 0; calendar.isHoliday(day) || mayBegin(day, now); weeks += 1) {
    if (weeks > MAX_FRIDAYS) throw new RangeError('the holiday calendar has left no Friday to dispatch on');
    day = addDays(day, -7);
  }
  return day;
}

/** The time stamp decides, not when the batch looked: what was completed on the day itself, or later, is never in it. */
export const completedBefore = startOfShanghaiDay;

/**
 * Whether a role account was certified by Thursday 24:00 for that Friday. What the platform says decides, not when the batch asked; null where it
 * does not say since when: then what is certified as the batch asks counts.
 */
export const certifiedInTime = (certifiedAt: Instant | null, day: CalendarDay): boolean =>
  certifiedAt === null || certifiedAt < completedBefore(day);

function firstWorkingFriday(first: CalendarDay, calendar: HolidayCalendar): Omit<DispatchPromise, 'reason'> {
  const holidaysSkipped: CalendarDay[] = [];
  let day = first;
  while (calendar.isHoliday(day)) {
    holidaysSkipped.push(day);
    if (holidaysSkipped.length > MAX_FRIDAYS) throw new RangeError('the holiday calendar leaves no Friday to dispatch on');
    day = addDays(day, 7);
  }
  return { day, holidaysSkipped, provisional: isProvisional(day, calendar) };
}

/** A day that may still change, since the holidays of its year are not published yet: marked wherever it is shown. */
export const isProvisional = (day: CalendarDay, calendar: HolidayCalendar): boolean => !calendar.isPublished(yearOf(day));

const REASONS: Record<DispatchReason, { zh: string; en: string }> = {
  'this-week': { zh: '周一至周四办结，当周周五寄送', en: 'completed Monday to Thursday: this week’s Friday' },
  'completed-on-friday': { zh: '周五办结，下周五寄送', en: 'completed on Friday: next Friday' },
  'completed-on-weekend': { zh: '周末办结，下一个周五寄送', en: 'completed at the weekend: the coming Friday' },
  'holiday-shift': { zh: '遇法定节假日（{days}），顺延至下一个工作周五', en: 'moved past statutory holidays ({days})' },
};

/** The reason in words, to stand beside every date that a person sees. */
export function describeDispatch(promise: DispatchPromise): { zh: string; en: string } {
  const words = REASONS[promise.reason];
  const list = promise.holidaysSkipped.join(', ');
  const provisional = { zh: '；该年放假安排尚未公布，日期为暂定', en: '; provisional: that year’s holidays are not published yet' };
  return {
    zh: words.zh.replace('{days}', list) + (promise.provisional ? provisional.zh : ''),
    en: words.en.replace('{days}', list) + (promise.provisional ? provisional.en : ''),
  };
}

/** What stands behind a day whose year's holidays are not published yet; nothing behind any other. */
export const provisionalMark = ({ provisional }: Pick<DispatchPromise, 'provisional'>): { zh: string; en: string } =>
  provisional ? { zh: '（暂定）', en: ' (provisional)' } : { zh: '', en: '' };

/** A day in an SMS or a list, marked where its year's holidays are not published yet. */
export const shownDay = ({ day, provisional }: Pick<DispatchPromise, 'day' | 'provisional'>): string =>
  day + provisionalMark({ provisional }).zh;

/** Why an item did not go out on its Friday. */
export const carriedReasons = {
  uncertified: { zh: '平台角色账号尚未认证，请尽快完成认证', en: 'the role account is not certified on the platform yet' },
  'certified-late': { zh: '平台角色账号在周四 24:00 之后才认证', en: 'the role account was certified after Thursday 24:00' },
  failed: { zh: '平台或快递系统暂时无法办理', en: 'the platform or the courier could not do it' },
  'not-handed-over': { zh: '当日未能交寄', en: 'it was not handed to the courier' },
  missed: { zh: '系统故障，当周未能办理寄送', en: 'that Friday was missed by an outage' },
} as const;
export type CarriedReason = keyof typeof carriedReasons;
