/** JSON lines to stdout. Only ids, codes and figures are logged; what slips into an object under a telling name is removed. */
import { pino, type Logger } from 'pino';

/** Names that tell of a person or a secret, alone or as the last part of a longer one (`agentPhone`). */
const NEVER = /(phone|password|code|pin|cookie|authorization|secret|identityNumber|name|recipient|address|text|parameters|detail)$/i;
/** Ends like one of those, and is none. */
const PLAIN = new Set(['errorCode', 'hostname']);
const MOBILE = /(?<!\d)1[3-9]\d{9}(?!\d)/g;
const REMOVED = '[removed]';
const DEEPEST = 5;
const FRAMES = 12;

export type { Logger };

export function createLogger(process: string, level = 'info'): Logger {
  return pino({
    name: process,
    level,
    base: { process },
    formatters: { log: (entry) => withoutPeople(entry, 0) },
    hooks: {
      logMethod(args, method) {
        const [first, ...rest] = args;
        const safe = rest.map((part: unknown) => (typeof part === 'string' ? part.replace(MOBILE, REMOVED) : part));
        // Given an error alone, pino would take its message for the line's.
        const entry: object | string =
          first instanceof Error ? { err: first } : typeof first === 'string' ? first.replace(MOBILE, REMOVED) : (first as object);
        method.apply(this, [entry, ...safe] as Parameters<typeof method>);
      },
    },
  });
}

function withoutPeople(entry: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]: [string, unknown]) => {
      if (NEVER.test(name) && !PLAIN.has(name)) return [name, REMOVED];
      if (typeof value === 'string') return [name, value.replace(MOBILE, REMOVED)];
      if (value instanceof Error) return [name, failure(value)];
      if (value instanceof Date || typeof value !== 'object' || value === null) return [name, value];
      return [name, depth >= DEEPEST ? REMOVED : withoutPeople(value, depth + 1)];
    }),
  );
}

/** A message may quote a row, a driver's error carries its parameters: the class and where it came from are enough. */
function failure(error: Error): object {
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { type: error.constructor.name, at: frames?.slice(0, FRAMES) };
}
