/**
 * Some organisations of the year live it once more, through the real workflows on the server that skips time. Every decision of a person or an
 * outside system comes at its moment; all else the workflows do by themselves. Then each case is held against the simulation's own telling: the
 * steps in their order, where it stands, its money, its messages, its Friday.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { calendarDay, certifiedInTime, XinyinError } from '#domain';
import { Certificate, DispatchItem } from '#persistence';
import { pairRows } from '../books/rows.js';
import type { BooksWorld } from '../books/world.js';
import type { Deed, Journal } from '../deeds.js';
import type { SimulatedCase } from '../office/case.js';
import { clock, endOf } from '../time/working-time.js';
import type { Year } from '../year.js';
import { compareCases } from './comparison.js';
import { decisionsOf, type Decisions } from './decisions.js';
import { openSampleEngine, type Played, type SampleEngine } from './engine.js';
import { activityOf, recorded } from './steps.js';

export interface SampleResult {
  cases: number;
  decisions: number;
  /** One sentence each; none is as it should be. */
  disagreements: string[];
}

const LOOK_EVERY_MS = 10;
const PATIENCE_MS = 20_000;
/** The engine's clock is a little ahead of a deadline that it has counted from a little later. */
const NUDGE_MS = 2_000;

export interface SampleOptions {
  year: Year;
  lanes: ReadonlySet<string>;
  /** Of these organisations, and whole Fridays. */
  journal: Journal;
  databaseUrl: string;
  bundlePath: string;
  tell: (text: string) => void;
}

export async function liveSample(options: SampleOptions): Promise<SampleResult> {
  const { year, journal } = options;
  const ids = new Set(journal.map(({ caseId }) => caseId));
  const cases = new Map(year.office.cases.filter(({ facts }) => ids.has(facts.id)).map((each) => [each.facts.id, each]));
  const begin = clock(year.options.period.from, '00:00');
  const engine = await openSampleEngine({ ...options, begin, play: (books) => playedFor(books, cases, year) });
  try {
    const telling = new Telling(engine, cases, options.tell);
    await telling.tell(journal);
    await engine.skipTo(clock(year.end, '00:00'));
    const found = await compareCases(engine, year, cases, telling.expected);
    return { cases: cases.size, decisions: telling.decisions, disagreements: [...telling.disagreements, ...found] };
  } finally {
    await engine.close();
  }
}

class Telling {
  readonly expected = new Map<string, string[]>();
  readonly disagreements: string[] = [];
  decisions = 0;
  private readonly decide: Decisions;
  private readonly lost = new Set<string>();
  private readonly touched = new Set<string>();

  constructor(
    private readonly engine: SampleEngine,
    cases: ReadonlyMap<string, SimulatedCase>,
    private readonly say: (text: string) => void,
  ) {
    const bringsOwnToken = (id: string) => {
      const { facts } = cases.get(id) ?? {};
      return facts?.channel === 'online' && facts.subject !== null;
    };
    this.decide = decisionsOf(engine, { until: (look, what) => this.until(look, what), bringsOwnToken });
  }

  async tell(journal: Journal): Promise<void> {
    for (const deed of journal) {
      await this.catchUp(deed.caseId ? [deed.caseId] : [...this.touched]);
      await this.engine.skipTo(deed.at);
      const decide = this.decide[deed.kind] as ((deed: Deed) => Promise<unknown>) | undefined;
      if (decide && !this.lost.has(deed.caseId)) await this.attempt(deed, () => decide(deed));
      const step = activityOf[deed.kind];
      if (!step) continue;
      this.expected.set(deed.caseId, [...(this.expected.get(deed.caseId) ?? []), step]);
      this.touched.add(deed.caseId);
    }
    await this.catchUp([...this.touched]);
  }

  private async attempt(deed: Deed, work: () => Promise<unknown>): Promise<void> {
    this.decisions += 1;
    this.say(`${deed.at.toISOString().slice(0, 10)}, ${this.decisions} decisions`);
    await work().catch((error: unknown) => this.lose(deed.caseId, `${deed.kind}: ${reasonOf(error)}`));
  }

  /** Until the workflows have done by themselves what the simulation has done by then. */
  private async catchUp(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const expected = this.expected.get(id) ?? [];
      const there = () => Promise.resolve(recorded(this.engine.steps.get(id) ?? []).length >= expected.length);
      this.touched.delete(id);
      if (this.lost.has(id)) continue;
      await this.until(there, expected.at(-1) ?? '').catch(() => {
        this.lose(id, `waited in vain for ${expected.at(-1)}; it did ${recorded(this.engine.steps.get(id) ?? []).join(', ')}`);
      });
    }
  }

  private lose(id: string, why: string): void {
    // What concerns no case alone goes on for the others.
    if (id !== '') this.lost.add(id);
    this.disagreements.push(`${id}: ${why}`);
  }

  private async until(look: () => Promise<boolean>, what: string): Promise<void> {
    const began = performance.now();
    for (let nudged = false; !(await look()); await pause(LOOK_EVERY_MS)) {
      const waited = performance.now() - began;
      if (waited > PATIENCE_MS) throw new Error(`waited in vain for ${what}`);
      if (waited > NUDGE_MS && !nudged) nudged = await this.engine.nudge();
    }
  }
}

/** What is outside, as the simulation has it: certificates, the platform, the courier. */
function playedFor(books: BooksWorld, cases: ReadonlyMap<string, SimulatedCase>, year: Year): Played {
  const { manager } = books.data;
  return {
    issueCertificates: async ({ applicationId, index }: { applicationId: string; index: number }, at) => {
      const pair = cases.get(applicationId)?.issued[index - 1];
      if (!pair || (await manager.existsBy(Certificate, { applicationId, index }))) return;
      await manager.insert(Certificate, pairRows(applicationId, pair, at));
    },
    bindItem: async ({ itemId, day }: { itemId: string; day: string }, at) => {
      const { applicationId } = await manager.findOneByOrFail(DispatchItem, { id: itemId });
      const back = endOf(year.office.outages.platform, at);
      if (back.getTime() - at.getTime() > PLATFORM_GIVEN_UP_MS) throw new XinyinError('GATEWAY_REFUSED');
      const letter = cases.get(applicationId)?.letter;
      if (!letter || letter.certifiedAt > back) return { certified: false };
      const inTime = certifiedInTime(letter.certifiedAt, calendarDay(day));
      return { certified: inTime, late: !inTime };
    },
    packItem: async ({ itemId }: { itemId: string }, at) => {
      const { applicationId } = await manager.findOneByOrFail(DispatchItem, { id: itemId });
      await manager.update(
        DispatchItem,
        { id: itemId, state: 'due' },
        { state: 'packed', packedAt: at, trackingNumber: `SIM${applicationId.slice(0, 18)}` },
      );
    },
  };
}

/** As the batch has it: an outside system that stays away longer costs a letter its Friday. */
const PLATFORM_GIVEN_UP_MS = 6 * 3_600_000;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? [error.message, error.cause].filter(Boolean).map(String).join(': ') : String(error);
