/** One year, whole: in memory, into the books, checked, a sample through the workflows, and its figures. */
import { publishedHolidays } from '#config';
import { readTariff } from '#persistence';
import { Books } from './books/books.js';
import { readFacts, readMonths } from './books/facts.js';
import { openBooksWorld } from './books/world.js';
import type { Journal } from './deeds.js';
import type { SimulationOptions } from './options.js';
import { figuresOf, type Figures } from './report/figures.js';
import { liveSample, type SampleResult } from './sample/sample.js';
import { Year } from './year.js';

export interface Simulated {
  figures: Figures;
  /** Null where none was asked for. */
  sample: SampleResult | null;
}

export interface RunOptions extends Omit<SimulationOptions, 'out'> {
  /** An empty database each for the year and for the sample. */
  databases: { year: string; sample: string };
  /** The workflows as the worker loads them; only for a sample. */
  bundlePath: () => Promise<string>;
  step<T>(name: string, work: (tell: (text: string) => void) => Promise<T>): Promise<T>;
}

export async function runYear(options: RunOptions): Promise<Simulated> {
  const { seed, days, from, cases, databases, throughWorkflows, step } = options;
  const world = await openBooksWorld(databases.year);
  try {
    const tariff = await readTariff(world.data.manager);
    const year = new Year({ seed, cases, period: { from, days }, calendar: publishedHolidays, tariff });
    const lanes = throughWorkflows > 0 ? year.sampleOf(throughWorkflows) : new Set<string>();
    const books = new Books(world);
    const sampled = await step('year', (tell) => writeYear(year, books, lanes, tell));
    const figures = await step('invariants', async (tell) => {
      tell('reading the books');
      const facts = await readFacts(world.data, year);
      const activities = { done: books.done, disagreements: books.disagreements.map((each) => JSON.stringify(each)) };
      return figuresOf({ year, facts, months: await readMonths(world.data, year), activities });
    });
    if (lanes.size === 0) return { figures, sample: null };
    const bundlePath = await options.bundlePath();
    const asked = { year, lanes, journal: sampled, databaseUrl: databases.sample, bundlePath };
    return { figures, sample: await step('workflows', (tell) => liveSample({ ...asked, tell })) };
  } finally {
    await world.close();
  }
}

/** Answers what concerns the organisations of the sample, and whole Fridays. */
async function writeYear(year: Year, books: Books, lanes: ReadonlySet<string>, tell: (text: string) => void): Promise<Journal> {
  const sampled: Journal = [];
  for (const { day, journal } of year.days()) {
    sampled.push(...journal.filter(({ lane }) => lane === '' || lanes.has(lane)));
    await books.write(journal);
    tell(`${day}: ${year.office.cases.length.toLocaleString('en')} cases, ${books.done.toLocaleString('en')} steps in the books`);
  }
  return sampled;
}
