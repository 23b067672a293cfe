/** The published holidays, from npm `chinese-days`. */
import type { CalendarDay, OfficeCalendar } from '#domain';
import { createRequire } from 'node:module';
import chineseDays from 'chinese-days';

// A CommonJS bundle: Node sees no named exports in it.
const { getHolidaysInRange, isHoliday, isWorkday } = chineseDays;

/**
 * Statutory holidays of China. The library answers as if there were no holidays for a year it has no data for, so a year counts as
 * published only when it knows at least one holiday of it that is no weekend.
 */
export const publishedHolidays: OfficeCalendar = {
  isHoliday: (day) => isHoliday(noon(day)),
  isWorkingDay: (day) => isWorkday(noon(day)),
  isPublished: (year) => getHolidaysInRange(`${year}-01-01`, `${year}-12-31`, false).length > 0,
};

/** The library reads a bare date as UTC and looks at the machine's local day: west of Greenwich that is the day before. A time without a zone is local. */
const noon = (day: CalendarDay) => `${day}T12:00:00`;

/** Which edition of the data is in use: seen anew at a start, it may have moved promised Fridays. */
export const holidayDataVersion: string = (createRequire(import.meta.url)('chinese-days/package.json') as { version: string }).version;
