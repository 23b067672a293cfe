import fc from 'fast-check';
import {
  certifiedInTime,
  describeDispatch,
  dispatchDay,
  dispatchesOn,
  lastFridayGone,
  mayBegin,
  nextDispatchDay,
  type HolidayCalendar,
} from './dispatch-day.js';
import { calendarDay } from './time.js';

/** The arrangement published for 2026, written out; nothing of 2027 is known. */
const HOLIDAYS = new Set(
  [
    '2026-01-01 2026-01-02 2026-01-03',
    '2026-02-15 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-21 2026-02-22 2026-02-23',
    '2026-04-04 2026-04-05 2026-04-06',
    '2026-05-01 2026-05-02 2026-05-03 2026-05-04 2026-05-05',
    '2026-06-19 2026-06-20 2026-06-21',
    '2026-09-25 2026-09-26 2026-09-27',
    '2026-10-01 2026-10-02 2026-10-03 2026-10-04 2026-10-05 2026-10-06 2026-10-07',
  ].flatMap((line) => line.split(' ')),
);
const china: HolidayCalendar = { isHoliday: (day) => HOLIDAYS.has(day), isPublished: (year) => year <= 2026 };
const noHolidays: HolidayCalendar = { isHoliday: () => false, isPublished: () => true };

/** A wall-clock moment in Shanghai. */
const shanghai = (text: string) => new Date(`${text}+08:00`);
const promised = (completed: Date) => dispatchDay(completed, china).day;

describe('the table of business.md, Friday dispatch', () => {
  it.each([
    ['Mon 2026-03-02 00:00:00', shanghai('2026-03-02T00:00:00'), '2026-03-06'],
    ['Thu 2026-03-05 23:59:59', shanghai('2026-03-05T23:59:59'), '2026-03-06'],
    ['Fri 2026-03-06 00:00:00', shanghai('2026-03-06T00:00:00'), '2026-03-13'],
    ['Sun 2026-03-08 12:00', shanghai('2026-03-08T12:00:00'), '2026-03-13'],
    ['Wed 2025-12-31 (Jan 2 is a holiday)', shanghai('2025-12-31T10:00:00'), '2026-01-09'],
    ['Tue 2026-02-17 (in the Spring Festival)', shanghai('2026-02-17T10:00:00'), '2026-02-27'],
    ['Thu 2026-04-30 (May 1 is a holiday)', shanghai('2026-04-30T10:00:00'), '2026-05-08'],
    ['Wed 2026-09-23 (Sep 25 and Oct 2 are holidays)', shanghai('2026-09-23T10:00:00'), '2026-10-09'],
    ['2026-03-05T16:30:00Z, already Friday in Shanghai', new Date('2026-03-05T16:30:00Z'), '2026-03-13'],
  ])('G dispatch: completed %s', (_, completed, day) => {
    expect(promised(completed)).toBe(day);
  });
});

describe('the rule', () => {
  it.each(['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'])(
    'G dispatch: completed Monday to Thursday (%s) goes out that Friday',
    (day) => {
      expect(dispatchDay(shanghai(`${day}T12:00:00`), china)).toEqual({
        day: '2026-03-06',
        reason: 'this-week',
        holidaysSkipped: [],
        provisional: false,
      });
    },
  );

  it.each(['00:00:00.000', '23:59:59.999'])('G dispatch: completed on a Friday at %s goes out the next Friday', (time) => {
    expect(dispatchDay(shanghai(`2026-03-06T${time}`), china)).toMatchObject({ day: '2026-03-13', reason: 'completed-on-friday' });
  });

  it.each(['2026-03-07T00:00:00', '2026-03-08T23:59:59'])(
    'D dispatch: completed at the weekend (%s) goes out the coming Friday',
    (time) => {
      expect(dispatchDay(shanghai(time), china)).toMatchObject({ day: '2026-03-13', reason: 'completed-on-weekend' });
    },
  );

  it('G dispatch: a Friday that is a statutory holiday is passed over, and named', () => {
    expect(dispatchDay(shanghai('2026-06-18T09:00:00'), china)).toEqual({
      day: '2026-06-26',
      reason: 'holiday-shift',
      holidaysSkipped: ['2026-06-19'],
      provisional: false,
    });
  });

  it('D dispatch: the shift repeats while the Friday is a holiday, oldest first', () => {
    expect(dispatchDay(shanghai('2026-09-23T09:00:00'), china)).toMatchObject({
      day: '2026-10-09',
      reason: 'holiday-shift',
      holidaysSkipped: ['2026-09-25', '2026-10-02'],
    });
  });

  it('G dispatch: completed on a Friday, and the next Friday is a holiday', () => {
    expect(dispatchDay(shanghai('2026-06-12T09:00:00'), china)).toMatchObject({ day: '2026-06-26', reason: 'holiday-shift' });
  });

  it('D dispatch: completed on a holiday itself counts as any day of its week', () => {
    expect(promised(shanghai('2026-10-05T09:00:00'))).toBe('2026-10-09');
  });

  it('D dispatch: a day in a year whose holidays are not published is provisional', () => {
    expect(dispatchDay(shanghai('2026-12-31T09:00:00'), china)).toMatchObject({ day: '2027-01-01', provisional: true });
    expect(dispatchDay(shanghai('2026-12-24T09:00:00'), china)).toMatchObject({ day: '2026-12-25', provisional: false });
  });

  it('D dispatch: a shift from a published year into one that is not is provisional', () => {
    const noChristmas: HolidayCalendar = { ...china, isHoliday: (day) => day === '2026-12-25' };
    expect(dispatchDay(shanghai('2026-12-24T09:00:00'), noChristmas)).toMatchObject({ day: '2027-01-01', provisional: true });
  });

  it('D dispatch: recomputed once the year is published, the day moves past New Year', () => {
    const published: HolidayCalendar = {
      isHoliday: (day) => china.isHoliday(day) || day === '2027-01-01',
      isPublished: (year) => year <= 2027,
    };
    expect(dispatchDay(shanghai('2026-12-31T09:00:00'), published)).toMatchObject({ day: '2027-01-08', provisional: false });
  });

  it('29 February 2028 is a Tuesday and goes out on Friday 3 March', () => {
    expect(dispatchDay(shanghai('2028-02-29T09:00:00'), noHolidays).day).toBe('2028-03-03');
  });

  it('a calendar without a working Friday is refused, and does not hang', () => {
    const broken: HolidayCalendar = { isHoliday: () => true, isPublished: () => true };
    expect(() => dispatchDay(shanghai('2026-03-02T09:00:00'), broken)).toThrow(RangeError);
  });
});

describe('carried to the next dispatch', () => {
  it.each([
    ['a Friday', '2026-03-06', '2026-03-13'],
    ['the Friday before May Day', '2026-04-24', '2026-05-08'],
    ['the Friday before two holidays', '2026-09-18', '2026-10-09'],
    ['a Wednesday', '2026-03-04', '2026-03-06'],
    ['a Sunday', '2026-03-08', '2026-03-13'],
  ])('D dispatch: what %s could not take goes out the next working Friday', (_, from, to) => {
    expect(nextDispatchDay(calendarDay(from), china).day).toBe(to);
  });
});

describe('whether a batch may still begin', () => {
  it.each([
    ['on Friday at its hour', '2026-03-06T09:00:00', true],
    ['on Saturday at 09:00:00', '2026-03-07T09:00:00', true],
    ['on Saturday at 09:00:00.001', '2026-03-07T09:00:00.001', false],
    ['on Monday at 08:00', '2026-03-09T08:00:00', false],
  ])('D dispatch: that of 2026-03-06, %s', (_, now, may) => {
    expect(mayBegin(calendarDay('2026-03-06'), shanghai(now))).toBe(may);
  });

  it.each([
    ['a Friday', '2026-03-06', true],
    ['the Monday after it', '2026-03-09', false],
    ['a Friday of 劳动节', '2026-05-01', false],
  ])('D dispatch: %s, %s', (_, day, goes) => {
    expect(dispatchesOn(calendarDay(day), china)).toBe(goes);
  });
});

describe('an account certified for the Friday 2026-03-06', () => {
  it.each([
    ['on Monday', shanghai('2026-03-02T12:00:00'), true],
    ['on Thursday at 23:59:59.999', shanghai('2026-03-05T23:59:59.999'), true],
    ['on Friday at 00:00:00', shanghai('2026-03-06T00:00:00'), false],
    ['on Friday at 08:30, before the batch looks', shanghai('2026-03-06T08:30:00'), false],
    ['at an instant that the platform does not tell', null, true],
  ])('D dispatch: certified %s: in time %s', (_, at, inTime) => {
    expect(certifiedInTime(at, calendarDay('2026-03-06'))).toBe(inTime);
  });
});

describe('the last Friday that can be made up no more', () => {
  it.each([
    ['Saturday 09:00:00: still to be made up', '2026-03-07T09:00:00', '2026-02-27'],
    ['Saturday 09:00:00.001: gone', '2026-03-07T09:00:00.001', '2026-03-06'],
    ['on a Friday, before and after its hour', '2026-03-06T12:00:00', '2026-02-27'],
    ['on a Wednesday', '2026-03-11T10:00:00', '2026-03-06'],
    ['after two holidays', '2026-10-07T10:00:00', '2026-09-18'],
  ])('D dispatch: %s', (_, now, day) => {
    expect(lastFridayGone(shanghai(now), china)).toBe(day);
  });

  it('a calendar without a working Friday is refused, and does not hang', () => {
    expect(() => lastFridayGone(shanghai('2026-03-02T09:00:00'), { isHoliday: () => true, isPublished: () => true })).toThrow(RangeError);
  });
});

describe('the reason in words', () => {
  it('names the holidays passed over', () => {
    const words = describeDispatch(dispatchDay(shanghai('2026-09-23T09:00:00'), china));
    expect(words.zh).toContain('2026-09-25, 2026-10-02');
    expect(words.en).toContain('2026-09-25, 2026-10-02');
  });

  it('D dispatch: a provisional day says so in both languages', () => {
    const words = describeDispatch(dispatchDay(shanghai('2026-12-31T09:00:00'), china));
    expect(words.zh).toContain('暂定');
    expect(words.en).toContain('provisional');
  });
});

describe('for every completion and every calendar', () => {
  const FROM = Date.UTC(2024, 0, 1);
  const DAY = 86_400_000;
  const completion = fc.date({ min: new Date(FROM), max: new Date(Date.UTC(2030, 0, 1)), noInvalidDate: true });
  const dayText = (at: number) => new Date(at).toISOString().slice(0, 10);
  // Mondays would hardly ever meet a random Friday: half of the days drawn are Fridays. 2024-01-05 was one.
  const someDay = fc.oneof(
    fc.integer({ min: 0, max: 6 * 53 }).map((week) => dayText(Date.UTC(2024, 0, 5) + week * 7 * DAY)),
    fc.integer({ min: 0, max: 6 * 366 }).map((count) => dayText(FROM + count * DAY)),
  );
  const calendar = fc.uniqueArray(someDay, { maxLength: 200 }).map((days) => {
    const holidays = new Set(days);
    return { isHoliday: (day: string) => holidays.has(day), isPublished: () => true };
  });

  /** The rule told another way, with the calendar of Intl: the first working Friday after the day of completion. */
  function firstWorkingFridayAfter(completed: Date, { isHoliday }: { isHoliday: (day: string) => boolean }): string {
    const inShanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
    const named = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', weekday: 'long' });
    for (let ahead = 1; ; ahead++) {
      const at = new Date(completed.getTime() + ahead * DAY);
      if (named.format(at) === 'Friday' && !isHoliday(inShanghai.format(at))) return inShanghai.format(at);
    }
  }

  it('property: a second implementation agrees', () => {
    fc.assert(
      fc.property(completion, calendar, (completed, days) => {
        expect(dispatchDay(completed, days).day).toBe(firstWorkingFridayAfter(completed, days));
      }),
    );
  });

  it('property: always a Friday, never a holiday, strictly after the Shanghai day of completion', () => {
    fc.assert(
      fc.property(completion, calendar, (completed, days) => {
        const { day, holidaysSkipped } = dispatchDay(completed, days);
        expect(new Date(`${day}T12:00:00Z`).getUTCDay()).toBe(5);
        expect(days.isHoliday(day)).toBe(false);
        expect(Date.parse(`${day}T00:00:00+08:00`)).toBeGreaterThan(completed.getTime());
        expect(holidaysSkipped.every((each) => days.isHoliday(each) && each < day)).toBe(true);
      }),
    );
  });

  it('property: without holidays nobody waits for more than seven days', () => {
    fc.assert(
      fc.property(completion, (completed) => {
        const wait = Date.parse(`${dispatchDay(completed, noHolidays).day}T00:00:00+08:00`) - completed.getTime();
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(7 * DAY);
      }),
    );
  });

  it('property: who completes later is never dispatched earlier', () => {
    fc.assert(
      fc.property(completion, fc.integer({ min: 0, max: 40 * DAY }), calendar, (completed, later, days) => {
        expect(dispatchDay(completed, days).day <= dispatchDay(new Date(completed.getTime() + later), days).day).toBe(true);
      }),
    );
  });

  it('property: carrying on from a day never stays on it', () => {
    fc.assert(
      fc.property(completion, calendar, (completed, days) => {
        const first = dispatchDay(completed, days).day;
        const next = nextDispatchDay(first, days).day;
        expect(next > first && !days.isHoliday(next)).toBe(true);
        expect(new Date(`${next}T12:00:00Z`).getUTCDay()).toBe(5);
      }),
    );
  });
});
