/** What stands in a history is encrypted: AES-256-GCM, a fresh nonce each. Payloads from before it, and search attributes, pass as they are. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { XinyinError } from '#domain';
import type { Payload, PayloadCodec } from '@temporalio/common';

const ENCODING = Buffer.from('binary/xinyin-aes-256-gcm');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param key 32 bytes */
export function payloadCodec(key: Buffer): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(payload, key))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => (isSealed(payload) ? open(payload, key) : payload))),
  };
}

const isSealed = ({ metadata }: Payload): boolean => Buffer.from(metadata?.['encoding'] ?? []).equals(ENCODING);

function seal(payload: Payload, key: Buffer): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(packed(payload)), cipher.final()]);
  return { metadata: { encoding: ENCODING }, data: Buffer.concat([nonce, cipher.getAuthTag(), body]) };
}

/** @throws XinyinError INPUT_INVALID for what was not sealed with this key */
function open({ data }: Payload, key: Buffer): Payload {
  const bytes = Buffer.from(data ?? []);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return unpacked(plain);
  } catch {
    throw new XinyinError('INPUT_INVALID');
  }
}

/** A payload as JSON, bytes in base64: what the UI and the codec server exchange, too. */
export interface WirePayload {
  metadata?: Record<string, string> | undefined;
  data?: string | undefined;
}

export function toWire({ metadata, data }: Payload): WirePayload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')] as const);
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data ?? []).toString('base64') };
}

export function fromWire({ metadata = {}, data = '' }: WirePayload): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data, 'base64') };
}

const packed = (payload: Payload) => Buffer.from(JSON.stringify(toWire(payload)), 'utf8');
const unpacked = (plain: Buffer) => fromWire(JSON.parse(plain.toString('utf8')) as WirePayload);
