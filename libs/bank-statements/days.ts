/** Days and instants as statements write them. All of them are Shanghai's, unless a zone stands beside them. */
import { addDays, calendarDay, shanghaiDay, type CalendarDay } from '#domain';
import { plainText } from './amounts.js';

export interface Moment {
  day: CalendarDay;
  at: Date | null;
}

const DATE =
  /^(20\d{2})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))(.*)$/;
const TIME = /^[T ]?(\d{1,2}):?(\d{2})(?::?(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** `2026-03-06`, `2026/3/6`, `2026.03.06`, `20260306`, `2026年3月6日`, each with or without a time, or null. */
export function momentOf(text: string): Moment | null {
  const found = DATE.exec(plainText(text).trim());
  if (!found) return null;
  const [, year = '', ...parts] = found;
  const rest = (parts.pop() ?? '').trim();
  const [month = '', day = ''] = parts.filter((part) => part !== undefined);
  const date = dayOrNull(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  if (!date) return null;
  return rest === '' ? { day: date, at: null } : withTime(date, rest);
}

/** A time beside a day: `10:05`, `100500`, `10:05:00+08:00`. */
export function withTime(date: CalendarDay, text: string): Moment | null {
  const [, hour = '', minute = '', second = '00', zone] = TIME.exec(plainText(text).trim()) ?? [];
  if (hour === '') return null;
  const offset = !zone ? '+08:00' : /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const at = new Date(`${date}T${hour.padStart(2, '0')}:${minute}:${second}${offset}`);
  if (Number.isNaN(at.getTime())) return null;
  return { day: shanghaiDay(at), at };
}

const SHEET_EPOCH: Record<'1900' | '1904', CalendarDay> = { '1900': calendarDay('1899-12-30'), '1904': calendarDay('1904-01-01') };
const DAY_SECONDS = 86_400;

/** ECMA-376 part 1, 18.17.4: a day of a spreadsheet is a count, its time the fraction. Only days of this century are taken for one. */
export function momentOfSerial(serial: number, system: '1900' | '1904'): Moment | null {
  const count = Math.floor(serial);
  const day = count > 30_000 && count < 80_000 ? addDays(SHEET_EPOCH[system], count) : null;
  if (!day?.startsWith('20')) return null;
  const seconds = Math.round((serial - count) * DAY_SECONDS);
  if (seconds === 0) return { day, at: null };
  return { day, at: new Date(Date.parse(`${day}T00:00:00+08:00`) + seconds * 1000) };
}

export function dayOrNull(text: string): CalendarDay | null {
  try {
    return calendarDay(text);
  } catch {
    return null;
  }
}
