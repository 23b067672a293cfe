/** What a system refuses, in its own words: these codes belong to the outside world and are not in Xinyin's table. */
import { XinyinError, errorTable } from '#domain';

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(code);
    this.name = 'Refusal';
  }
}

/** RFC 9457. Never names a value: the caller sent it and knows it. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  code: string;
  errors?: readonly { field: string; code: string }[];
}

export function problemOf(failure: unknown): Problem {
  if (failure instanceof Refusal) return { type: 'about:blank', title: failure.code, status: failure.status, code: failure.code };
  if (failure instanceof XinyinError) {
    const { code, fields } = failure;
    return {
      type: 'about:blank',
      title: errorTable[code].en,
      status: errorTable[code].status,
      code,
      errors: fields.length ? fields : undefined,
    };
  }
  // A body that is no JSON or too large: express says so by a status of its own.
  const status = typeof failure === 'object' && failure !== null && 'status' in failure ? Number(failure.status) : 500;
  if (status >= 400 && status < 500) return { type: 'about:blank', title: 'Bad request', status, code: 'BODY_MALFORMED' };
  return { type: 'about:blank', title: errorTable.INTERNAL.en, status: 500, code: 'INTERNAL' };
}
