import fc from 'fast-check';
import { publishedHolidays } from '#config';
import { calendarDay, dispatchDay, nextDispatchDay } from '#domain';
import { fridayAfter, fridayOf } from './friday-rule.js';

/** The Fridays of 2026 that are statutory holidays, by the arrangement that the State Council has published. */
const HOLIDAY_FRIDAYS = ['2026-01-02', '2026-02-20', '2026-05-01', '2026-06-19', '2026-09-25', '2026-10-02'];
const isHoliday = (day: string) => HOLIDAY_FRIDAYS.includes(day);
const completed = (shanghai: string) => fridayOf(Date.parse(`${shanghai}+08:00`), isHoliday);

describe('the second implementation of the Friday rule', () => {
  it.each([
    ['Mon 2026-03-02 00:00:00', '2026-03-02T00:00:00', '2026-03-06'],
    ['Thu 2026-03-05 23:59:59', '2026-03-05T23:59:59', '2026-03-06'],
    ['Fri 2026-03-06 00:00:00', '2026-03-06T00:00:00', '2026-03-13'],
    ['Sat 2026-03-07 09:00', '2026-03-07T09:00:00', '2026-03-13'],
    ['Sun 2026-03-08 12:00', '2026-03-08T12:00:00', '2026-03-13'],
    ['Wed 2025-12-31, and Jan 2 is a holiday', '2025-12-31T10:00:00', '2026-01-09'],
    ['Tue 2026-02-17, in the Spring Festival', '2026-02-17T10:00:00', '2026-02-27'],
    ['Sat 2026-02-14, a working day by 调休, and Feb 20 is a holiday', '2026-02-14T10:00:00', '2026-02-27'],
    ['Thu 2026-04-30, and May 1 is a holiday', '2026-04-30T10:00:00', '2026-05-08'],
    ['Thu 2026-06-18, and June 19 is a holiday', '2026-06-18T10:00:00', '2026-06-26'],
    ['Wed 2026-09-23, and Sep 25 and Oct 2 are holidays', '2026-09-23T10:00:00', '2026-10-09'],
    ['Tue 2028-02-29', '2028-02-29T10:00:00', '2028-03-03'],
    ['Thu 2026-12-31, into the next year', '2026-12-31T10:00:00', '2027-01-01'],
  ])('completed %s', (_, shanghai, friday) => {
    expect(completed(shanghai)).toBe(friday);
  });

  it('counts the day of Shanghai: 16:30 UTC on a Thursday is Friday there', () => {
    expect(fridayOf(Date.parse('2026-03-05T16:30:00Z'), isHoliday)).toBe('2026-03-13');
  });

  it.each([
    ['2026-03-06', '2026-03-13'],
    ['2026-04-24', '2026-05-08'],
    ['2026-09-18', '2026-10-09'],
    ['2026-03-07', '2026-03-13'],
  ])('what did not go out on %s goes on %s', (day, friday) => {
    expect(fridayAfter(day, isHoliday)).toBe(friday);
  });

  it('says what libs/domain says, at any moment of three published years', () => {
    const moments = fc.date({ min: new Date('2024-01-02T00:00:00Z'), max: new Date('2026-12-30T00:00:00Z'), noInvalidDate: true });
    const holiday = (day: string) => publishedHolidays.isHoliday(calendarDay(day));
    fc.assert(
      fc.property(moments, (at) => {
        const { day } = dispatchDay(at, publishedHolidays);
        expect(fridayOf(at.getTime(), holiday)).toBe(day);
        expect(fridayAfter(day, holiday)).toBe(nextDispatchDay(day, publishedHolidays).day);
      }),
      { numRuns: 500 },
    );
  });
});
