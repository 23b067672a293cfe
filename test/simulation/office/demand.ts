/** Who comes when: so many cases spread over the days by weekday, season and hour, and the organisations they are of. */
import {
  addDays,
  addYears,
  businesses,
  days,
  subjectRefusal,
  usccCheckDigit,
  weekday,
  windows,
  type BusinessSlug,
  type CalendarDay,
  type Channel,
  type Instant,
  type WindowSlug,
  type WorkingDays,
} from '#domain';
import { bought, demand, mix, shares, windowShares } from '../assumptions.js';
import type { Randomness } from '../time/randomness.js';
import { clock, WorkingTime } from '../time/working-time.js';
import type { CaseFacts, Organisation, Subject } from './case.js';

/** Somebody who is about to apply. */
export interface Arrival {
  /** Its place among all, by which its chances are drawn. */
  index: number;
  at: Instant;
  business: BusinessSlug;
  channel: Channel;
  window: WindowSlug | null;
  organisation: Organisation;
  twinOf: number | null;
  chance: Randomness;
}

export interface Period {
  from: CalendarDay;
  days: number;
}

/** All of them in the order of their coming. */
export function drawArrivals(chance: Randomness, period: Period, count: number, calendar: WorkingDays): Arrival[] {
  const weights = Array.from({ length: period.days }, (_, ahead) => {
    const day = addDays(period.from, ahead);
    return [weightOf(day, calendar), day] as const;
  });
  const arrivals: Arrival[] = [];
  for (let index = 0; index < count; index += 1) {
    const own = chance.stream(`arrival/${index}`);
    const kin = kinOf(arrivals.at(-1), own);
    if (kin) {
      arrivals.push({ ...kin, index, chance: own });
      continue;
    }
    const { business, channel } = own.weighted(mix);
    const window = channel === 'window' ? own.weighted(windowShares) : null;
    const day = own.weighted(weights);
    const at = window === null ? online(own, day) : atWindow(own, day, window, calendar);
    arrivals.push({ index, at, business, channel, window, organisation: organisation(own, index), twinOf: null, chance: own });
  }
  return arrivals.sort((one, other) => one.at.getTime() - other.at.getTime() || one.index - other.index);
}

/** The same organisation once more within the hour, or another of the same name. */
function kinOf(before: Arrival | undefined, own: Randomness): Arrival | null {
  if (before?.business !== 'new' || before.channel !== 'online' || before.twinOf !== null) return null;
  const soon = new Date(before.at.getTime() + own.whole(5, 55) * 60_000);
  if (own.chance(shares.twin)) return { ...before, at: soon, twinOf: before.index };
  if (!own.chance(shares.sameName)) return null;
  return { ...before, at: soon, organisation: { ...organisation(own, before.index + 1), name: before.organisation.name } };
}

function weightOf(day: CalendarDay, calendar: WorkingDays): number {
  const month = demand.month[Number(day.slice(5, 7)) - 1] ?? 1;
  const ofWeek = weekday(day);
  const planned = demand.weekday[ofWeek - 1] ?? 1;
  if (calendar.isWorkingDay(day)) return month * Math.max(planned, 0.9);
  return month * (ofWeek > 5 ? planned : demand.dayOff);
}

function online(own: Randomness, day: CalendarDay): Instant {
  const hour = own.weighted(demand.hour.map((weight, hour) => [weight, hour] as const));
  return new Date(clock(day, '00:00').getTime() + (hour * 60 + own.whole(0, 59)) * 60_000);
}

/** While it is open; who comes on a day off comes again on the next working day. */
function atWindow(own: Randomness, day: CalendarDay, window: WindowSlug, calendar: WorkingDays): Instant {
  const time = new WorkingTime(windows[window].hours, calendar);
  const opens = time.next(clock(day, '00:00'));
  return new Date(Math.floor(time.after(opens, own.between(0, 400)).getTime() / 60_000) * 60_000);
}

const FORMS = ['医药有限公司', '医疗器械有限公司', '生物科技(集团)有限公司', '药业有限公司'] as const;
const CITIES = ['成都', '绵阳', '德阳', '宜宾', '泸州', '南充'] as const;

function organisation(own: Randomness, index: number): Organisation {
  const number = String(index + 1).padStart(7, '0');
  const first17 = `91510100MA${number}`;
  const form = FORMS[own.whole(0, FORMS.length - 1)] ?? FORMS[0];
  const city = CITIES[own.whole(0, CITIES.length - 1)] ?? CITIES[0];
  return {
    name: `${city}第${index + 1}号${form}`,
    uscc: first17 + usccCheckDigit(first17),
    account: `5100${number}`,
    phone: `1710${number}`,
  };
}

/** What does not change after the submission, but for the number, which follows from the order of submissions. */
export function factsOf(arrival: Arrival, at: Instant): Omit<CaseFacts, 'number' | 'enteredBy' | 'twinOf'> {
  const { business, channel, window, organisation: own, chance } = arrival;
  const { causes, about } = businesses[business];
  return {
    ...{ id: chance.uuid(), business, channel, window, organisation: own },
    otherPhone: channel === 'online' && chance.chance(shares.otherPhone) ? own.phone.replace(/^171/, '172') : null,
    count: about === 'organisation' ? chance.weighted<number>(bought.count) : 1,
    years: chance.weighted<number>(bought.years),
    cause: causes.length === 0 ? null : (causes[chance.whole(0, causes.length - 1)] ?? null),
    subject: about === 'certificate' ? subjectOf(business, chance, at) : null,
    submittedAt: at,
  };
}

/** A certificate that the business may be about at that moment, by the rule of libs/domain. */
function subjectOf(business: BusinessSlug, chance: Randomness, at: Instant): Subject {
  const left = daysLeft(business, chance);
  const notAfter = new Date(Math.floor((at.getTime() + days(left)) / 1000) * 1000);
  const refusal = subjectRefusal(business, { state: 'valid', notAfter }, at);
  if (refusal) throw new RangeError(`${business} ${left} days before the end: ${refusal}`);
  return { serial: chance.uuid().replaceAll('-', ''), notBefore: addYears(notAfter, -1), notAfter };
}

/** Most renew after one of the reminders. */
function daysLeft(business: BusinessSlug, chance: Randomness): number {
  if (business === 'renewal-expired') return -Math.max(0.1, Math.min(90, chance.waiting(14)));
  if (business === 'renewal-valid') return chance.between(0.5, 59);
  return chance.between(30, 700);
}
