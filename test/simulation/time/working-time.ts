/** When people work: hours on legal working days, 调休 counted, and nothing while the system is down. */
import { addDays, shanghaiDay, startOfShanghaiDay, type CalendarDay, type Instant, type WorkingDays } from '#domain';

export interface Interval {
  from: Instant;
  to: Instant;
}
export type Hours = readonly (readonly [from: string, to: string])[];

/** No office is closed for longer; a calendar without working days would be searched for ever. */
const MOST_DAYS_CLOSED = 60;

export class WorkingTime {
  private readonly known = new Map<CalendarDay, readonly Interval[]>();

  constructor(
    private readonly hours: Hours,
    private readonly calendar: WorkingDays,
    private readonly interrupted: readonly Interval[] = [],
  ) {}

  /** That very moment, or the next in working hours. */
  next(at: Instant): Instant {
    for (const { from } of this.from(at)) return from;
    throw new RangeError('the calendar leaves no time to work');
  }

  /** When so many minutes of work that begin then are done: work lies still outside working hours. */
  after(at: Instant, minutes: number): Instant {
    let left = minutes * 60_000;
    for (const { from, to } of this.from(at)) {
      const length = to.getTime() - from.getTime();
      if (left <= length) return new Date(from.getTime() + left);
      left -= length;
    }
    throw new RangeError('the calendar leaves no time to work');
  }

  private *from(at: Instant): Generator<Interval> {
    const first = shanghaiDay(at);
    let closed = 0;
    for (let day = first; closed < MOST_DAYS_CLOSED; day = addDays(day, 1)) {
      closed += 1;
      for (const { from, to } of this.of(day)) {
        if (to <= at) continue;
        closed = 0;
        yield { from: from < at ? at : from, to };
      }
    }
  }

  private of(day: CalendarDay): readonly Interval[] {
    const known = this.known.get(day);
    if (known) return known;
    const open = this.calendar.isWorkingDay(day) ? this.hours.map(([from, to]) => ({ from: clock(day, from), to: clock(day, to) })) : [];
    const left = this.interrupted.reduce(without, open);
    this.known.set(day, left);
    return left;
  }
}

/** A moment of a day in Shanghai, given as `09:00`. */
export function clock(day: CalendarDay, time: string): Instant {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return new Date(startOfShanghaiDay(day).getTime() + (hour * 60 + minute) * 60_000);
}

/** When it is over, if that moment lies in one of them; else that moment. */
export function endOf(intervals: readonly Interval[], at: Instant): Instant {
  return intervals.find(({ from, to }) => from <= at && at < to)?.to ?? at;
}

function without(open: readonly Interval[], gap: Interval): Interval[] {
  return open.flatMap(({ from, to }) => {
    if (gap.to <= from || to <= gap.from) return [{ from, to }];
    const parts = [
      { from, to: gap.from },
      { from: gap.to, to },
    ];
    return parts.filter((part) => part.from < part.to);
  });
}
