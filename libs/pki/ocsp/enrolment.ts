/**
 * How a responder's request for a certificate is known to come from a responder. Both meet in the database, and whoever can write there
 * could put in a request of his own: so each bears a code that only the responder and the pki worker can compute.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ResponderRequest {
  readonly id: string;
  /** In the code, so that an old row cannot be passed off as a new one. */
  readonly madeAt: Date;
  /** PKCS#10, DER. */
  readonly request: Uint8Array;
}

/** HMAC (RFC 2104) with SM3; the first line keeps it apart from anything else that the secret might ever key. */
export function responderRequestCode(secret: string, { id, madeAt, request }: ResponderRequest): Buffer {
  const head = `xinyin/ocsp-responder-request\n${id}\n${madeAt.toISOString()}\n`;
  return createHmac('sm3', secret).update(head).update(request).digest();
}

export function isFromResponder(secret: string, request: ResponderRequest, code: Uint8Array): boolean {
  const expected = responderRequestCode(secret, request);
  return code.length === expected.length && timingSafeEqual(expected, code);
}
