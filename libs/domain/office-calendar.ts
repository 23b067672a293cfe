/** The calendar the office works by: what the state has published, and over it the days that a supervisor has set. */
import type { HolidayCalendar } from './dispatch-day.js';
import type { CalendarDay } from './time.js';
import type { WorkingDays } from './windows.js';

export type OfficeCalendar = HolidayCalendar & WorkingDays;

/** A day set by hand: `holiday` closes the office, `working` opens it, whatever was published. */
export const dayKinds = {
  holiday: { zh: '放假', en: 'holiday' },
  working: { zh: '上班', en: 'working day' },
} as const;
export type DayKind = keyof typeof dayKinds;

/** A year stays provisional however many of its days were set by hand: the others of it are still guessed. */
export function withDaysSet(published: OfficeCalendar, set: ReadonlyMap<CalendarDay, DayKind>): OfficeCalendar {
  return {
    isHoliday: (day) => (set.has(day) ? set.get(day) === 'holiday' : published.isHoliday(day)),
    isWorkingDay: (day) => (set.has(day) ? set.get(day) === 'working' : published.isWorkingDay(day)),
    isPublished: (year) => published.isPublished(year),
  };
}
