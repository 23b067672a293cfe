/** The physical size inside a PNG: without it a word processor places 472 dots as 12.5 cm instead of 40 mm. */
import { crc32 } from 'node:zlib';

const SIGNATURE_LENGTH = 8;
/** IHDR is always first and always 13 bytes: length, type, data, check (PNG, 5.6 and 11.2.2). */
const HEADER_END = SIGNATURE_LENGTH + 4 + 4 + 13 + 4;
const UNIT_METRE = 1;
const INCH_IN_METRES = 0.0254;

/** Adds the chunk pHYs (PNG, 11.3.4.3), which must come before the picture data. */
export function withResolution(png: Buffer, dotsPerInch: number): Buffer {
  const dotsPerMetre = Math.round(dotsPerInch / INCH_IN_METRES);
  const body = Buffer.alloc(13);
  body.write('pHYs', 0, 'latin1');
  body.writeUInt32BE(dotsPerMetre, 4);
  body.writeUInt32BE(dotsPerMetre, 8);
  body.writeUInt8(UNIT_METRE, 12);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, HEADER_END), length, body, check, png.subarray(HEADER_END)]);
}
