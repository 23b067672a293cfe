/**
 * SM2 public-key encryption (GB/T 32918.4), written as SM2Cipher of GB/T 35276. Node has no such call: the ephemeral key and SM3 are
 * OpenSSL's, and only the point multiplication is sm-crypto-v2's, which is loaded at first use because few processes need it.
 */
import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import { XinyinError } from '#domain';
import { integer, octetString, sequence, sequenceOf, TAG, unsigned } from './der.js';
import { generateSm2KeyPair, privateScalar, publicKeyFromPoint, publicPoint, sm3 } from './sm2.js';

type SmCrypto = typeof import('sm-crypto-v2');
let loaded: SmCrypto | undefined;

/** The point d·P as 64 bytes, x ‖ y. */
function multiply(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  loaded ??= createRequire(import.meta.url)('sm-crypto-v2') as SmCrypto;
  const shared = loaded.sm2.ecdh(privateScalar(privateKey).toString('hex'), publicPoint(publicKey).toString('hex'), false);
  return Buffer.from(shared).subarray(1);
}

/** KDF of GB/T 32918.4, 5.4.3: SM3(shared ‖ counter), counter from 1, cut to length. */
function deriveStream(shared: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  const counter = Buffer.alloc(4);
  for (let block = 1; blocks.length * 32 < length; block += 1) {
    counter.writeUInt32BE(block);
    blocks.push(sm3(shared, counter));
  }
  return Buffer.concat(blocks, length);
}

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}

/** C3 of GB/T 32918.4, 6.1: SM3(x2 ‖ message ‖ y2). */
const digest = (shared: Buffer, message: Uint8Array) => sm3(shared.subarray(0, 32), message, shared.subarray(32));

/** DER SM2Cipher { x, y, hash, cipher }. */
export function sm2Encrypt(publicKey: KeyObject, plaintext: Uint8Array): Buffer {
  if (plaintext.length === 0) throw new XinyinError('INPUT_INVALID', { fields: [{ field: 'plaintext', code: 'FIELD_REQUIRED' }] });
  for (;;) {
    const ephemeral = generateSm2KeyPair();
    const shared = multiply(ephemeral.privateKey, publicKey);
    const stream = deriveStream(shared, plaintext.length);
    // GB/T 32918.4, 6.1 A5: a stream of zeros would send the message in clear; take another ephemeral key.
    if (stream.every((byte) => byte === 0)) continue;
    const point = publicPoint(ephemeral.publicKey);
    return sequence(
      integer(point.subarray(1, 33)),
      integer(point.subarray(33)),
      octetString(digest(shared, plaintext)),
      octetString(xor(plaintext, stream)),
    );
  }
}

/** Refuses a point off the curve and a message whose hash does not fit, in the same words: an attacker learns nothing from the difference. */
export function sm2Decrypt(privateKey: KeyObject, cipher: Uint8Array): Buffer {
  const refused = (cause?: unknown) => new XinyinError('INPUT_INVALID', { fields: [{ field: 'cipher', code: 'FIELD_FORMAT' }], cause });
  try {
    const [x, y, hash, content] = sequenceOf(cipher, [TAG.integer, TAG.integer, TAG.octetString, TAG.octetString]);
    if (!x || !y || !hash || !content || content.content.length === 0) throw refused();
    const shared = multiply(privateKey, publicKeyFromPoint(Buffer.concat([Buffer.from([0x04]), unsigned(x, 32), unsigned(y, 32)])));
    const plaintext = xor(content.content, deriveStream(shared, content.content.length));
    if (hash.content.length !== 32 || !timingSafeEqual(hash.content, digest(shared, plaintext))) throw refused();
    return plaintext;
  } catch (cause) {
    throw cause instanceof XinyinError ? refused(cause.cause) : refused(cause);
  }
}
