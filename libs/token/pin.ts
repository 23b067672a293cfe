/**
 * What a PIN protects. The token's keys are sealed under one random storage key; the storage key is sealed twice, under the user's PIN
 * and under the administrator's. So a change of PIN seals 32 bytes anew and never touches a key, and whether a PIN is right is decided
 * by the seal alone: no digest of a PIN is kept.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { fieldError } from '#domain';

/** Kept in the file beside each PIN, so that the cost can rise for new tokens without locking out old ones. */
export interface ScryptCost {
  cost: number;
  blockSize: number;
  parallelization: number;
}

/** 50 to 100 ms and 32 MB a try on one core: a dictionary of eight-digit PINs takes months, not minutes, should the file be stolen. */
export const DEFAULT_COST: ScryptCost = { cost: 2 ** 15, blockSize: 8, parallelization: 1 };

const KEY_LENGTH = 32;
const SALT_LENGTH = 16;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** SKF leaves the length to the vendor; six to sixteen visible ASCII characters is what tokens take. */
const PIN_LENGTH = { min: 6, max: 16 } as const;

/** @throws XinyinError INPUT_INVALID: for a PIN that is being set; a PIN that is being tried is right or wrong, nothing else */
export function checkNewPin(pin: string): void {
  if (pin.length < PIN_LENGTH.min || pin.length > PIN_LENGTH.max) throw fieldError('pin', 'FIELD_RANGE', PIN_LENGTH);
  if (!/^[\x21-\x7e]+$/.test(pin)) throw fieldError('pin', 'FIELD_FORMAT');
}

export const newStorageKey = () => randomBytes(KEY_LENGTH);

export interface PinSeal {
  salt: string;
  scrypt: ScryptCost;
  sealed: string;
}

export function sealUnderPin(pin: string, storageKey: Buffer, context: string, scrypt: ScryptCost): PinSeal {
  const salt = randomBytes(SALT_LENGTH);
  const key = deriveKey(pin, salt, scrypt);
  const sealed = seal(key, storageKey, context);
  key.fill(0);
  return { salt: salt.toString('base64'), scrypt, sealed };
}

/** The storage key, or null when the PIN is wrong. */
export function openWithPin(pin: string, { salt, scrypt, sealed }: PinSeal, context: string): Buffer | null {
  const key = deriveKey(pin, Buffer.from(salt, 'base64'), scrypt);
  const opened = open(key, sealed, context);
  key.fill(0);
  return opened;
}

function deriveKey(pin: string, salt: Buffer, { cost, blockSize, parallelization }: ScryptCost): Buffer {
  // scrypt needs 128·N·r bytes (RFC 7914, 2); Node refuses more than `maxmem`, whose default is just below what we ask.
  return scryptSync(pin, salt, KEY_LENGTH, { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize });
}

/** AES-256-GCM as base64 of iv ‖ tag ‖ ciphertext. `context` says what it is, so that a sealed value moved elsewhere does not open. */
export function seal(key: Buffer, plain: Buffer, context: string): string {
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), data]).toString('base64');
}

/** Null when the key is another one or the value was touched. */
export function open(key: Buffer, sealed: string, context: string): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < IV_LENGTH + TAG_LENGTH) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_LENGTH), { authTagLength: TAG_LENGTH });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_LENGTH + TAG_LENGTH)), decipher.final()]);
  } catch {
    return null;
  }
}
