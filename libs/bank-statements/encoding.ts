/** Bytes to text: UTF-8 or GB18030, strictly. A byte that does not fit refuses the file, for a decoder would replace a letter of a name. */
import { refusal } from './refusal.js';

export type Encoding = 'utf-8' | 'gb18030';
const CHUNK = 256 * 1024;

/** UTF-8 where the bytes are; else GB18030, unless most of it reads as UTF-8: then it is UTF-8, and damaged. */
export function encodingOf(bytes: Buffer): Encoding {
  if (isEncoded(bytes, 'utf-8')) return 'utf-8';
  let han = 0;
  let bad = 0;
  for (const piece of decoded(bytes, 'utf-8', false)) {
    han += piece.match(/\p{Script=Han}/gu)?.length ?? 0;
    bad += piece.match(/\ufffd/g)?.length ?? 0;
  }
  if (han >= bad) throw badByte(bytes, 'utf-8');
  return 'gb18030';
}

function isEncoded(bytes: Buffer, encoding: Encoding): boolean {
  try {
    for (const _ of decoded(bytes, encoding));
    return true;
  } catch {
    return false;
  }
}

/** The text in pieces, so that no file is in memory three times. @throws XinyinError STATEMENT_REFUSED naming the line */
export function* textOf(bytes: Buffer, encoding: Encoding): Generator<string> {
  try {
    yield* decoded(bytes, encoding);
  } catch (failure) {
    if (isBadByte(failure)) throw badByte(bytes, encoding);
    throw failure;
  }
}

/** By its code, not its class: it is made by Node itself, in another realm than a test's. */
const isBadByte = (failure: unknown) =>
  typeof failure === 'object' && failure !== null && 'code' in failure && failure.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

function* decoded(bytes: Buffer, encoding: Encoding, fatal = true): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal });
  for (let start = 0; start < bytes.length; start += CHUNK) {
    const piece = decoder.decode(bytes.subarray(start, start + CHUNK), { stream: true });
    if (piece !== '') yield piece;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** No byte of a character in either encoding is a line feed, so lines can be told apart before they are read. */
function badByte(bytes: Buffer, encoding: Encoding) {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      break;
    }
    start = end;
  }
  return refusal({ line, column: 'encoding' }, 'STATEMENT_ENCODING');
}
