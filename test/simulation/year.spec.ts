/** The year in memory: the same seed does the same, to the last minute; holidays, outages and wrong payments are in it. */
import { publishedHolidays } from '#config';
import { calendarDay, fen, isOpen, type TariffItem } from '#domain';
import type { Journal } from './deeds.js';
import { Year } from './year.js';

const item = (code: TariffItem['code'], amountFen: number, confirmed = true): TariffItem => {
  return { code, amountFen: fen(amountFen), confirmed, validFrom: calendarDay('2021-05-08'), validTo: null };
};
const TARIFF = [item('opening', 5_000), item('annual-service', 20_000), item('reissue', 5_000), item('change', 0, false)];

function lived(seed: number, cases = 1_500, days = 365): { year: Year; journal: Journal } {
  const period = { from: calendarDay('2026-01-01'), days };
  const year = new Year({ seed, cases, period, calendar: publishedHolidays, tariff: TARIFF });
  return { year, journal: [...year.days()].flatMap(({ journal }) => journal) };
}

describe('a year in memory', () => {
  const { year, journal } = lived(1);
  const kinds = new Set(journal.map(({ kind }) => kind));

  it('the same seed does the same, another does other', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => JSON.stringify(lived(seed, 200, 90).journal));
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('everybody who came has applied, and what was done is in its order', () => {
    expect(journal.filter(({ kind }) => kind === 'submitted').length).toBeGreaterThan(1_490);
    const times = journal.map(({ at }) => at.getTime());
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
  });

  it('every business is in it, and what goes wrong as well', () => {
    expect(new Set(year.office.cases.map(({ facts }) => facts.business))).toEqual(
      new Set(['new', 'renewal-valid', 'renewal-expired', 'change', 'reissue', 'revocation', 'unlock']),
    );
    for (const kind of [
      'corrected',
      'order-expired',
      'credit-explained',
      'refund-paid',
      'letters-carried',
      'letters-missed',
      'withdrawn',
    ] as const)
      expect(kinds).toContain(kind);
  });

  it('nobody is served at a window while it is closed', () => {
    const entered = year.office.cases.filter(({ facts }) => facts.channel === 'window');
    const minute = 60_000;
    const closed = entered.filter(({ facts }) => {
      const before = new Date(facts.submittedAt.getTime() - minute);
      return facts.window === null || !isOpen(facts.window, before, publishedHolidays);
    });
    expect(entered.length).toBeGreaterThan(300);
    expect(closed).toEqual([]);
  });

  it('nothing goes out on a holiday', () => {
    const days = year.fridays.figures.map(({ day }) => day);
    expect(days).toHaveLength(46);
    expect(days.filter((day) => publishedHolidays.isHoliday(day))).toEqual([]);
  });

  it('whoever entered a case or took its money has not reviewed it', () => {
    const reviews = journal.flatMap((deed) => (deed.kind === 'review-decided' ? [deed] : []));
    const byCase = new Map(year.office.cases.map((each) => [each.facts.id, each]));
    expect(reviews.filter(({ caseId, by }) => byCase.get(caseId)?.facts.enteredBy === by)).toEqual([]);
  });
});
