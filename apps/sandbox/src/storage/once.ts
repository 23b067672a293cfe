/** The other side's half of an idempotency key: the same key is worked on once and answered the same for ever; for other content it is refused. */
import { createHash } from 'node:crypto';
import { Refusal } from '../machine/refusal.js';

export interface Once<Result> {
  run(key: string, content: object, work: (fingerprint: string) => Promise<Result>): Promise<Result>;
  /** From the journal, at the start. */
  restore(key: string, fingerprint: string, result: Result): void;
}

export function createOnce<Result>(): Once<Result> {
  const known = new Map<string, { fingerprint: string; result: Promise<Result> }>();
  return {
    restore: (key, fingerprint, result) => void known.set(key, { fingerprint, result: Promise.resolve(result) }),
    run: (key, content, work) => {
      const fingerprint = createHash('sha256').update(JSON.stringify(content)).digest('hex');
      const before = known.get(key);
      if (before && before.fingerprint !== fingerprint) return Promise.reject(new Refusal(409, 'IDEMPOTENCY_KEY_REUSED'));
      if (before) return before.result;
      // Noted before the work is done: a second call during a slow one waits for it instead of doing it again.
      const result = work(fingerprint);
      known.set(key, { fingerprint, result });
      result.catch(() => known.delete(key));
      return result;
    },
  };
}
