/** The values inside a seal's fields, each in the one form DER allows. */
import { FieldReader, malformedSeal, TAG } from './der.js';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Small and non-negative, which every number of a seal is. */
export function readNumber(fields: FieldReader): number {
  const content = fields.content(TAG.integer);
  const [first = 0x80, second = 0] = content;
  const padded = first === 0 && content.length > 1;
  if (first & 0x80 || content.length > 5 || (padded && !(second & 0x80))) throw malformedSeal();
  return content.readUIntBE(0, content.length);
}

export function readUtf8(fields: FieldReader): string {
  const content = fields.content(TAG.utf8);
  try {
    return strictUtf8.decode(content);
  } catch {
    throw malformedSeal();
  }
}

export function readIa5(fields: FieldReader): string {
  return asciiOf(fields.content(TAG.ia5), /^\p{ASCII}*$/u);
}

export function readPrintable(fields: FieldReader): string {
  return asciiOf(fields.content(TAG.printable), /^[A-Za-z0-9 '()+,\-./:=?]*$/);
}

function asciiOf(content: Buffer, allowed: RegExp): string {
  const text = content.toString('latin1');
  if (!allowed.test(text)) throw malformedSeal();
  return text;
}

export function readOctets(fields: FieldReader): Buffer {
  return fields.content(TAG.octetString);
}

/** Signatures are whole bytes: unused bits would be a second encoding. */
export function readBits(fields: FieldReader): Buffer {
  const content = fields.content(TAG.bitString);
  if (content[0] !== 0) throw malformedSeal();
  return content.subarray(1);
}

/** X.690, 11.1: true is FF. */
export function readBoolean(fields: FieldReader): boolean {
  const content = fields.content(TAG.boolean);
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff)) throw malformedSeal();
  return content[0] === 0xff;
}

/** X.690, 11.7: UTC, whole seconds, no fraction; and a date that exists. */
export function readTime(fields: FieldReader): Date {
  const text = fields.content(TAG.generalizedTime).toString('latin1');
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const time = new Date(iso);
  if (iso === text || Number.isNaN(time.getTime()) || time.toISOString() !== iso) throw malformedSeal();
  return time;
}

export function readOid(fields: FieldReader): string {
  const content = fields.content(TAG.oid);
  const arcs: number[] = [];
  let arc = 0;
  let started = false;
  for (const byte of content) {
    // X.690, 8.19.2: an arc never begins with an empty septet. Beyond 2^53 two arcs would read as the same number.
    if ((!started && byte === 0x80) || arc > 2 ** 45) throw malformedSeal();
    arc = arc * 128 + (byte & 0x7f);
    started = (byte & 0x80) !== 0;
    if (started) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first, ...rest] = arcs;
  if (first === undefined || started) throw malformedSeal();
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}
