/**
 * The Friday on which something goes out, a second time: written from business.md, "Friday dispatch", with no code of libs/domain, so that both
 * can be wrong only in different ways. Days are numbers since 1970-01-01; that was a Thursday.
 *
 * Monday to Thursday: that week's Friday. Friday: the next one. Saturday and Sunday: the coming one. Where that is a statutory holiday, the
 * Friday after, as often as needed. The day is the day in Shanghai, eight hours before the world's clock.
 */

export type Holidays = (day: string) => boolean;

/** Of what was completed then (milliseconds since 1970 UTC). Answers `YYYY-MM-DD`. */
export function fridayOf(completedMs: number, isHoliday: Holidays): string {
  return firstOpen(Math.floor(completedMs / 3_600_000 + 8) / 24, isHoliday);
}

/** Of what did not go out on that day. */
export function fridayAfter(day: string, isHoliday: Holidays): string {
  return firstOpen(Date.parse(day) / 86_400_000, isHoliday);
}

/** Fridays are the days 1, 8, 15, …: the first of them after the given day, and on from there. */
function firstOpen(day: number, isHoliday: Holidays): string {
  const weeks = Math.floor((Math.floor(day) - 1) / 7) + 1;
  let friday = weeks * 7 + 1;
  while (isHoliday(dateOf(friday))) friday += 7;
  return dateOf(friday);
}

/** Howard Hinnant's civil_from_days: no library, no `Date`. */
function dateOf(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const dayOfYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}
