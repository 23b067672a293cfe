/** A key of an authority or a responder. A port: a faster or better guarded signer takes the place of the one in this process. */
import type { KeyObject } from 'node:crypto';
import { sm2Sign } from './sm2.js';

export interface Signer {
  readonly publicKey: KeyObject;
  /** DER SEQUENCE { r, s }, SM2 with SM3 under the standard signer id. */
  sign(message: Buffer): Buffer;
}

export function keySigner(privateKey: KeyObject, publicKey: KeyObject): Signer {
  return { publicKey, sign: (message) => sm2Sign(privateKey, message) };
}
