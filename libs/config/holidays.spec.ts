import { execFileSync } from 'node:child_process';
import { calendarDay, dispatchDay } from '#domain';
import { publishedHolidays } from './holidays.js';

const DAY = 86_400_000;
const from = (first: string, last: string) =>
  Array.from({ length: (Date.parse(last) - Date.parse(first)) / DAY + 1 }, (_, ahead) =>
    new Date(Date.parse(first) + ahead * DAY).toISOString().slice(0, 10),
  );

/** The arrangement published for 2026, written out. */
const HOLIDAYS_2026 = [
  ...from('2026-01-01', '2026-01-03'),
  ...from('2026-02-15', '2026-02-23'),
  ...from('2026-04-04', '2026-04-06'),
  ...from('2026-05-01', '2026-05-05'),
  ...from('2026-06-19', '2026-06-21'),
  ...from('2026-09-25', '2026-09-27'),
  ...from('2026-10-01', '2026-10-07'),
];
const WORKING_WEEKENDS_2026 = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'];
const fridays = (year: number) => from(`${year}-01-01`, `${year}-12-31`).filter((day) => new Date(`${day}T12:00:00Z`).getUTCDay() === 5);
const isHoliday = (day: string) => publishedHolidays.isHoliday(calendarDay(day));

describe('the published holidays', () => {
  it('has counted 33 days of holiday in 2026', () => {
    expect(HOLIDAYS_2026).toHaveLength(33);
  });

  it.each(HOLIDAYS_2026)('G holidays: %s is one', (day) => {
    expect(isHoliday(day)).toBe(true);
  });

  it.each(WORKING_WEEKENDS_2026)('D holidays: %s, a weekend made working by 调休, is none', (day) => {
    expect(isHoliday(day)).toBe(false);
  });

  it('G holidays: no other weekday of 2026 is one', () => {
    const weekdays = from('2026-01-01', '2026-12-31').filter((day) => new Date(`${day}T12:00:00Z`).getUTCDay() % 6 !== 0);
    expect(weekdays.filter((day) => isHoliday(day) !== HOLIDAYS_2026.includes(day))).toEqual([]);
  });

  it('G dispatch: the Fridays of 2026 on which nothing goes out', () => {
    expect(fridays(2026).filter(isHoliday)).toEqual(['2026-01-02', '2026-02-20', '2026-05-01', '2026-06-19', '2026-09-25', '2026-10-02']);
  });

  it.each([2024, 2025, 2026])('D dispatch: %i is published', (year) => {
    expect(publishedHolidays.isPublished(year)).toBe(true);
  });

  it.each([2027, 2028, 2050, 1990])(
    'D dispatch: a year without data (%i) is not published, although every day of it is answered for',
    (year) => {
      expect(publishedHolidays.isPublished(year)).toBe(false);
    },
  );

  it('D dispatch: the last days of 2026 promise a provisional day in 2027', () => {
    const promise = dispatchDay(new Date('2026-12-31T02:00:00Z'), publishedHolidays);
    expect(promise).toMatchObject({ day: '2027-01-01', provisional: true });
  });

  // The library reads a plain date as UTC and then looks at the local day.
  it('G holidays: the same wherever the machine stands', () => {
    const program = `
      import { publishedHolidays } from '#config';
      const days = process.argv.slice(1);
      const answers = ['America/Los_Angeles', 'Pacific/Pago_Pago', 'Pacific/Kiritimati', 'Asia/Shanghai', 'UTC'].map((zone) => {
        process.env.TZ = zone;
        return [days.map((day) => (publishedHolidays.isHoliday(day) ? 1 : 0)).join(''), publishedHolidays.isPublished(2026), publishedHolidays.isPublished(2027)];
      });
      console.log(JSON.stringify(answers));`;
    const days = [...fridays(2026), ...HOLIDAYS_2026, ...WORKING_WEEKENDS_2026];
    const { NODE_OPTIONS, ...env } = process.env;
    const flags = ['--conditions=source', '--import', '@swc-node/register/esm-register', '--input-type=module', '--eval'];
    const answers: unknown = JSON.parse(execFileSync(process.execPath, [...flags, program, ...days], { env, encoding: 'utf8' }));
    const expected = [days.map((day) => (HOLIDAYS_2026.includes(day) ? 1 : 0)).join(''), true, false];
    expect(answers).toEqual(Array(5).fill(expected));
  });
});
