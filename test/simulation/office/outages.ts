/** When what does not work: by chance, and once a year on a bad day. */
import { addDays, days, hours, weekday, type CalendarDay, type HolidayCalendar, type Instant } from '#domain';
import { fridayWithoutPlatform, longOutage, outages as assumed, type OutageKind } from '../assumptions.js';
import type { Randomness } from '../time/randomness.js';
import { clock, type Interval } from '../time/working-time.js';

export type Outages = Record<OutageKind, Interval[]>;

const YEAR_MS = days(365);
const FRIDAY = 5;

export function drawOutages(chance: Randomness, period: { from: CalendarDay; days: number }, calendar: HolidayCalendar): Outages {
  const begin = clock(period.from, '00:00').getTime();
  const length = days(period.days);
  const draw = (kind: OutageKind): Interval[] => {
    const { aYear, hours: span } = assumed[kind];
    return Array.from({ length: Math.round((aYear * length) / YEAR_MS) }, () => {
      const from = wholeMinute(begin + chance.unit() * length);
      return { from, to: wholeMinute(from.getTime() + hours(chance.between(span[0], span[1]))) };
    });
  };
  const system = draw('system');
  const platform = draw('platform');
  const bankPush = draw('bankPush');
  for (let count = Math.round((longOutage.aYear * length) / YEAR_MS); count > 0; count -= 1)
    system.push(lasting(addDays(fridayOf(chance, period, calendar), -1), longOutage));
  for (let count = Math.round((fridayWithoutPlatform.aYear * length) / YEAR_MS); count > 0; count -= 1)
    platform.push(lasting(fridayOf(chance, period, calendar), fridayWithoutPlatform));
  return { system: inOrder(system), platform: inOrder(platform), bankPush: inOrder(bankPush) };
}

function lasting(day: CalendarDay, { from, hours: long }: { from: string; hours: number }): Interval {
  const begin = clock(day, from);
  return { from: begin, to: new Date(begin.getTime() + hours(long)) };
}

/** Some Friday on which something goes out, with a week before it and after it. */
function fridayOf(chance: Randomness, { from, days: count }: { from: CalendarDay; days: number }, calendar: HolidayCalendar): CalendarDay {
  const some = addDays(from, chance.whole(7, Math.max(7, count - 21)));
  let friday = addDays(some, (FRIDAY - weekday(some) + 7) % 7);
  while (calendar.isHoliday(friday)) friday = addDays(friday, 7);
  return friday;
}

const wholeMinute = (ms: number): Instant => new Date(Math.floor(ms / 60_000) * 60_000);

/** In order, and joined where they touch. */
function inOrder(intervals: Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const next of intervals.sort((one, other) => one.from.getTime() - other.from.getTime())) {
    const last = joined.at(-1);
    if (last && next.from <= last.to) last.to = next.to > last.to ? next.to : last.to;
    else joined.push({ ...next });
  }
  return joined;
}
