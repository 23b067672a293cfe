/**
 * The key management centre (KMC): makes encryption key pairs and keeps them, so that an organisation that loses its token can still read
 * what was encrypted to it. A kept key is encrypted under the master key of the centre and may be stored anywhere.
 */
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { envelopeKey } from './enveloped-key.js';
import { refusal } from './refusal.js';
import { generateSm2KeyPair, privateKeyFromScalar, privateScalar, publicPoint } from './sm2.js';

const VERSION = Buffer.from([0x01]);
const POINT_END = 1 + 65;
const IV_END = POINT_END + 12;
const TAG_END = IV_END + 16;
const ESCROW_LENGTH = TAG_END + 32;

export interface EncryptionKeys {
  /** `escrow` is what has to be stored; the key is nowhere else. */
  generate(): { publicKey: KeyObject; escrow: Buffer };
  /** The kept key as SM2EnvelopedKey for the holder of that signing key. */
  envelope(escrow: Uint8Array, signingPublicKey: KeyObject): Buffer;
}

/** version ‖ public point ‖ IV ‖ tag ‖ AES-256-GCM(scalar); what stands in clear is authenticated. */
function keep(masterKey: Buffer, privateKey: KeyObject): Buffer {
  const head = Buffer.concat([VERSION, publicPoint(privateKey)]);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(head);
  const scalar = Buffer.concat([cipher.update(privateScalar(privateKey)), cipher.final()]);
  return Buffer.concat([head, iv, cipher.getAuthTag(), scalar]);
}

function recover(masterKey: Buffer, escrow: Buffer): KeyObject {
  if (escrow.length !== ESCROW_LENGTH || escrow[0] !== VERSION[0]) throw refusal('escrow');
  const decipher = createDecipheriv('aes-256-gcm', masterKey, escrow.subarray(POINT_END, IV_END));
  decipher.setAAD(escrow.subarray(0, POINT_END)).setAuthTag(escrow.subarray(IV_END, TAG_END));
  try {
    const privateKey = privateKeyFromScalar(Buffer.concat([decipher.update(escrow.subarray(TAG_END)), decipher.final()]));
    if (publicPoint(privateKey).equals(escrow.subarray(1, POINT_END))) return privateKey;
  } catch (cause) {
    throw refusal('escrow', cause);
  }
  throw refusal('escrow');
}

export function keyManagementCentre(masterKey: Buffer): EncryptionKeys {
  return {
    generate() {
      const { privateKey, publicKey } = generateSm2KeyPair();
      return { publicKey, escrow: keep(masterKey, privateKey) };
    },
    envelope: (escrow, signingPublicKey) => envelopeKey(recover(masterKey, Buffer.from(escrow)), signingPublicKey),
  };
}
