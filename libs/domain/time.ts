/**
 * Instants and calendar days are different things: an instant is a `Date`, a day is a `CalendarDay`, and the only way from one to the
 * other names the zone. China has kept one zone, UTC+8 without summer time, since 1991; no certificate of ours is older.
 */
import type { Branded } from './brand.js';
import { fieldError } from './errors.js';

/** `YYYY-MM-DD`, a day of the Asia/Shanghai calendar. */
export type CalendarDay = Branded<string, 'CalendarDay'>;
export type Instant = Date;

export const ZONE = 'Asia/Shanghai';
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => count * 3_600_000;
export const days = (count: number) => count * DAY_MS;

/** @throws RangeError when the text is no day of the calendar (`2026-02-30`) */
export function calendarDay(text: string): CalendarDay {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) throw new RangeError(`not a calendar day: ${text}`);
  return text as CalendarDay;
}

/** A day of the office's century that a person typed. @throws XinyinError INPUT_INVALID FIELD_FORMAT on the field named */
export function requireDay(text: string, field: string): CalendarDay {
  // Before and after it are days that no calendar of ours knows, and years that a database writes in another way.
  if (!text.startsWith('20')) throw fieldError(field, 'FIELD_FORMAT');
  try {
    return calendarDay(text);
  } catch {
    throw fieldError(field, 'FIELD_FORMAT');
  }
}

export function shanghaiDay(at: Instant): CalendarDay {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10) as CalendarDay;
}

/** Midnight in Shanghai at which the day begins. */
export function startOfShanghaiDay(day: CalendarDay): Instant {
  return new Date(Date.parse(`${day}T00:00:00Z`) - SHANGHAI_OFFSET_MS);
}

/** `2026-03-06 15:04` in Shanghai: how an instant is written for people. */
export function shanghaiClock(at: Instant): string {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}

export function addDays(day: CalendarDay, count: number): CalendarDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10) as CalendarDay;
}

/** 1 = Monday … 7 = Sunday. */
export function weekday(day: CalendarDay): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

export function yearOf(day: CalendarDay): number {
  return Number(day.slice(0, 4));
}

/** The same wall-clock moment so many years on; 29 February becomes 28 February. Used for notAfter of a new certificate. */
export function addYears(at: Instant, years: number): Instant {
  const wall = new Date(at.getTime() + SHANGHAI_OFFSET_MS);
  const month = wall.getUTCMonth();
  wall.setUTCFullYear(wall.getUTCFullYear() + years);
  if (wall.getUTCMonth() !== month) wall.setUTCDate(0);
  return new Date(wall.getTime() - SHANGHAI_OFFSET_MS);
}
