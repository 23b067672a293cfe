/** How fast an outside system may be called: a token bucket, given as data. Calls are let go in the order in which they came. */
export interface PaceRule {
  perSecond: number;
  /** How many may go at once after a pause. */
  burst: number;
}

export interface Pace {
  /** Resolves when it is the caller's turn. */
  turn(): Promise<void>;
  /** The other side asked for a pause: nobody's turn comes before it is over, and nobody loses their place. */
  pause(ms: number): void;
}

export interface PaceClock {
  /** Milliseconds that only run forward. */
  now(): number;
  after(ms: number, then: () => void): void;
}

const realClock: PaceClock = {
  now: () => performance.now(),
  after: (ms, then) => void setTimeout(then, ms),
};

export function createPace({ perSecond, burst }: PaceRule, clock: PaceClock = realClock): Pace {
  const waiting: (() => void)[] = [];
  const every = 1000 / perSecond;
  let tokens = burst;
  let countedAt = clock.now();
  let pausedUntil = 0;
  let armed = false;

  const count = () => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + Math.max(0, now - countedAt) / every);
    countedAt = Math.max(countedAt, now);
  };
  const letGo = () => {
    count();
    while (waiting.length > 0 && tokens >= 1 && clock.now() >= pausedUntil) {
      tokens -= 1;
      waiting.shift()?.();
    }
    if (waiting.length === 0 || armed) return;
    armed = true;
    const wait = Math.max(pausedUntil - clock.now(), (1 - tokens) * every, 1);
    clock.after(Math.ceil(wait), () => {
      armed = false;
      letGo();
    });
  };
  return {
    turn: () =>
      new Promise((go) => {
        waiting.push(go);
        letGo();
      }),
    pause: (ms) => {
      count();
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      // What was saved up is spent: after the pause calls go one by one again. Counting begins when it is over.
      tokens = 0;
      countedAt = pausedUntil;
    },
  };
}

export const noPace: Pace = { turn: () => Promise.resolve(), pause: () => undefined };

/** RFC 9110, section 10.2.3: seconds, or a date. Null for anything else. At most a minute: what asks for more is tried again and asks again. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 60_000) : null;
}
