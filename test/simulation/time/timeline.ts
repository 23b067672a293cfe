/**
 * The simulated clock: what is to happen, in its order; and lives, which wait for a time or for a message and then go on. A life is a
 * generator, so that it reads as the workflow does whose place it takes.
 */
import type { Instant } from '#domain';

/** What a life waits for: a time, a message, or whichever comes first. */
export interface Wait {
  until: Instant | null;
  or?: Mailbox<unknown>;
}
export type Life<T = void> = Generator<Wait, T, void>;

export class Timeline {
  private readonly queue: Entry[] = [];
  private count = 0;

  constructor(private present: Instant) {}

  get now(): Instant {
    return this.present;
  }

  /** What was to happen before now happens now. Of two for one moment, the one that was planned first. */
  at(when: Instant, happen: () => void): void {
    push(this.queue, { when: Math.max(when.getTime(), this.present.getTime()), order: (this.count += 1), happen });
  }

  /** Everything before that moment. */
  run(until: Instant): void {
    for (let next = this.queue[0]; next && next.when < until.getTime(); next = this.queue[0]) {
      pop(this.queue);
      this.present = new Date(next.when);
      next.happen();
    }
    this.present = until;
  }

  live(life: Life): Living {
    const living = new Living(this, life);
    living.goOn();
    return living;
  }
}

export class Living {
  private turn = 0;
  private over = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly life: Life,
  ) {}

  goOn(): void {
    this.take(() => this.life.next());
  }

  /** Breaks it off wherever it waits, as a thrown error; nothing when it is over. */
  interrupt(error: Error): void {
    if (!this.over) this.take(() => this.life.throw(error));
  }

  private take(step: () => IteratorResult<Wait, void>): void {
    this.turn += 1;
    const mine = this.turn;
    const { done, value } = step();
    if (done) return void (this.over = true);
    const wake = () => {
      if (this.turn === mine && !this.over) this.goOn();
    };
    value.or?.whenThereIsOne(() => this.timeline.at(this.timeline.now, wake));
    if (value.until !== null) this.timeline.at(value.until, wake);
  }
}

/** Messages wait in it until somebody looks, as signals do for a workflow. */
export class Mailbox<M> {
  private readonly messages: M[] = [];
  private waiting: (() => void) | null = null;

  post(message: M): void {
    this.messages.push(message);
    this.waiting?.();
    this.waiting = null;
  }

  whenThereIsOne(wake: () => void): void {
    if (this.messages.length > 0) wake();
    else this.waiting = wake;
  }

  /** The next message; null when the time was over before there was one. */
  *next(until: Instant | null): Life<M | null> {
    if (this.messages.length === 0) yield { until, or: this };
    return this.messages.shift() ?? null;
  }
}

interface Entry {
  when: number;
  order: number;
  happen: () => void;
}

const before = (one: Entry, other: Entry) => one.when < other.when || (one.when === other.when && one.order < other.order);

/** A binary heap, the earliest first. */
function push(heap: Entry[], entry: Entry): void {
  let place = heap.push(entry) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (!above || !before(entry, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (!one) break;
    const child = other && before(other, one) ? left + 1 : left;
    const least = heap[child];
    if (!least || !before(least, last)) break;
    heap[place] = least;
    place = child;
  }
  heap[place] = last;
}
