/**
 * Unpacks a WOFF 1.0 font (W3C) into the plain font inside. The font library would read WOFF by itself, but inflates the whole table of
 * outlines again for every character it is asked for: 2 to 4 ms each instead of a few hundredths.
 */
import { inflateSync } from 'node:zlib';

const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;
const ALIGNMENT = 4;

export function plainFont(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new TypeError('not a WOFF font');
  const count = woff.readUInt16BE(12);
  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY);
  woff.copy(header, 0, 4, 8);
  // searchRange and its companions (bytes 6 to 11) speed up a binary search that the reader does not do: they stay zero.
  header.writeUInt16BE(count, 4);
  const parts: Buffer[] = [header];
  let offset = header.length;
  for (let index = 0; index < count; index++) {
    const entry = woff.subarray(WOFF_HEADER + index * WOFF_ENTRY, WOFF_HEADER + (index + 1) * WOFF_ENTRY);
    const table = unpackTable(woff, entry);
    const place = SFNT_HEADER + index * SFNT_ENTRY;
    entry.copy(header, place, 0, 4);
    entry.copy(header, place + 4, 16, 20);
    header.writeUInt32BE(offset, place + 8);
    header.writeUInt32BE(table.length, place + 12);
    const padding = Buffer.alloc(-table.length & (ALIGNMENT - 1));
    parts.push(table, padding);
    offset += table.length + padding.length;
  }
  return Buffer.concat(parts);
}

/** A table that would not shrink is stored as it is. */
function unpackTable(woff: Buffer, entry: Buffer): Buffer {
  const [offset, packed, length] = [entry.readUInt32BE(4), entry.readUInt32BE(8), entry.readUInt32BE(12)];
  const bytes = woff.subarray(offset, offset + packed);
  return packed < length ? inflateSync(bytes) : bytes;
}
