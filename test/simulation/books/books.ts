/**
 * Does a day again with the office's own activities, in the real database with all its constraints, and compares what they answer with what the
 * simulation had decided. What touches the same money goes one after the other; the rest side by side.
 */
import { recordNewCredits } from '#persistence';
import type { Deed, DeedKind, Journal } from '../deeds.js';
import { caseDeeds } from './case-deeds.js';
import { fridayDeeds } from './friday-deeds.js';
import { moneyDeeds } from './money-deeds.js';
import { insertSubmissions } from './rows.js';
import type { BooksWorld } from './world.js';

/** The activities answered otherwise than the simulation. */
export interface Disagreement {
  kind: DeedKind;
  at: string;
  about: string;
  simulated: string;
  real: string;
}

/** What an activity answered, where the simulation has an opinion; else nothing. */
export type Answer = { simulated: unknown; real: unknown } | void;
export type Doing<K extends DeedKind> = (deed: Deed<K>) => Promise<Answer>;
export type Doings<K extends DeedKind> = { [Kind in K]: Doing<Kind> };

const SIDE_BY_SIDE = 6;

export class Books {
  readonly disagreements: Disagreement[] = [];
  done = 0;
  private readonly doings: Partial<Record<DeedKind, Doing<never>>>;

  constructor(private readonly world: BooksWorld) {
    this.doings = { ...caseDeeds(world), ...moneyDeeds(world), ...fridayDeeds(world) };
  }

  async write(journal: Journal): Promise<void> {
    await this.writeWhatCameIn(journal);
    for (const part of partsOf(journal)) {
      const lanes = [...part.values()];
      const work = async () => {
        for (let lane = lanes.shift(); lane; lane = lanes.shift()) for (const deed of lane) await this.do(deed);
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    }
  }

  /** What the API and the bank write down before anything is decided: set by set. */
  private async writeWhatCameIn(journal: Journal): Promise<void> {
    const { data } = this.world;
    const submitted = journal.flatMap((deed) => (deed.kind === 'submitted' ? [deed.facts] : []));
    if (submitted.length > 0) await data.transaction((tx) => insertSubmissions(tx, submitted));
    const credits = journal.flatMap((deed) => (deed.kind === 'credit-decided' ? [deed] : []));
    const [first] = credits;
    if (!first) return;
    const facts = credits.map(({ credit }) => credit);
    const { added } = await data.transaction((tx) => recordNewCredits(tx, facts, first.at));
    this.compare(first, { simulated: facts.length, real: added.size });
  }

  private async do(deed: Deed): Promise<void> {
    const doing = this.doings[deed.kind] as Doing<DeedKind> | undefined;
    if (!doing) return;
    this.done += 1;
    try {
      const answer = await this.world.at(deed.at, () => doing(deed));
      if (answer) this.compare(deed, answer);
    } catch (error) {
      this.compare(deed, { simulated: 'taken', real: error instanceof Error ? error.message : String(error) });
    }
  }

  private compare(deed: Deed, { simulated, real }: { simulated: unknown; real: unknown }): void {
    const [one, other] = [JSON.stringify(simulated), JSON.stringify(real)];
    if (one === other) return;
    const about = deed.caseId || deed.lane;
    this.disagreements.push({ kind: deed.kind, at: deed.at.toISOString(), about, simulated: one, real: other });
  }
}

/** Between two deeds for a whole Friday everything that is in different lanes may go side by side. */
function partsOf(journal: Journal): Map<string, Deed[]>[] {
  const parts: Map<string, Deed[]>[] = [new Map<string, Deed[]>()];
  for (const deed of journal) {
    if (deed.lane === '') parts.push(new Map([['', [deed]]]), new Map<string, Deed[]>());
    else {
      const part = parts.at(-1);
      const lane = part?.get(deed.lane);
      if (lane) lane.push(deed);
      else part?.set(deed.lane, [deed]);
    }
  }
  return parts.filter((part) => part.size > 0);
}
