/**
 * Remote unblocking: a locked token far from the desk is opened once by an answer of the desk, and the administrator's PIN stays there.
 *
 * The desk has an SM2 pair for each token, derived from the administrator's PIN; the token keeps the public half. A second copy of the
 * storage key lies under a random slot key, and the slot key is encrypted to the desk. The challenge is a fresh public key of the token
 * with that ciphertext; the answer is the slot key, encrypted to the fresh key. So an answer opens nothing without the private key of the
 * one challenge that it was made for; the desk never sees the storage key; and with an unlocking the token renews slot key, ciphertext
 * and challenge by itself, so that whatever was known of the old ones opens nothing any more.
 *
 * Why no MAC under a shared key: a token whose keys are all sealed can check one only by a key that lies in it in clear, and then that
 * key unlocks. See docs/decisions/0024-remote-unblock.md.
 */
import { hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { XinyinError } from '#domain';
import { generateSm2KeyPair, privateKeyFromScalar, privateScalar, publicKeyFromPoint, publicPoint, sm2Decrypt, sm2Encrypt } from '#pki';
import type { UnblockSlot } from './content.js';
import { open, seal } from './pin.js';

const SLOT_KEY_LENGTH = 32;
const POINT_LENGTH = 65;
/** Order of the curve less two: private keys of SM2 are 1 … n − 2 (GB/T 32918.1, 6.1). */
const SCALARS = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n - 2n;
/** 128 bits more than the order has, so that no scalar is favoured noticeably. */
const DERIVED_LENGTH = 48;

/** The desk's private key for one token. */
export function unblockKeyOf(adminPin: string, serialNumber: string): KeyObject {
  const derived = Buffer.from(hkdfSync('sm3', adminPin, '', context(serialNumber), DERIVED_LENGTH));
  const scalar = (BigInt(`0x${derived.toString('hex')}`) % SCALARS) + 1n;
  return privateKeyFromScalar(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'));
}

/** @param deskKey either half: only the public one is used and kept */
export function newUnblockSlot(deskKey: KeyObject, serialNumber: string, storageKey: Buffer): UnblockSlot {
  const desk = publicPoint(deskKey);
  const slotKey = randomBytes(SLOT_KEY_LENGTH);
  const locked = sm2Encrypt(publicKeyFromPoint(desk), slotKey);
  const sealed = seal(slotKey, storageKey, context(serialNumber));
  slotKey.fill(0);
  return { desk: desk.toString('base64'), locked: locked.toString('base64'), sealed, waiting: null };
}

/** After an unlocking: nothing of the old slot is of use any more. Needs nobody at the desk. */
export const renewed = ({ desk }: UnblockSlot, serialNumber: string, storageKey: Buffer): UnblockSlot =>
  newUnblockSlot(publicKeyFromPoint(Buffer.from(desk, 'base64')), serialNumber, storageKey);

/** A challenge that was not answered yet is asked again: its answer may be on the way, and the code that brought it is spent. */
export function withChallenge(slot: UnblockSlot): { slot: UnblockSlot; challenge: string } {
  const waiting = slot.waiting ?? privateScalar(generateSm2KeyPair().privateKey).toString('base64');
  const asks = publicPoint(privateKeyFromScalar(Buffer.from(waiting, 'base64')));
  return { slot: { ...slot, waiting }, challenge: Buffer.concat([asks, Buffer.from(slot.locked, 'base64')]).toString('base64url') };
}

/** At the desk. A slot key that was encrypted to another token's key does not open. @throws XinyinError TOKEN_CHALLENGE_WRONG */
export function answerUnblockChallenge(deskKey: KeyObject, challenge: string): string {
  const bytes = Buffer.from(challenge, 'base64url');
  try {
    const asks = publicKeyFromPoint(bytes.subarray(0, POINT_LENGTH));
    return sm2Encrypt(asks, sm2Decrypt(deskKey, bytes.subarray(POINT_LENGTH))).toString('base64url');
  } catch {
    // Which part of it was wrong is nobody's business.
    throw new XinyinError('TOKEN_CHALLENGE_WRONG');
  }
}

/** The storage key; null when the answer is not to the challenge that waits. */
export function openWithAnswer({ waiting, sealed }: UnblockSlot, serialNumber: string, answer: string): Buffer | null {
  if (waiting === null) return null;
  try {
    const slotKey = sm2Decrypt(privateKeyFromScalar(Buffer.from(waiting, 'base64')), Buffer.from(answer, 'base64url'));
    return slotKey.length === SLOT_KEY_LENGTH ? open(slotKey, sealed, context(serialNumber)) : null;
  } catch {
    return null;
  }
}

const context = (serialNumber: string) => `${serialNumber}/unblock`;
