/**
 * At the start of the pki worker, responders are certified without waiting for the Schedule: at once, and again for a minute, since on
 * one machine a responder is starting at the same moment.
 */
import { setTimeout } from 'node:timers/promises';
import type { Logger } from '#observability';

const LOOK_EVERY_MS = 2_000;
const LOOKS = 30;

/** @returns what ends it, and waits until it has ended */
export function certifyAtStart(certify: () => Promise<object>, log: Logger): () => Promise<void> {
  const ended = new AbortController();
  const looks = async () => {
    for (let look = 0; look < LOOKS && !ended.signal.aborted; look += 1) {
      await certify().catch((error: unknown) => log.warn({ err: error }, 'responders could not be certified'));
      await setTimeout(LOOK_EVERY_MS, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    }
  };
  const looking = looks();
  return async () => {
    ended.abort();
    await looking;
  };
}
