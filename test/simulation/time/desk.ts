/** People of one kind who take what comes in its order, each one thing at a time. */
import { shanghaiDay, type Instant, type StaffId } from '#domain';
import type { WorkingTime } from './working-time.js';

export interface Served {
  by: StaffId;
  begins: Instant;
  ends: Instant;
}

interface Person {
  id: StaffId;
  freeAt: Instant;
}

export class Desk {
  private readonly people: Person[];
  /** Minutes of work by month, `2026-03`. */
  readonly worked = new Map<string, number>();

  constructor(
    readonly name: string,
    ids: readonly StaffId[],
    private readonly time: WorkingTime,
  ) {
    this.people = ids.map((id) => ({ id, freeAt: new Date(0) }));
  }

  /**
   * Asked in the order of time: whoever is free first takes it.
   * @param notBy who had it in hand before, and may not decide on it
   */
  serve(at: Instant, minutes: number, notBy: readonly StaffId[] = []): Served {
    return this.give(({ id }) => !notBy.includes(id), at, minutes);
  }

  /** By this person and nobody else. */
  serveBy(person: StaffId, at: Instant, minutes: number): Served {
    return this.give(({ id }) => id === person, at, minutes);
  }

  private give(may: (person: Person) => boolean, at: Instant, minutes: number): Served {
    const [person] = this.people.filter(may).sort((one, other) => one.freeAt.getTime() - other.freeAt.getTime());
    if (!person) throw new RangeError(`nobody at ${this.name} may do it`);
    const begins = this.time.next(person.freeAt > at ? person.freeAt : at);
    const ends = this.time.after(begins, minutes);
    person.freeAt = ends;
    const month = shanghaiDay(begins).slice(0, 7);
    this.worked.set(month, (this.worked.get(month) ?? 0) + minutes);
    return { by: person.id, begins, ends };
  }

  get size(): number {
    return this.people.length;
  }
}
