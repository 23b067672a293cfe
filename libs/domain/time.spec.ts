import fc from 'fast-check';
import {
  addDays,
  addYears,
  calendarDay,
  shanghaiClock,
  shanghaiDay,
  startOfShanghaiDay,
  weekday,
  yearOf,
  type CalendarDay,
} from './time.js';

const anyDay = fc
  .integer({ min: Date.UTC(1992, 0, 1) / 86_400_000, max: Date.UTC(2090, 0, 1) / 86_400_000 })
  .map((count) => new Date(count * 86_400_000).toISOString().slice(0, 10) as CalendarDay);
const anyInstant = fc.date({ min: new Date(Date.UTC(1992, 0, 1)), max: new Date(Date.UTC(2090, 0, 1)), noInvalidDate: true });

describe('days of the Shanghai calendar', () => {
  it.each([
    ['2026-03-05T15:59:59.999Z', '2026-03-05'],
    ['2026-03-05T16:00:00.000Z', '2026-03-06'],
    ['2025-12-31T16:00:00.000Z', '2026-01-01'],
    ['2028-02-28T16:00:00.000Z', '2028-02-29'],
    ['2028-02-29T16:00:00.000Z', '2028-03-01'],
  ])('%s is %s', (at, day) => {
    expect(shanghaiDay(new Date(at))).toBe(day);
  });

  it('begin at 16:00 UTC of the day before', () => {
    expect(startOfShanghaiDay(calendarDay('2026-03-06')).toISOString()).toBe('2026-03-05T16:00:00.000Z');
  });

  it('are shown with the clock of Shanghai', () => {
    expect(shanghaiClock(new Date('2026-03-06T07:04:59Z'))).toBe('2026-03-06 15:04');
    expect(shanghaiClock(new Date('2025-12-31T16:00:00Z'))).toBe('2026-01-01 00:00');
  });

  it.each(['2026-02-29', '2026-02-30', '2026-13-01', '2026-00-10', '2026-3-6', '2026-03-06T00:00', '', '20260306', '2026-03-06\n'])(
    '%j is no day',
    (text) => {
      expect(() => calendarDay(text)).toThrow(RangeError);
    },
  );

  it('29 February is a day of a leap year', () => {
    expect(calendarDay('2028-02-29')).toBe('2028-02-29');
  });

  // 2026-03-02 was a Monday; 2000-02-29 a Tuesday.
  it.each([
    ['2026-03-02', 1],
    ['2026-03-06', 5],
    ['2026-03-08', 7],
    ['2000-02-29', 2],
  ])('%s is day %i of its week', (day, expected) => {
    expect(weekday(calendarDay(day))).toBe(expected);
  });

  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-01-01', -1, '2025-12-31'],
  ])('%s and %i days are %s', (day, count, expected) => {
    expect(addDays(calendarDay(day), count)).toBe(expected);
  });

  it('the year of a day', () => {
    expect(yearOf(calendarDay('2026-12-31'))).toBe(2026);
  });

  it('property: the day of an instant is what Intl says for Asia/Shanghai', () => {
    const intl = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
    fc.assert(fc.property(anyInstant, (at) => expect(shanghaiDay(at)).toBe(intl.format(at))));
  });

  it('property: a day begins in itself, and its last millisecond is still its own', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(shanghaiDay(startOfShanghaiDay(day))).toBe(day);
        expect(shanghaiDay(new Date(startOfShanghaiDay(addDays(day, 1)).getTime() - 1))).toBe(day);
      }),
    );
  });
});

describe('years bought', () => {
  it.each([
    ['an ordinary day', '2026-03-06T01:30:00+08:00', 2, '2028-03-06T01:30:00+08:00'],
    ['29 February, one year', '2028-02-29T12:00:00+08:00', 1, '2029-02-28T12:00:00+08:00'],
    ['29 February, four years', '2028-02-29T12:00:00+08:00', 4, '2032-02-29T12:00:00+08:00'],
    ['29 February in Shanghai, still the 28th in UTC', '2028-02-29T00:30:00+08:00', 1, '2029-02-28T00:30:00+08:00'],
    ['1 March in Shanghai, still 29 February in UTC', '2028-03-01T00:30:00+08:00', 1, '2029-03-01T00:30:00+08:00'],
    ['the last second of a year', '2026-12-31T23:59:59+08:00', 1, '2027-12-31T23:59:59+08:00'],
  ])('D validity: %s', (_, from, years, until) => {
    expect(addYears(new Date(from), years)).toEqual(new Date(until));
  });

  it('does not change the instant it was given', () => {
    const issued = new Date('2026-03-06T01:30:00Z');
    addYears(issued, 1);
    expect(issued.toISOString()).toBe('2026-03-06T01:30:00.000Z');
  });

  it('property: the wall clock in Shanghai stays, and only 29 February moves', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 1, max: 5 }), (at, years) => {
        const [before, after] = [shanghaiClock(at), shanghaiClock(addYears(at, years))];
        expect(after.slice(10)).toBe(before.slice(10));
        const leapDay = before.slice(5, 10) === '02-29';
        expect(leapDay ? ['02-28', '02-29'] : [before.slice(5, 10)]).toContain(after.slice(5, 10));
        expect(Number(after.slice(0, 4))).toBe(Number(before.slice(0, 4)) + years);
      }),
    );
  });
});
