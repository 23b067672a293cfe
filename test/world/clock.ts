/** The clock of an office for tests: runs as the wall's does, from wherever a test has set it. */
export interface Clock {
  now: () => Date;
  set(at: Date): void;
  forward(ms: number): void;
  /** Stands still at this instant until it is set again. */
  stopAt(at: Date): void;
}

export function createClock(): Clock {
  let shift = 0;
  let stopped: Date | null = null;
  const now = () => stopped ?? new Date(Date.now() + shift);
  const set = (at: Date) => {
    stopped = null;
    shift = at.getTime() - Date.now();
  };
  return { now, set, forward: (ms) => set(new Date(now().getTime() + ms)), stopAt: (at) => void (stopped = at) };
}
