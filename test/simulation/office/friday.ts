/** 周五寄送: each Friday's batch on the simulated clock. Which Friday, when it begins, how long it may be made up: libs/domain says. */
import {
  addDays,
  batchBegins,
  certifiedInTime,
  completedBefore,
  days,
  hours,
  madeUpUntil,
  nextDispatchDay,
  shanghaiDay,
  weekday,
  type CalendarDay,
  type CarriedReason,
  type Instant,
} from '#domain';
import { courierComes, minutesFor, shares } from '../assumptions.js';
import { clock, endOf } from '../time/working-time.js';
import type { Letter, SimulatedCase } from './case.js';
import type { SimulatedOffice } from './office.js';

/** As the batch has it: how long an outside system may stay away, and how long packed letters wait for a dispatcher (decision 0013). */
const OUTSIDE_WITHIN_MS = hours(6);
const HAND_OVER_WITHIN_MS = days(3);
const TUESDAY = 2;

export interface FridayFigures {
  day: CalendarDay;
  due: number;
  carried: number;
  handedOver: number;
  /** Null where nothing went out. */
  packedAt: Instant | null;
  handedOverAt: Instant | null;
  /** Made up after an outage, or missed. */
  note: 'made-up' | 'missed' | null;
}

type Posted = SimulatedCase & { letter: Letter };

export class Fridays {
  readonly figures: FridayFigures[] = [];
  private readonly waiting = new Set<Posted>();
  private readonly packed = new Set<Posted>();

  constructor(private readonly office: SimulatedOffice) {}

  add(current: SimulatedCase): void {
    if (current.letter) this.waiting.add(current as Posted);
  }

  /** Every Friday that is no holiday. */
  plan(from: CalendarDay, until: CalendarDay): void {
    for (let day = addDays(from, 5 - weekday(from)); day < until; day = addDays(day, 7))
      if (day >= from && !this.office.calendar.isHoliday(day)) this.office.timeline.at(batchBegins(day), () => this.begin(day));
  }

  private begin(day: CalendarDay): void {
    const { office } = this;
    const up = office.up(office.now);
    if (up > office.now) return office.timeline.at(up, () => (up <= madeUpUntil(day) ? this.run(day, 'made-up') : this.miss(day)));
    this.run(day, null);
  }

  private run(day: CalendarDay, note: FridayFigures['note']): void {
    const { office } = this;
    const due = [...this.waiting].filter(
      ({ letter, completedAt }) => letter.day <= day && completedAt !== null && completedAt < completedBefore(day),
    );
    const figures: FridayFigures = { day, due: due.length, carried: 0, handedOver: 0, packedAt: null, handedOverAt: null, note };
    this.figures.push(figures);
    office.note('batch-opened', '', '', { day });
    const platform = endOf(office.outages.platform, office.now);
    const givenUp = office.up(new Date(office.now.getTime() + OUTSIDE_WITHIN_MS));
    const left = due.filter((each) => !this.packed.has(each));
    if (platform > givenUp) {
      office.timeline.at(givenUp, () => {
        this.carry(left, day, 'failed', figures);
        this.pack(
          day,
          due.filter((each) => this.packed.has(each)),
          figures,
        );
      });
      return;
    }
    office.timeline.at(platform, () => {
      const uncertified = left.filter(({ letter }) => letter.certifiedAt > office.now);
      const late = left.filter((each) => !uncertified.includes(each) && !certifiedInTime(each.letter.certifiedAt, day));
      this.carry(uncertified, day, 'uncertified', figures);
      this.carry(late, day, 'certified-late', figures);
      this.pack(
        day,
        due.filter((each) => !uncertified.includes(each) && !late.includes(each)),
        figures,
      );
    });
  }

  /** Labels and envelopes, one after the other; then the courier. */
  private pack(day: CalendarDay, letters: Posted[], figures: FridayFigures): void {
    const { office } = this;
    const close = () => office.note('batch-closed', '', '', { day });
    if (letters.length === 0) return close();
    const fresh = letters.filter((each) => !this.packed.has(each));
    const done = fresh.map(() => office.desk('dispatcher').serve(office.now, minutesFor.letter).ends.getTime());
    const packedAt = new Date(Math.max(office.now.getTime(), ...done));
    const waitsUntil = new Date(office.now.getTime() + HAND_OVER_WITHIN_MS);
    office.timeline.at(packedAt, () => {
      figures.packedAt = packedAt;
      for (const each of fresh) this.packed.add(each);
      office.note('letters-packed', '', '', { day, caseIds: fresh.map(({ facts }) => facts.id) });
      const comes = this.courierAfter(packedAt, day);
      const late = comes > waitsUntil;
      office.timeline.at(late ? waitsUntil : comes, () => {
        if (late) this.carry(letters, day, 'not-handed-over', figures);
        else this.handOver(letters, day, figures);
        close();
      });
    });
  }

  private handOver(letters: readonly Posted[], day: CalendarDay, figures: FridayFigures): void {
    const { office } = this;
    Object.assign(figures, { handedOver: letters.length, handedOverAt: office.now });
    office.note('batch-handed-over', '', '', { day, by: DISPATCHER });
    for (const each of letters) {
      Object.assign(each.letter, { handedOverAt: office.now, sentOn: day });
      this.waiting.delete(each);
      this.packed.delete(each);
      each.dispatches.post('handed-over');
      this.onTheWay(each);
    }
  }

  private carry(letters: readonly Posted[], from: CalendarDay, reason: CarriedReason, figures: FridayFigures): void {
    if (letters.length === 0) return;
    figures.carried += letters.length;
    this.office.note('letters-carried', '', '', { day: from, caseIds: letters.map(({ facts }) => facts.id), reason });
    for (const each of letters) this.toNext(each, from, reason);
  }

  /** Too late to be made up: to the first Friday that is not over. */
  private miss(day: CalendarDay): void {
    const { office } = this;
    const from = addDays(shanghaiDay(office.now), -1);
    const missed = [...this.waiting].filter(({ letter }) => letter.day <= from);
    this.figures.push({
      day,
      due: missed.length,
      carried: missed.length,
      handedOver: 0,
      packedAt: null,
      handedOverAt: null,
      note: 'missed',
    });
    if (missed.length === 0) return;
    office.note('letters-missed', '', '', { caseIds: missed.map(({ facts }) => facts.id) });
    for (const each of missed) this.toNext(each, from, 'missed');
  }

  private toNext({ letter, dispatches }: Posted, from: CalendarDay, reason: CarriedReason): void {
    const { day: to } = nextDispatchDay(from, this.office.calendar);
    letter.carried.push({ from, reason, to });
    letter.day = to;
    dispatches.post('carried');
  }

  /** The next time he comes; now and then he stays away until Tuesday. */
  private courierAfter(packedAt: Instant, friday: CalendarDay): Instant {
    const away = this.office.chance.stream(`courier/${friday}`).chance(shares.courierAway);
    if (away) return clock(addDays(friday, (TUESDAY - weekday(friday) + 7) % 7), courierComes);
    const today = clock(shanghaiDay(packedAt), courierComes);
    return this.office.up(packedAt <= today ? today : clock(addDays(shanghaiDay(packedAt), 1), courierComes));
  }

  /** What the courier tells afterwards: counted here, and in no books. */
  private onTheWay({ letter, chance }: Posted): void {
    const { office } = this;
    const courier = chance.stream('courier');
    if (courier.chance(shares.parcelLost)) return office.timeline.at(office.inDays(10), () => void (letter.delivery = 'lost'));
    const returned = courier.chance(shares.parcelReturned);
    office.timeline.at(office.inDays(courier.between(1, 4)), () => void (letter.delivery = returned ? 'returned' : 'delivered'));
  }
}

/** Whoever of the dispatchers signs for the courier. */
const DISPATCHER = '00000000-0000-4000-a050-000000000001';
