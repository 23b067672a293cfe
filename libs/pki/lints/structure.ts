/** The frame of the certificate: encoding, version, serial number, algorithm. */
import { OID } from '../oids.js';
import { ALL, type Lint } from './lint.js';
import { identifier, type Node } from './reading.js';

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const SET = 0x31;

/** Header in the fewest bytes, X.690, 10.1. */
function header(tag: number, length: number): number[] {
  if (length < 0x80) return [tag, length];
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return [tag, 0x80 | bytes.length, ...bytes];
}

/** A value as DER would write it: X.690, 11.1 (TRUE is FF), 8.3.2 (INTEGER in the fewest bytes), 11.2.1 (unused bits are zero). */
function primitive({ tag, content }: Node): Buffer {
  const [first = 0, second = 0] = content;
  if (tag === BOOLEAN) return Buffer.from([first === 0 ? 0x00 : 0xff]);
  if (tag === INTEGER)
    return content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)) ? content.subarray(1) : content;
  if (tag !== BIT_STRING || first === 0) return content;
  const cleared = Buffer.from(content);
  cleared[cleared.length - 1] = (cleared[cleared.length - 1] ?? 0) & (0xff << first);
  return cleared;
}

/** X.690, 11.6: the members of a SET OF stand in the order of their encodings. */
const isOrdered = ({ tag, items }: Node) =>
  tag !== SET || items.every((item, index) => Buffer.compare(items[index - 1]?.bytes ?? item.bytes, item.bytes) <= 0);

/** Writes what was read anew and compares; what differs was not DER. */
function canonicalLength(node: Node): number | null {
  const parts = node.items.map(canonicalLength);
  if (parts.includes(null) || !isOrdered(node)) return null;
  const constructed = node.items.length > 0;
  const length = constructed ? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0) : primitive(node).length;
  const head = header(node.tag, length);
  const sameHead = head.every((byte, index) => node.bytes[index] === byte) && node.bytes.length === head.length + length;
  return sameHead && (constructed || primitive(node).equals(node.content)) ? node.bytes.length : null;
}

export const structureLints: readonly Lint[] = [
  {
    id: 'der-canonical',
    source: 'RFC 5280, 4.1; X.690, 10 and 11',
    appliesTo: ALL,
    check: ({ whole, extensions }) =>
      canonicalLength(whole) !== null && extensions.every(({ value, minimal }) => minimal && canonicalLength(value) !== null),
  },
  {
    id: 'version-3',
    source: 'RFC 5280, 4.1.2.1',
    appliesTo: ALL,
    check: ({ version }) => version !== undefined && Number(`0x${version.content.toString('hex')}`) === 2,
  },
  {
    id: 'serial-positive',
    source: 'RFC 5280, 4.1.2.2',
    appliesTo: ALL,
    check: ({ serial }) => (serial.content[0] ?? 0x80) < 0x80 && serial.content.some((byte) => byte !== 0),
  },
  {
    id: 'serial-length',
    source: 'RFC 5280, 4.1.2.2',
    appliesTo: ALL,
    check: ({ serial }) => serial.content.length <= 20,
  },
  {
    // A number of 16 random bytes with fewer than 6 different ones does not happen in the life of an authority; a counter always has.
    id: 'serial-entropy',
    source: 'CA/Browser Forum Baseline Requirements, 7.1: at least 64 bits from a CSPRNG',
    appliesTo: ALL,
    check: ({ serial }) => serial.content.length >= 9 && new Set(serial.content).size >= 6,
  },
  {
    id: 'signature-algorithm',
    source: 'RFC 5280, 4.1.2.3; GM/T 0006: 1.2.156.10197.1.501',
    appliesTo: ALL,
    check: ({ algorithm }) => algorithm.items[0] !== undefined && identifier(algorithm.items[0]) === OID.sm2WithSm3,
  },
  {
    id: 'signature-algorithm-bare',
    source: 'RFC 5758, 3.2, kept for SM2 alike: no parameters',
    appliesTo: ALL,
    check: ({ algorithm }) => algorithm.items.length === 1,
  },
  {
    id: 'no-unique-identifiers',
    source: 'RFC 5280, 4.1.2.8',
    appliesTo: ALL,
    check: ({ uniqueIdentifiers }) => uniqueIdentifiers.length === 0,
  },
];
