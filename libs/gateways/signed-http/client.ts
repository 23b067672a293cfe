/** One signed call to an outside system, and what its failures mean to us. */
import { randomUUID } from 'node:crypto';
import { XinyinError } from '#domain';
import { createPace, noPace, retryAfterMs, type Pace, type PaceRule } from './pace.js';
import { ANSWER_HEADER, isAnswerGenuine, signRequest } from './signature.js';

export type SystemName = 'sms' | 'sms2' | 'bank' | 'platform' | 'invoice' | 'courier';

/** One per outside system. `baseUrl` may hold a path; what is signed is the whole path. */
export interface GatewaySettings {
  baseUrl: string;
  keyId: string;
  secret: string;
  timeoutMs?: number;
  /** How fast this process may call it; absent: as fast as it likes. */
  pace?: PaceRule;
}

export interface SignedClient {
  readonly system: SystemName;
  /** The body of a genuine 2xx answer. Everything else is an XinyinError. */
  call(method: 'GET' | 'POST', path: string, message?: object): Promise<Buffer>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** After a 429 that does not say for how long. */
const DEFAULT_PAUSE_MS = 1_000;
/** A day's statement of a busy account is a few megabytes; more than this is not an answer but an accident. */
const LARGEST_ANSWER = 32 * 1024 * 1024;

export function openSignedClient(system: SystemName, settings: GatewaySettings, now: () => Date): SignedClient {
  const pace = settings.pace ? createPace(settings.pace) : noPace;
  return {
    system,
    async call(method, path, message) {
      const url = new URL(settings.baseUrl.replace(/\/$/, '') + path);
      const body = message === undefined ? '' : JSON.stringify(message);
      const inTurn = async () => {
        await pace.turn();
        // One deadline for the whole call, the quick retry and the reading of the body included.
        const signal = AbortSignal.timeout(settings.timeoutMs ?? DEFAULT_TIMEOUT_MS);
        const attempt = () => exchange({ system, settings, method, url, body, signal, now, pace });
        // A kept-alive connection may die under a request. The message is the same, so its idempotency key is too; the nonce is new.
        return attempt().catch((failure: unknown) => orThrow(failure, isReset, attempt));
      };
      // Whoever calls under a pace calls often, and would lose a place and every other call of the step for one that failed over there.
      return settings.pace ? inTurn().catch((failure: unknown) => orThrow(failure, failedThere, inTurn)) : inTurn();
    },
  };
}

const isReset = ({ params }: XinyinError) => params['reason'] === 'connection-reset';
/** A fault of the other side that may pass. One that asks for a pause gets it, from whoever tries again later. */
const failedThere = ({ params }: XinyinError) => Number(params['status']) >= 500 && params['retryAfterMs'] === undefined;

function orThrow<T>(failure: unknown, worthIt: (failure: XinyinError) => boolean, again: () => Promise<T>): Promise<T> {
  if (!(failure instanceof XinyinError) || !worthIt(failure)) throw failure;
  return again();
}

interface Exchange {
  system: SystemName;
  settings: GatewaySettings;
  method: string;
  url: URL;
  body: string;
  signal: AbortSignal;
  now: () => Date;
  pace: Pace;
}

async function exchange({ system, settings, method, url, body, signal, now, pace }: Exchange): Promise<Buffer> {
  const nonce = randomUUID();
  const { keyId, secret } = settings;
  const headers: Record<string, string> = {
    ...signRequest({ method, path: url.pathname + url.search, body, keyId, secret, timestamp: now(), nonce }),
    Accept: 'application/json, text/csv, application/problem+json',
  };
  if (body !== '') headers['Content-Type'] = 'application/json';

  let answer: { status: number; signature: string | null; retryAfter: string | null; body: Buffer };
  try {
    const response = await fetch(url, { method, headers, body: body === '' ? undefined : body, redirect: 'manual', signal });
    const { status, headers: said } = response;
    answer = { status, signature: said.get(ANSWER_HEADER), retryAfter: said.get('Retry-After'), body: await readAll(response) };
  } catch (failure) {
    // The cause is left out on purpose: it can carry the address with its query.
    throw new XinyinError('GATEWAY_UNAVAILABLE', { params: { system, reason: reasonOf(failure, signal) } });
  }

  const { status } = answer;
  const genuine = isAnswerGenuine({ status, nonce, body: answer.body, secret }, answer.signature);
  // Not only from the system itself: a proxy in between answers 502 or 429 and cannot sign. Trying again is harmless either way.
  if (status >= 500 || status === 429 || status === 408) {
    const pause = retryAfterMs(answer.retryAfter, now());
    // Asked to slow down, everything that goes to this system does, not only the call that was told.
    if (status === 429) pace.pause(pause ?? DEFAULT_PAUSE_MS);
    throw new XinyinError('GATEWAY_UNAVAILABLE', { params: { system, status, ...(pause === null ? {} : { retryAfterMs: pause }) } });
  }
  if (status >= 400) {
    const reason = genuine ? codeIn(answer.body) : 'unsigned';
    throw new XinyinError('GATEWAY_REFUSED', { params: { system, status, reason } });
  }
  if (status < 200 || status >= 300) throw new XinyinError('GATEWAY_CONTRACT', { params: { system, status, reason: 'status' } });
  if (!genuine) throw new XinyinError('GATEWAY_CONTRACT', { params: { system, status, reason: 'answer-signature' } });
  return answer.body;
}

async function readAll(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!response.body) return Buffer.alloc(0);
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER) throw Object.assign(new Error('answer too large'), { code: 'ANSWER_TOO_LARGE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The connection was made and then broken: the only failure where trying at once again makes sense. */
const RESETS = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function reasonOf(failure: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'timeout';
  const codes = codesOf(failure);
  if (codes.some((code) => RESETS.has(code))) return 'connection-reset';
  return codes.includes('ANSWER_TOO_LARGE') ? 'answer-too-large' : 'network';
}

/** fetch wraps what happened: the code stands on a cause, two or three levels down. */
function codesOf(failure: unknown): string[] {
  const codes: string[] = [];
  for (let each = failure; typeof each === 'object' && each !== null; each = 'cause' in each ? each.cause : null) {
    if ('code' in each && typeof each.code === 'string') codes.push(each.code);
  }
  return codes;
}

/** The code a refusal names (RFC 9457 with our `code` member), if it looks like one; any other text could carry personal data. */
function codeIn(body: Buffer): string {
  try {
    const problem: unknown = JSON.parse(body.toString('utf8'));
    const code = typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined;
    return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'unnamed';
  } catch {
    return 'unnamed';
  }
}
