/**
 * A year of the office in memory: everything happens on the simulated clock, in one order, by chance from one seed. Reads and writes nothing.
 */
import {
  addDays,
  applicationNumber,
  businesses,
  correctionReminderDays,
  daysBetween,
  normaliseAccountName,
  orderReminder,
  shanghaiDay,
  wayOf,
  yearOf,
  type CalendarDay,
  type OfficeCalendar,
  type StaffId,
  type TariffItem,
} from '#domain';
import { interest, minutesFor } from './assumptions.js';
import type { Journal } from './deeds.js';
import { Bank, type Transfer } from './money/bank.js';
import { Finance } from './money/finance.js';
import { Payers } from './money/payers.js';
import { Refunds } from './money/refunds.js';
import type { CaseFacts, SimulatedCase } from './office/case.js';
import { drawArrivals, factsOf, type Arrival, type Period } from './office/demand.js';
import { Fridays } from './office/friday.js';
import type { Surroundings } from './office/making.js';
import { laneOf, SimulatedOffice } from './office/office.js';
import { drawOutages } from './office/outages.js';
import { lifeOf, mayBeTakenBack } from './office/stories.js';
import { randomness } from './time/randomness.js';
import { Mailbox, Timeline } from './time/timeline.js';
import { clock } from './time/working-time.js';

const QUARTER_ENDS: readonly string[] = ['03-31', '06-30', '09-30', '12-31'];

export interface YearOptions {
  seed: number;
  period: Period;
  cases: number;
  calendar: OfficeCalendar;
  tariff: readonly TariffItem[];
}

export class Year {
  readonly office: SimulatedOffice;
  readonly bank: Bank;
  readonly refunds: Refunds;
  readonly finance: Finance;
  readonly payers: Payers;
  readonly fridays: Fridays;
  private readonly around: Surroundings;
  private readonly arrivals: readonly Arrival[];
  private readonly numbers = new Map<string, number>();
  private readonly byArrival = new Map<number, SimulatedCase>();
  private readonly reminded = new Map<string, number>();

  constructor(readonly options: YearOptions) {
    const { seed, period, calendar, cases, tariff } = options;
    const chance = randomness(`xinyin/${seed}`);
    const timeline = new Timeline(clock(period.from, '00:00'));
    const office = (this.office = new SimulatedOffice(timeline, calendar, drawOutages(chance.stream('outages'), period, calendar), chance));
    this.refunds = new Refunds(office, () => this.bank.trail);
    this.bank = new Bank(office, this.refunds);
    this.finance = new Finance(office, this.bank, this.refunds);
    this.payers = new Payers(office, this.bank);
    this.fridays = new Fridays(office);
    this.around = { office, bank: this.bank, payers: this.payers, fridays: this.fridays, tariff };
    this.fridays.plan(period.from, this.end);
    this.arrivals = drawArrivals(chance.stream('demand'), period, cases, calendar);
    for (const arrival of this.arrivals) timeline.at(office.up(arrival.at), () => this.arrives(arrival));
    for (let day = period.from; day < this.end; day = addDays(day, 1)) this.planDay(day);
  }

  /** The first day that does not belong to it. */
  get end(): CalendarDay {
    return addDays(this.options.period.from, this.options.period.days);
  }

  /** Day by day; answers what was done on each. */
  *days(): Generator<{ day: CalendarDay; journal: Journal }> {
    for (let day = this.options.period.from; day < this.end; day = addDays(day, 1)) {
      this.office.timeline.run(clock(addDays(day, 1), '00:00'));
      yield { day, journal: this.office.takeJournal() };
    }
  }

  /** Organisations of at least so many cases, drawn by the seed; all of an organisation's cases are in it or none. */
  sampleOf(count: number): ReadonlySet<string> {
    const chance = randomness(`xinyin/${this.options.seed}/sample`);
    const drawn = this.arrivals.map(({ organisation }) => [chance.unit(), normaliseAccountName(organisation.name)] as const);
    return new Set(
      drawn
        .sort(([one], [other]) => one - other)
        .slice(0, count)
        .map(([, lane]) => lane),
    );
  }

  private planDay(day: CalendarDay): void {
    const { timeline } = this.office;
    timeline.at(this.office.up(clock(day, '08:00')), () => this.remind());
    if (QUARTER_ENDS.includes(day.slice(5))) timeline.at(clock(day, '10:00'), () => this.bank.transfer(this.interest()));
  }

  private interest(): Transfer {
    const payer = { payerName: this.bank.ownName, payerAccount: '5100000', payerAccountType: 'corporate' } as const;
    return { ...payer, amountFen: interest, remittance: '结息' };
  }

  /** At a window and on the telephone, a person of the office takes it down first. */
  private arrives(arrival: Arrival): void {
    const { office } = this;
    const { channel, window } = arrival;
    if (channel === 'online') return this.submit(arrival, null);
    const desk = window === null ? office.desk('customer-service') : office.clerksAt(window);
    const { by, ends } = desk.serve(office.now, window === null ? minutesFor.telephoneCall : minutesFor.entry);
    office.timeline.at(ends, () => this.submit(arrival, by));
  }

  private submit(arrival: Arrival, enteredBy: StaffId | null): void {
    const { office } = this;
    const first = arrival.twinOf === null ? undefined : this.byArrival.get(arrival.twinOf);
    const facts: CaseFacts = {
      ...factsOf(arrival, office.now),
      ...{ number: this.nextNumber(arrival), enteredBy, twinOf: first?.facts.id ?? null },
    };
    const current: SimulatedCase = {
      ...{ facts, chance: arrival.chance, waitingFor: 'system', since: office.now, until: null, outcome: null, order: null },
      stage: wayOf(facts.business, facts.channel)?.stages[0] ?? 'closed',
      ...{ credits: new Mailbox(), dispatches: new Mailbox(), issued: [], completedAt: null, closedAt: null, letter: null },
      ...{ invoiced: false, messages: [], hands: enteredBy === null ? [] : [enteredBy], mayEnd: true, onEarlyEnd: null },
      ...{ life: null, twin: first ?? null },
    };
    if (first) first.twin = current;
    this.byArrival.set(arrival.index, current);
    office.cases.push(current);
    office.note('submitted', laneOf(current), facts.id, { facts });
    current.life = office.timeline.live(lifeOf(this.around, current));
    mayBeTakenBack(this.around, current);
  }

  private nextNumber({ business }: Arrival) {
    const { numberPrefix } = businesses[business];
    const year = yearOf(shanghaiDay(this.office.now));
    const running = (this.numbers.get(`${numberPrefix}/${year}`) ?? 0) + 1;
    this.numbers.set(`${numberPrefix}/${year}`, running);
    return applicationNumber(numberPrefix, year, running);
  }

  /** Each morning: orders and corrections that wait, each threshold once. */
  private remind(): void {
    const { office } = this;
    for (const { facts, stage, since } of office.cases) {
      const days = stage === 'payment' ? orderReminder(since, office.now) : stage === 'correction' ? lateBy(since, office.now) : null;
      if (days === null || (this.reminded.get(`${facts.id}/${stage}`) ?? 0) >= days) continue;
      this.reminded.set(`${facts.id}/${stage}`, days);
      office.remind(stage === 'payment' ? 'order-reminder' : 'correction-reminder');
    }
  }
}

function lateBy(since: Date, now: Date): number | null {
  return daysBetween(shanghaiDay(since), shanghaiDay(now)) >= correctionReminderDays ? correctionReminderDays : null;
}
