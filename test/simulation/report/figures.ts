/** What a year comes to, in numbers. The same seed gives the same; nothing here knows how long it took. */
import {
  businesses,
  outcomes,
  shanghaiDay,
  stages,
  weekday,
  addDays,
  type BusinessSlug,
  type CalendarDay,
  type CarriedReason,
  type Channel,
  type HeldReason,
  type Outcome,
  type Stage,
} from '#domain';
import { backOffice, dispatcherHours, staff, type Post } from '../assumptions.js';
import { invariants, type InvariantName, type Sums, type YearFacts } from '../invariants.js';
import type { FridayFigures } from '../office/friday.js';
import type { Year } from '../year.js';

export interface Spread {
  count: number;
  median: number;
  ninth: number;
  most: number;
}

export interface Figures {
  cases: number;
  volumes: { business: BusinessSlug; channel: Channel; count: number; done: number; other: number; open: number }[];
  outcomes: { outcome: Outcome | 'open'; count: number }[];
  /** By the week that begins on that Monday. */
  weeks: { monday: CalendarDay; submitted: number; completed: number }[];
  /** Hours at each stage, of stays that ended. */
  stages: { stage: Stage; hours: Spread }[];
  /** Days from the submission to completion. */
  completion: { business: BusinessSlug; channel: Channel; days: Spread }[];
  staff: { post: Post; people: number; hours: number; share: number; months: { month: string; hours: number }[] }[];
  fridays: FridayFigures[];
  carried: { reason: CarriedReason; count: number }[];
  parcels: { delivered: number; returned: number; lost: number };
  money: Sums & { claims: number };
  months: { month: string; received: number; earned: number; refunded: number }[];
  credits: { total: number; held: { reason: HeldReason; count: number }[]; ways: { way: string; count: number }[] };
  refunds: { paid: number; open: number; failedOnce: number; explained: { kind: string; count: number }[]; reversals: number };
  messages: { cases: number; reminders: number };
  outages: { kind: string; count: number; hours: number }[];
  invariants: { name: InvariantName; looked: number; findings: string[] }[];
  activities: { done: number; disagreements: string[] };
}

const HOUR_MS = 3_600_000;
const tally = <T>(values: Iterable<T>): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
const byCount = <T>(counts: Map<T, number>) =>
  [...counts].sort((one, other) => other[1] - one[1] || (String(one[0]) < String(other[0]) ? -1 : 1));

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { count: sorted.length, median: at(0.5), ninth: at(0.9), most: sorted.at(-1) ?? 0 };
}

export interface FigureSources {
  year: Year;
  facts: YearFacts;
  months: Figures['months'];
  activities: Figures['activities'];
}

export function figuresOf({ year, facts, months, activities }: FigureSources): Figures {
  const { office, bank, refunds, finance, payers, fridays } = year;
  const { cases } = office;
  const letters = cases.flatMap(({ letter }) => letter ?? []);
  return {
    cases: cases.length,
    volumes: volumesOf(year),
    outcomes: byCount(tally(cases.map(({ outcome }) => outcome ?? ('open' as const)))).map(([outcome, count]) => ({ outcome, count })),
    weeks: weeksOf(year),
    stages: stagesOf(year),
    completion: completionOf(year),
    staff: staffOf(year),
    fridays: fridays.figures,
    carried: byCount(tally(letters.flatMap(({ carried }) => carried.map(({ reason }) => reason)))).map(([reason, count]) => ({
      reason,
      count,
    })),
    parcels: parcelsOf(letters.map(({ delivery }) => delivery)),
    money: sumsOf(facts),
    months,
    credits: {
      total: bank.credits.size,
      held: byCount(tally([...bank.credits.values()].flatMap(({ heldReason }) => heldReason ?? []))).map(([reason, count]) => ({
        reason,
        count,
      })),
      ways: byCount(new Map(payers.ways)).map(([way, count]) => ({ way, count })),
    },
    refunds: {
      paid: refunds.all.filter(({ state }) => state === 'paid').length,
      open: refunds.all.filter(({ state }) => state !== 'paid').length,
      failedOnce: refunds.all.filter(({ attempt }) => attempt > 1).length,
      explained: byCount(new Map(finance.explained)).map(([kind, count]) => ({ kind, count })),
      reversals: bank.reversals,
    },
    messages: {
      cases: cases.reduce((sum, { messages }) => sum + messages.length, 0),
      reminders: [...office.reminders.values()].reduce((sum, count) => sum + count, 0),
    },
    outages: Object.entries(office.outages).map(([kind, intervals]) => {
      const hours = intervals.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0) / HOUR_MS;
      return { kind, count: intervals.length, hours };
    }),
    invariants: checkAll(facts, year),
    activities,
  };
}

function volumesOf({ office }: Year): Figures['volumes'] {
  const rows = new Map<string, Figures['volumes'][number]>();
  for (const { facts, outcome, completedAt } of office.cases) {
    const { business, channel } = facts;
    const row = rows.get(`${business}/${channel}`) ?? { business, channel, count: 0, done: 0, other: 0, open: 0 };
    row.count += 1;
    if (completedAt !== null) row.done += 1;
    else if (outcome !== null) row.other += 1;
    else row.open += 1;
    rows.set(`${business}/${channel}`, row);
  }
  const order = Object.keys(businesses);
  return [...rows.values()].sort(
    (one, other) => order.indexOf(one.business) - order.indexOf(other.business) || (one.channel < other.channel ? -1 : 1),
  );
}

const mondayOf = (day: CalendarDay): CalendarDay => addDays(day, 1 - weekday(day));

function weeksOf({ office, options, end }: Year): Figures['weeks'] {
  const weeks = new Map<CalendarDay, Figures['weeks'][number]>();
  for (let monday = mondayOf(options.period.from); monday < end; monday = addDays(monday, 7))
    weeks.set(monday, { monday, submitted: 0, completed: 0 });
  for (const { facts, completedAt } of office.cases) {
    const submitted = weeks.get(mondayOf(shanghaiDay(facts.submittedAt)));
    if (submitted) submitted.submitted += 1;
    const completed = completedAt && weeks.get(mondayOf(shanghaiDay(completedAt)));
    if (completed) completed.completed += 1;
  }
  return [...weeks.values()];
}

function stagesOf({ office }: Year): Figures['stages'] {
  const stays = new Map<Stage, number[]>();
  for (const { stage, ms } of office.stays) {
    const known = stays.get(stage);
    if (known) known.push(ms / HOUR_MS);
    else stays.set(stage, [ms / HOUR_MS]);
  }
  // What passes at once is no waiting.
  const waited = (Object.keys(stages) as Stage[]).filter((stage) => stage !== 'issuance' && (stays.get(stage)?.length ?? 0) > 0);
  return waited.map((stage) => ({ stage, hours: spreadOf(stays.get(stage) ?? []) }));
}

function completionOf(year: Year): Figures['completion'] {
  return volumesOf(year).map(({ business, channel }) => {
    const days = year.office.cases.flatMap(({ facts, completedAt }) =>
      completedAt !== null && facts.business === business && facts.channel === channel
        ? [(completedAt.getTime() - facts.submittedAt.getTime()) / (24 * HOUR_MS)]
        : [],
    );
    return { business, channel, days: spreadOf(days) };
  });
}

function staffOf({ office, options, end }: Year): Figures['staff'] {
  const lengthOf = (hours: typeof backOffice) => hours.reduce((sum, [from, to]) => sum + (asHours(to) - asHours(from)), 0);
  let workingDays = 0;
  let fridays = 0;
  for (let day = options.period.from; day < end; day = addDays(day, 1)) {
    if (!office.calendar.isWorkingDay(day)) continue;
    workingDays += 1;
    if (weekday(day) === 5) fridays += 1;
  }
  return (Object.keys(staff) as Post[]).map((post) => {
    const desks = office.allDesks.filter(({ name }) => name === post);
    const people = desks.reduce((sum, { size }) => sum + size, 0);
    const months = new Map<string, number>();
    for (const { worked } of desks) for (const [month, minutes] of worked) months.set(month, (months.get(month) ?? 0) + minutes / 60);
    const hours = [...months.values()].reduce((sum, each) => sum + each, 0);
    const there = post === 'dispatcher' ? fridays * lengthOf(dispatcherHours) : workingDays * lengthOf(backOffice);
    const inOrder = [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([month, of]) => ({ month, hours: of }));
    return { post, people, hours, share: hours / (there * people), months: inOrder };
  });
}

const asHours = (time: string): number => Number(time.slice(0, 2)) + Number(time.slice(3)) / 60;

function parcelsOf(deliveries: readonly (string | null)[]): Figures['parcels'] {
  const counts = tally(deliveries);
  return { delivered: counts.get('delivered') ?? 0, returned: counts.get('returned') ?? 0, lost: counts.get('lost') ?? 0 };
}

function sumsOf({ money }: YearFacts): Figures['money'] {
  const sum = (account: keyof Sums) => money.reduce((all, { ledger }) => all + (ledger[account] ?? 0), 0);
  const claims = money.reduce((all, { ledger }) => all + Math.min(0, ledger.held ?? 0), 0);
  return {
    received: sum('received'),
    held: sum('held'),
    earned: sum('earned'),
    'to-refund': sum('to-refund'),
    refunded: sum('refunded'),
    claims: -claims,
  };
}

function checkAll(facts: YearFacts, { office }: Year): Figures['invariants'] {
  const looked: Record<InvariantName, number> = {
    'every credit accounted for': facts.money.length,
    'no certificate twice': facts.certificates.length,
    'no case without an end or a named waiter': facts.cases.length,
    'every completion dispatched on the right Friday': facts.letters.length,
  };
  const isHoliday = (day: string) => office.calendar.isHoliday(day as CalendarDay);
  return (Object.keys(invariants) as InvariantName[]).map((name) => ({
    name,
    looked: looked[name],
    findings: invariants[name](facts, isHoliday),
  }));
}

export const outcomeWords = (outcome: Outcome | 'open') => (outcome === 'open' ? { zh: '办理中', en: 'Still open' } : outcomes[outcome]);
