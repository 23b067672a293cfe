/** Does something again and again. One that takes long is not overtaken by the next; ended, it is waited for. */
export interface Repeating {
  /** Begins no more, and resolves when what is under way has ended: afterwards nothing of it asks a database or an engine. */
  end(): Promise<void>;
}

/** @param work is told when it should come to its end, between two steps of its own */
export function every(ms: number, work: (ending: AbortSignal) => Promise<unknown>, failed: (error: unknown) => void): Repeating {
  const ending = new AbortController();
  let underWay: Promise<void> | null = null;
  const timer = setInterval(() => {
    underWay ??= work(ending.signal)
      .then(() => undefined, failed)
      .finally(() => (underWay = null));
  }, ms);
  return {
    end: async () => {
      clearInterval(timer);
      ending.abort();
      await underWay;
    },
  };
}
