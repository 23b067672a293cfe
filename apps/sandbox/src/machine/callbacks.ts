/** Calls from the outside world to our API: signed, in the order given unless told otherwise, and repeated with growing pauses until the API has taken them. */
import { randomUUID } from 'node:crypto';
import { signRequest } from '#gateways';

export interface CallbackTarget {
  url: string;
  keyId: string;
  secret: string;
}

export interface Callbacks {
  send(id: string, message: object): void;
  close(): void;
}

export interface CallbackOptions {
  target: CallbackTarget | undefined;
  now: () => Date;
  onAccepted: (id: string) => void;
  /** Pause before the attempt after `failed` failures. */
  pauseMs: (failed: number) => number;
  /** How many may be under way side by side, where their order means nothing: 1, unless said. */
  atOnce?: number;
}

const TIMEOUT_MS = 10_000;
export const growingPause = (failed: number) => Math.min(500 * 2 ** (failed - 1), 30_000);

export function createCallbacks({ target, now, onAccepted, pauseMs, atOnce = 1 }: CallbackOptions): Callbacks {
  const ending = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const lines = Array.from({ length: atOnce }, () => Promise.resolve());
  let given = 0;

  const attempt = async (id: string, body: string, failed: number): Promise<void> => {
    if (!target || ending.signal.aborted) return;
    if (await post(target, body, now(), ending.signal)) return onAccepted(id);
    if (ending.signal.aborted) return;
    // Its pause does not hold up the others: what the API refuses must not stop what it would take.
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        enqueue(id, body, failed + 1);
      },
      pauseMs(failed + 1),
    );
    timers.add(timer);
  };
  const enqueue = (id: string, body: string, failed: number) => {
    const line = given % atOnce;
    given += 1;
    lines[line] = (lines[line] ?? Promise.resolve()).then(() => attempt(id, body, failed)).catch(() => undefined);
  };

  return {
    send: (id, message) => enqueue(id, JSON.stringify(message), 0),
    close: () => {
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

async function post(target: CallbackTarget, body: string, timestamp: Date, ending: AbortSignal): Promise<boolean> {
  const { keyId, secret } = target;
  const url = new URL(target.url);
  const signed = signRequest({ method: 'POST', path: url.pathname + url.search, body, keyId, secret, timestamp, nonce: randomUUID() });
  try {
    const signal = AbortSignal.any([ending, AbortSignal.timeout(TIMEOUT_MS)]);
    const headers = { ...signed, 'Content-Type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
