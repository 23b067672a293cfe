import { batchBegins, dispatchDay, dueDay, madeUpUntil, shownDay } from './dispatch-day.js';
import { withDaysSet, type DayKind } from './office-calendar.js';
import { calendarDay } from './time.js';
import { isOpen } from './windows.js';

/** As published for the days below: 2026-05-01, a Friday, is a holiday; 2026-05-09, a Saturday, is worked. */
const published = {
  isHoliday: (day: string) => day === '2026-05-01',
  isWorkingDay: (day: string) =>
    day === '2026-05-09' || (day !== '2026-05-01' && ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay())),
  isPublished: (year: number) => year === 2026,
};
const set = (days: Record<string, DayKind>) =>
  withDaysSet(published, new Map(Object.entries(days).map(([day, kind]) => [calendarDay(day), kind])));
const day = (text: string) => calendarDay(text);

describe('days set over the published ones', () => {
  it.each<[string, Record<string, DayKind>, string, string]>([
    ['nothing set: as published', {}, '2026-04-29T04:00:00Z', '2026-05-08'],
    ['a holiday made a working day', { '2026-05-01': 'working' }, '2026-04-29T04:00:00Z', '2026-05-01'],
    ['a Friday made a holiday', { '2026-05-08': 'holiday' }, '2026-05-06T04:00:00Z', '2026-05-15'],
    ['both Fridays of a fortnight', { '2026-05-08': 'holiday', '2026-05-15': 'holiday' }, '2026-05-06T04:00:00Z', '2026-05-22'],
    ['another day set', { '2026-05-07': 'holiday' }, '2026-05-06T04:00:00Z', '2026-05-08'],
  ])('D dispatch: %s', (_, days, completed, friday) => {
    expect(dispatchDay(new Date(completed), set(days)).day).toBe(friday);
  });

  it('D windows: a window keeps the same days', () => {
    const noon = (text: string) => new Date(`${text}T03:00:00Z`);
    expect(isOpen('chengnan', noon('2026-05-06'), set({}))).toBe(true);
    expect(isOpen('chengnan', noon('2026-05-06'), set({ '2026-05-06': 'holiday' }))).toBe(false);
    expect(isOpen('chengnan', noon('2026-05-01'), set({ '2026-05-01': 'working' }))).toBe(true);
    expect(isOpen('chengnan', noon('2026-05-09'), set({ '2026-05-09': 'holiday' }))).toBe(false);
  });

  it('D dispatch: a year stays provisional, however many of its days were set', () => {
    const promise = dispatchDay(new Date('2027-01-06T04:00:00Z'), set({ '2027-01-08': 'working', '2027-01-01': 'holiday' }));
    expect(promise).toMatchObject({ day: '2027-01-08', provisional: true });
    expect(shownDay(promise)).toBe('2027-01-08（暂定）');
    expect(shownDay({ ...promise, provisional: false })).toBe('2027-01-08');
  });
});

describe('the Friday of a waiting item', () => {
  const completedAt = new Date('2026-04-29T04:00:00Z');
  it('comes from its completion, and once it was carried from the day it did not go out on', () => {
    expect(dueDay({ completedAt, carriedFrom: null }, set({})).day).toBe('2026-05-08');
    expect(dueDay({ completedAt, carriedFrom: day('2026-05-08') }, set({})).day).toBe('2026-05-15');
    expect(dueDay({ completedAt, carriedFrom: day('2026-05-08') }, set({ '2026-05-15': 'holiday' })).day).toBe('2026-05-22');
  });

  it('its batch begins at 09:00 in Shanghai and is made up for 24 hours', () => {
    expect(batchBegins(day('2026-03-06'))).toEqual(new Date('2026-03-06T01:00:00Z'));
    expect(madeUpUntil(day('2026-03-06'))).toEqual(new Date('2026-03-07T01:00:00Z'));
  });
});
