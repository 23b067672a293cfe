/** The calendar as the office goes by it now: read anew each time, so that a day set a moment ago counts everywhere at once. */
import { calendarDay, withDaysSet, type OfficeCalendar } from '#domain';
import { IsNull, type EntityManager } from 'typeorm';
import { CalendarDayRow } from './entities/calendar.js';

export async function officeCalendar(tx: EntityManager, published: OfficeCalendar): Promise<OfficeCalendar> {
  const set = await tx.findBy(CalendarDayRow, { withdrawnAt: IsNull() });
  return withDaysSet(published, new Map(set.map(({ day, kind }) => [calendarDay(day), kind])));
}
