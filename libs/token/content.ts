/** What a token file holds. Everything in clear here is public: serial, label, counts, public keys, certificates, the seal. */
import { z } from 'zod';
import { XinyinError } from '#domain';

const base64 = z.base64();

const pinSlot = z.strictObject({
  limit: z.int().min(1).max(15),
  left: z.int().min(0).max(15),
  salt: base64,
  scrypt: z.strictObject({
    cost: z
      .int()
      .min(2)
      .max(2 ** 20),
    blockSize: z.int().min(1).max(32),
    parallelization: z.int().min(1).max(16),
  }),
  /** The storage key under this PIN. */
  sealed: base64,
});

const keySlot = z.strictObject({
  /** SubjectPublicKeyInfo, DER. */
  publicKey: base64,
  /** PKCS#8 under the storage key. */
  sealed: base64,
  certificate: base64.nullable(),
});

/** A second copy of the storage key, for the desk alone to open from afar (remote-unblock.ts). */
const unblockSlot = z.strictObject({
  /** The desk's public key for this token: a point, 65 bytes. */
  desk: base64,
  /** The slot key, encrypted to the desk: SM2Cipher, DER. */
  locked: base64,
  /** The storage key under the slot key. */
  sealed: base64,
  /** The private key of the challenge that waits for its answer: a scalar, 32 bytes. Inside a USB key nobody reads it. */
  waiting: base64.nullable(),
});

const container = z.strictObject({ signing: keySlot, encryption: keySlot.nullable(), seal: base64.nullable() });

const tokenContent = z.strictObject({
  format: z.literal('xinyin-token/1'),
  serialNumber: z.string(),
  label: z.string(),
  /** The user still has the PIN that every token is delivered with. */
  initialPin: z.boolean(),
  pins: z.strictObject({ user: pinSlot, admin: pinSlot }),
  /** None on tokens that were made before there was such a thing; they get it when they next come to the desk. */
  unblock: unblockSlot.nullable().default(null),
  containers: z.record(z.string(), container),
});

export type PinSlot = z.infer<typeof pinSlot>;
export type PinRole = 'user' | 'admin';
export type UnblockSlot = z.infer<typeof unblockSlot>;
export type KeySlot = z.infer<typeof keySlot>;
export type KeyRole = 'signing' | 'encryption';
export type Container = z.infer<typeof container>;
export type TokenContent = z.infer<typeof tokenContent>;

/** @throws XinyinError TOKEN_CONTENT: a file that is no token is never repaired, it may be somebody's only key */
export function parseTokenContent(text: string, serialNumber: string): TokenContent {
  try {
    const content = tokenContent.parse(JSON.parse(text));
    if (content.serialNumber === serialNumber) return content;
  } catch {
    // The cause would quote the file.
  }
  throw new XinyinError('TOKEN_CONTENT');
}
