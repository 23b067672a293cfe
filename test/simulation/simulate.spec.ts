/** A month with a hundred cases, whole: in the books of a real Postgres, checked, and some of it through the real workflows. */
import { calendarDay } from '#domain';
import { freshDatabase } from '../world/database.js';
import { workflowBundle } from '../world/bundle.js';
import { Books } from './books/books.js';
import { openBooksWorld } from './books/world.js';
import type { Deed } from './deeds.js';
import { readOptions } from './options.js';
import { chartsOf } from './report/charts.js';
import { pageOf } from './report/page.js';
import { findingsOf, summaryOf } from './report/summary.js';
import { runYear, type Simulated } from './run.js';
import { Year } from './year.js';
import { publishedHolidays } from '#config';
import { readTariff } from '#persistence';

/** Cases that live through the workflows. */
const SAMPLE = 8;
const MONTH = readOptions(['--days', '30', '--cases', '100', '--seed', '7']);

async function simulated(throughWorkflows: number): Promise<Simulated> {
  const databases = { year: await freshDatabase(), sample: await freshDatabase() };
  return runYear({ ...MONTH, throughWorkflows, databases, bundlePath: workflowBundle, step: (_, work) => work(() => undefined) });
}

describe('npm run simulate -- --days 30 --cases 100 --seed 7', () => {
  let whole: Simulated;
  beforeAll(async () => {
    whole = await simulated(SAMPLE);
  }, 480_000);

  it('every invariant holds, and activities and workflows do as simulated', () => {
    expect(findingsOf(whole)).toEqual([]);
    expect(whole.sample?.cases).toBeGreaterThanOrEqual(SAMPLE);
    expect(whole.figures.invariants.map(({ looked }) => looked > 0)).toEqual([true, true, true, true]);
  });

  it('what was received is what is held, earned, owed back and paid back', () => {
    const { received = 0, held = 0, earned = 0, refunded = 0, 'to-refund': owed = 0 } = whole.figures.money;
    expect(received).toBeGreaterThan(0);
    expect(held + earned + owed + refunded).toBe(received);
  });

  it('the terminal, the page and the charts say it, and the same seed says the same, of the sample too', async () => {
    const again = await simulated(SAMPLE);
    const written = (each: Simulated) => [pageOf(MONTH, each), ...Object.values(chartsOf(each.figures))];
    expect(written(again)).toEqual(written(whole));
    expect(written(whole)[0]).toContain(`${whole.sample?.cases} 件, ${whole.sample?.decisions} decisions`);
    expect(summaryOf(whole)).toContain('every credit accounted for');
    expect(Object.keys(chartsOf(whole.figures))).toEqual(['volumes.svg', 'fridays.svg', 'waiting.svg', 'staff.svg', 'money.svg']);
  }, 480_000);
});

describe('the books', () => {
  it('notice what the real activities answer otherwise', async () => {
    const world = await openBooksWorld(await freshDatabase());
    try {
      const period = { from: calendarDay('2026-03-02'), days: 14 };
      const tariff = await readTariff(world.data.manager);
      const year = new Year({ seed: 3, cases: 60, period, calendar: publishedHolidays, tariff });
      const books = new Books(world);
      for (const { journal } of year.days()) await books.write(journal.map(aWeekLate));
      const kinds = new Set(books.disagreements.map(({ kind }) => kind));
      expect(kinds).toEqual(new Set(['completed']));
    } finally {
      await world.close();
    }
  }, 240_000);
});

/** A completion whose Friday was worked out wrongly. */
const aWeekLate = (deed: Deed): Deed => (deed.kind === 'completed' ? { ...deed, day: '2026-12-25' } : deed);
