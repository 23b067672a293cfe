/** How the bank signs a push, by the words of its contract and not by our own code. */
import { createHash, createHmac, randomUUID } from 'node:crypto';

export interface Signing {
  keyId?: string;
  secret?: string;
  at?: Date;
  nonce?: string;
  path?: string;
}

/** Method, path, seconds, nonce and the hash of the body, a line each; HMAC-SHA256 in hex. */
export function bankSignature(
  body: string | Buffer,
  { keyId, secret, at, nonce = randomUUID(), path }: Signing & { keyId: string; secret: string; at: Date; path: string },
): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const text = ['POST', path, seconds, nonce, createHash('sha256').update(body).digest('hex')].join('\n');
  return {
    'X-Xinyin-Key': keyId,
    'X-Xinyin-Timestamp': seconds,
    'X-Xinyin-Nonce': nonce,
    'X-Xinyin-Signature': createHmac('sha256', secret).update(text).digest('hex'),
  };
}
