/** Writes and reads the few DER forms (X.690) that certificates, requests and key envelopes need. Reading is strict: what is not DER is refused. */
import { refusal } from './refusal.js';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element as it stands in its buffer: `content` is its value, `bytes` the whole of it. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  if (length < 0x10000) return Buffer.from([0x82, length >> 8, length & 0xff]);
  return Buffer.from([0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}

export function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const content of contents) length += content.length;
  return Buffer.concat([Buffer.from([tag]), lengthBytes(length), ...contents]);
}

export const sequence = (...items: readonly Uint8Array[]) => tlv(TAG.sequence, ...items);
export const setOf = (...items: readonly Uint8Array[]) => tlv(TAG.set, ...[...items].sort(Buffer.compare));
export const octetString = (content: Uint8Array) => tlv(TAG.octetString, content);
export const bitString = (content: Uint8Array, unusedBits = 0) => tlv(TAG.bitString, Buffer.from([unusedBits]), content);
export const nullValue = () => tlv(TAG.null);
export const boolean = (value: boolean) => tlv(TAG.boolean, Buffer.from([value ? 0xff : 0x00]));
export const utf8String = (text: string) => tlv(TAG.utf8, Buffer.from(text, 'utf8'));
export const printableString = (text: string) => tlv(TAG.printable, Buffer.from(text, 'ascii'));
export const enumerated = (value: number) => tlv(TAG.enumerated, Buffer.from([value]));
export const explicit = (number: number, content: Uint8Array) => tlv(0xa0 | number, content);

/** INTEGER of an unsigned big-endian number, in the fewest bytes that keep it positive. */
export function integer(value: Uint8Array | number): Buffer {
  const bytes = typeof value === 'number' ? numberBytes(value) : value;
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = bytes.length === 0 ? Buffer.from([0]) : bytes.subarray(start);
  return (trimmed[0] ?? 0) & 0x80 ? tlv(TAG.integer, Buffer.from([0]), trimmed) : tlv(TAG.integer, trimmed);
}

function numberBytes(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

const oidBytes = new Map<string, Buffer>();

export function oid(dotted: string): Buffer {
  const known = oidBytes.get(dotted);
  if (known) return known;
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  const encoded = tlv(TAG.oid, Buffer.from(bytes));
  oidBytes.set(dotted, encoded);
  return encoded;
}

/** GeneralizedTime in UTC and whole seconds, without fractions (RFC 5280, 4.1.2.5.2). */
export function generalizedTime(at: Date): Buffer {
  const text = at.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return tlv(TAG.generalizedTime, Buffer.from(`${text}Z`));
}

/** Time as RFC 5280, 4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050, both in UTC and whole seconds. */
export function validityTime(at: Date): Buffer {
  const general = generalizedTime(at);
  return at.getUTCFullYear() < 2050 ? tlv(TAG.utcTime, general.subarray(4)) : general;
}

const malformed = () => refusal('der');

/** The element that starts at `offset`. Refuses indefinite and non-minimal lengths (X.690, 10.1) and what runs past the end. */
export function elementAt(bytes: Buffer, offset: number): Element {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw malformed();
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 3 || start + count > bytes.length) throw malformed();
    length = bytes.readUIntBE(start, count);
    start += count;
    if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw malformed();
  }
  const end = start + length;
  if (end > bytes.length) throw malformed();
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(offset, end) };
}

/** All elements of a constructed value, without a byte left over. */
export function elements(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let offset = 0; offset < content.length;) {
    const element = elementAt(content, offset);
    found.push(element);
    offset += element.bytes.length;
  }
  return found;
}

/** The one element that fills the whole buffer, which must bear `tag`. */
export function only(bytes: Uint8Array, tag: number): Element {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = elementAt(buffer, 0);
  if (element.tag !== tag || element.bytes.length !== buffer.length) throw malformed();
  return element;
}

/** The items of a SEQUENCE that fills the whole buffer and whose items bear exactly these tags. */
export function sequenceOf(bytes: Uint8Array, tags: readonly number[]): Element[] {
  const items = elements(only(bytes, TAG.sequence).content);
  if (items.length !== tags.length || items.some((item, index) => item.tag !== tags[index])) throw malformed();
  return items;
}

/** The value of a non-negative INTEGER as `size` bytes. */
export function unsigned(element: Element, size: number): Buffer {
  const { content } = element;
  const [first, second] = content;
  const padded = first === 0 && content.length > 1;
  if (element.tag !== TAG.integer || first === undefined || first & 0x80 || (padded && !((second ?? 0) & 0x80))) throw malformed();
  const value = padded ? content.subarray(1) : content;
  if (value.length > size) throw malformed();
  return Buffer.concat([Buffer.alloc(size - value.length), value]);
}

/** The bytes of a BIT STRING that has no unused bits. */
export function wholeBits(element: Element): Buffer {
  if (element.tag !== TAG.bitString || element.content[0] !== 0) throw malformed();
  return element.content.subarray(1);
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function oidText(element: Element): string {
  const { content } = element;
  const last = content[content.length - 1];
  if (element.tag !== TAG.oid || last === undefined || last & 0x80) throw malformed();
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0) arcs.push(...(arc < 80 ? [Math.floor(arc / 40), arc % 40] : [2, arc - 80]));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** The instant of a UTCTime or GeneralizedTime in the one form RFC 5280, 4.1.2.5 allows. */
export function timeOf(element: Element): Date {
  const text = element.content.toString('latin1');
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime) throw malformed();
  // RFC 5280, 4.1.2.5.1: two-digit years from 50 on are of the twentieth century.
  const full = element.tag === TAG.generalizedTime ? text : `${text < '50' ? '20' : '19'}${text}`;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at.getTime())) throw malformed();
  return at;
}
