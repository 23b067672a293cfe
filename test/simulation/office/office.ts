/** The simulated office: its clock, its people, its outages, and the record of what was done. Rules come from libs/domain; nothing here decides one. */
import {
  businesses,
  days,
  normaliseAccountName,
  shanghaiDay,
  windows,
  type BusinessDefinition,
  type Instant,
  type OfficeCalendar,
  type SmsTemplate,
  type Stage,
  type StaffId,
  type Waiter,
  type WindowSlug,
} from '#domain';
import { backOffice, bankHours, dispatcherHours, staff, type Post } from '../assumptions.js';
import type { CaseDeeds, Deed, DeedKind, Deeds, Journal } from '../deeds.js';
import { Desk } from '../time/desk.js';
import type { Randomness } from '../time/randomness.js';
import type { Timeline } from '../time/timeline.js';
import { endOf, WorkingTime, type Hours } from '../time/working-time.js';
import { CaseEnded, type SimulatedCase } from './case.js';
import type { Outages } from './outages.js';

/** How long a case stood at a stage. */
export interface Stay {
  stage: Stage;
  ms: number;
}

export class SimulatedOffice {
  readonly cases: SimulatedCase[] = [];
  readonly stays: Stay[] = [];
  /** Messages that the calendar sends, and no case. */
  readonly reminders = new Map<SmsTemplate, number>();
  readonly bankTime: WorkingTime;
  private readonly desks: Record<Exclude<Post, 'clerk'>, Desk>;
  private readonly clerks: Record<WindowSlug, Desk>;
  private journal: Journal = [];

  constructor(
    readonly timeline: Timeline,
    readonly calendar: OfficeCalendar,
    readonly outages: Outages,
    readonly chance: Randomness,
  ) {
    const desk = (post: Post, hours: Hours = backOffice, place = 0) =>
      new Desk(post, staffIds(post, place), new WorkingTime(hours, calendar, outages.system));
    this.bankTime = new WorkingTime(bankHours, calendar);
    this.desks = {
      reviewer: desk('reviewer'),
      supervisor: desk('supervisor'),
      'customer-service': desk('customer-service'),
      finance: desk('finance'),
      dispatcher: desk('dispatcher', dispatcherHours),
      station: desk('station'),
    };
    this.clerks = { chengnan: desk('clerk', windows.chengnan.hours, 1), xinchuan: desk('clerk', windows.xinchuan.hours, 2) };
  }

  get now(): Instant {
    return this.timeline.now;
  }

  desk(post: Exclude<Post, 'clerk'>): Desk {
    return this.desks[post];
  }

  clerksAt(window: WindowSlug): Desk {
    return this.clerks[window];
  }

  get allDesks(): Desk[] {
    return [...Object.values(this.desks), ...Object.values(this.clerks)];
  }

  /** That moment, or when the system is there again. */
  up(at: Instant): Instant {
    return endOf(this.outages.system, at);
  }

  /** So many days from now; never while the system is away. */
  inDays(count: number): Instant {
    return this.up(new Date(this.now.getTime() + days(count)));
  }

  deadline({ facts }: SimulatedCase, stage: Stage): Instant {
    const definition: BusinessDefinition = businesses[facts.business];
    return new Date(this.now.getTime() + Math.round(days(definition.deadlineDays[stage] ?? 30)));
  }

  enter(current: SimulatedCase, stage: Stage, waitingFor: Waiter, until: Instant | null): void {
    if (stage !== current.stage) {
      this.stays.push({ stage: current.stage, ms: this.now.getTime() - current.since.getTime() });
      Object.assign(current, { stage, since: this.now });
    }
    Object.assign(current, { waitingFor, until });
  }

  tell(current: SimulatedCase, template: SmsTemplate): void {
    current.messages.push(template);
  }

  end(outcome: CaseEnded['outcome']): never {
    throw new CaseEnded(outcome);
  }

  /** Something that was done in a case. */
  did<K extends keyof CaseDeeds>(current: SimulatedCase, kind: K, more: CaseDeeds[K]): void {
    this.write(kind, laneOf(current), current.facts.id, more);
  }

  /** Something that was done about money, or for a whole Friday. */
  note<K extends DeedKind>(kind: K, lane: string, caseId: string, more: Deeds[K]): void {
    this.write(kind, lane, caseId, more);
  }

  private write(kind: DeedKind, lane: string, caseId: string, more: object): void {
    this.journal.push({ ...more, kind, at: this.now, lane, caseId } as Deed);
  }

  /** What was done since it was last taken. */
  takeJournal(): Journal {
    const taken = this.journal;
    this.journal = [];
    return taken;
  }

  remind(template: SmsTemplate): void {
    this.reminders.set(template, (this.reminders.get(template) ?? 0) + 1);
  }

  get today() {
    return shanghaiDay(this.now);
  }
}

/** All that can touch the same money: organisations of one name. */
export const laneOf = ({ facts }: SimulatedCase): string => normaliseAccountName(facts.organisation.name);

const PLACES: readonly Post[] = ['reviewer', 'clerk', 'supervisor', 'customer-service', 'finance', 'dispatcher', 'station'];

function staffIds(post: Post, place: number): StaffId[] {
  const prefix = String(PLACES.indexOf(post) * 10 + place).padStart(4, '0');
  return Array.from(
    { length: staff[post] },
    (_, index) => `00000000-0000-4000-a${prefix.slice(1)}-${String(index + 1).padStart(12, '0')}` as StaffId,
  );
}
