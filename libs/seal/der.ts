/**
 * The DER (X.690) that a seal is made of. Reading is strict, because a seal is signed as bytes: a second encoding of the same value, a
 * byte left over or a field too many is refused, so what was read is always exactly what was signed.
 */
import { fieldError } from '#domain';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(length), ...contents]);
}

function lengthBytes(length: number): Buffer {
  return length < 0x80 ? Buffer.from([length]) : Buffer.from([0x80 | bigEndian(length).length, ...bigEndian(length)]);
}

function bigEndian(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

export const write = {
  sequence: (...items: readonly Uint8Array[]) => element(TAG.sequence, ...items),
  /** A non-negative number; the leading zero keeps it from reading as a negative one. */
  integer(value: number) {
    const bytes = bigEndian(value);
    return element(TAG.integer, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
  },
  octets: (content: Uint8Array) => element(TAG.octetString, content),
  bits: (content: Uint8Array) => element(TAG.bitString, Buffer.of(0), content),
  utf8: (text: string) => element(TAG.utf8, Buffer.from(text, 'utf8')),
  ia5: (text: string) => element(TAG.ia5, Buffer.from(text, 'latin1')),
  /** Whole seconds in UTC, X.690 11.7. */
  time: (at: Date) => element(TAG.generalizedTime, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`, 'latin1')),
  oid(dotted: string) {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return element(TAG.oid, Buffer.from([first * 40 + second, ...rest].flatMap(septets)));
  },
};

function septets(arc: number): number[] {
  const bytes = [arc & 0x7f];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

export function malformedSeal(): Error {
  return fieldError('seal', 'FIELD_FORMAT');
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

/** X.690, 8.1.3.5 and 10.1: definite lengths in the fewest bytes. Four bytes of length are more than any seal has. */
function elementAt(source: Buffer, offset: number): Element {
  const tag = source[offset];
  const first = source[offset + 1];
  if (tag === undefined || first === undefined) throw malformedSeal();
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > source.length) throw malformedSeal();
    length = source.readUIntBE(start, count);
    start += count;
    if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw malformedSeal();
  }
  if (start + length > source.length) throw malformedSeal();
  return { tag, content: source.subarray(start, start + length), bytes: source.subarray(offset, start + length) };
}

/** Takes the fields of one SEQUENCE in their order; whoever reads calls `end`. */
export class FieldReader {
  private offset = 0;

  constructor(private readonly source: Buffer) {}

  get more(): boolean {
    return this.offset < this.source.length;
  }

  end(): void {
    if (this.more) throw malformedSeal();
  }

  /** The content of the next field, which must bear this tag. */
  content(tag: number): Buffer {
    return this.take(tag).content;
  }

  /** Reads the fields of a nested SEQUENCE to its last byte. */
  sequence<T>(read: (fields: FieldReader) => T): T {
    return this.sequenceBytes(read).value;
  }

  /** The same, with the bytes as they stand: what a signature is over. */
  sequenceBytes<T>(read: (fields: FieldReader) => T): { value: T; bytes: Buffer } {
    const { content, bytes } = this.take(TAG.sequence);
    const fields = new FieldReader(content);
    const value = read(fields);
    fields.end();
    return { value, bytes };
  }

  /** SEQUENCE OF. */
  list<T>(read: (fields: FieldReader) => T): T[] {
    return this.sequence((fields) => {
      const items: T[] = [];
      while (fields.more) items.push(read(fields));
      return items;
    });
  }

  private take(tag: number): Element {
    const found = elementAt(this.source, this.offset);
    if (found.tag !== tag) throw malformedSeal();
    this.offset += found.bytes.length;
    return found;
  }
}
