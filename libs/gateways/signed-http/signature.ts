/** The signature itself: one canonical text for a request, one for its answer, HMAC-SHA256 (RFC 2104) over each. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { XinyinError } from '#domain';

export const REQUEST_HEADERS = {
  key: 'x-xinyin-key',
  timestamp: 'x-xinyin-timestamp',
  nonce: 'x-xinyin-nonce',
  signature: 'x-xinyin-signature',
} as const;
export const ANSWER_HEADER = 'x-xinyin-answer-signature';

export interface RequestToSign {
  method: string;
  /** With its query, exactly as it stands in the request line. */
  path: string;
  body: string;
  keyId: string;
  secret: string;
  timestamp: Date;
  /** 16 to 64 letters, digits, `-` or `_`; a UUID will do. */
  nonce: string;
}

export type SignedHeaders = Record<'X-Xinyin-Key' | 'X-Xinyin-Timestamp' | 'X-Xinyin-Nonce' | 'X-Xinyin-Signature', string>;

export interface ReceivedRequest {
  method: string;
  path: string;
  /** As node gives them, names in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came: a body parsed and written again is another body. */
  rawBody: Buffer;
}

export interface Verification {
  secretFor(keyId: string): string | undefined | Promise<string | undefined>;
  now: () => Date;
  /** Answers false when this key has used the nonce before. It may be forgotten after `expiresAt`. */
  rememberNonce(keyId: string, nonce: string, expiresAt: Date): Promise<boolean>;
  /** How far the clocks of the two sides may lie apart. */
  windowSeconds?: number;
}

export function signRequest(request: RequestToSign): SignedHeaders {
  // Whole seconds: both sides write the same digits, whatever their clocks can resolve.
  const timestamp = String(Math.floor(request.timestamp.getTime() / 1000));
  const mac = requestMac(request.secret, { ...request, timestamp, body: Buffer.from(request.body, 'utf8') });
  return {
    'X-Xinyin-Key': request.keyId,
    'X-Xinyin-Timestamp': timestamp,
    'X-Xinyin-Nonce': request.nonce,
    'X-Xinyin-Signature': mac.toString('hex'),
  };
}

/** @throws XinyinError SIGNATURE_INVALID, SIGNATURE_EXPIRED, SIGNATURE_REPLAYED */
export async function verifySignedRequest(request: ReceivedRequest, verification: Verification): Promise<void> {
  const keyId = headerOf(request, REQUEST_HEADERS.key, /^[\x21-\x7e]{1,64}$/);
  const timestamp = headerOf(request, REQUEST_HEADERS.timestamp, /^\d{1,12}$/);
  const nonce = headerOf(request, REQUEST_HEADERS.nonce, /^[A-Za-z0-9_-]{16,64}$/);
  const signature = headerOf(request, REQUEST_HEADERS.signature, /^[0-9a-f]{64}$/);

  const secret = await verification.secretFor(keyId);
  // An unknown key costs the same work as a known one and gets the same answer: nobody can list keys by asking.
  const expected = requestMac(secret ?? 'no such key', {
    method: request.method,
    path: request.path,
    timestamp,
    nonce,
    body: request.rawBody,
  });
  const genuine = timingSafeEqual(expected, Buffer.from(signature, 'hex'));
  if (!genuine || secret === undefined) throw new XinyinError('SIGNATURE_INVALID');

  const windowMs = (verification.windowSeconds ?? 300) * 1000;
  const signedAt = Number(timestamp) * 1000;
  if (Math.abs(verification.now().getTime() - signedAt) > windowMs) throw new XinyinError('SIGNATURE_EXPIRED');

  // Last, so that only the holder of the secret can use a nonce up. After `expiresAt` the timestamp alone refuses a replay; the extra
  // second covers the fraction that the timestamp drops.
  const fresh = await verification.rememberNonce(keyId, nonce, new Date(signedAt + windowMs + 1000));
  if (!fresh) throw new XinyinError('SIGNATURE_REPLAYED');
}

/** Binds an answer to the request it answers: status, the nonce of the request, and the body. */
export function signAnswer(answer: { status: number; nonce: string; body: Buffer; secret: string }): string {
  const text = ['answer', String(answer.status), answer.nonce, sha256(answer.body)].join('\n');
  return createHmac('sha256', answer.secret).update(text, 'utf8').digest('hex');
}

export function isAnswerGenuine(
  answer: { status: number; nonce: string; body: Buffer; secret: string },
  signature: string | null,
): boolean {
  if (!signature || !/^[0-9a-f]{64}$/.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signAnswer(answer), 'hex'), Buffer.from(signature, 'hex'));
}

function requestMac(secret: string, parts: { method: string; path: string; timestamp: string; nonce: string; body: Buffer }): Buffer {
  const text = [parts.method.toUpperCase(), parts.path, parts.timestamp, parts.nonce, sha256(parts.body)].join('\n');
  return createHmac('sha256', secret).update(text, 'utf8').digest();
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function headerOf(request: ReceivedRequest, name: string, form: RegExp): string {
  const value = request.headers[name];
  // A header sent twice is an array or joined by a comma: either way it is not the one that was signed.
  if (typeof value !== 'string' || !form.test(value)) throw new XinyinError('SIGNATURE_INVALID');
  return value;
}
