/** A workbook of some hundred kilobytes that unfolds to far more: an archive of one part, written by hand (APPNOTE.TXT 4.3). */
import { once } from 'node:events';
import { crc32, createDeflateRaw } from 'node:zlib';

const PART = Buffer.from('xl/_rels/workbook.xml.rels');
const CHUNK = Buffer.alloc(1024 * 1024, ' ');

/** `declares`: what it says that it unfolds to, in both of its headers. */
export async function zipBomb({
  megabytes,
  declares = megabytes * CHUNK.length,
}: {
  megabytes: number;
  declares?: number;
}): Promise<Buffer> {
  const { packed, sum } = await deflated(megabytes);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(sum, 0);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(declares, 8);
  // Version 2.0, no flags, deflated, at no time; then the sizes, the length of the name, no extra field.
  const common = Buffer.concat([Buffer.from('14000000080000000000', 'hex'), sizes, lengthOf(PART), Buffer.alloc(2)]);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, PART, packed]);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from('1400', 'hex'), common, Buffer.alloc(14), PART]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** Spaces, a megabyte at a time: what is unfolded stands nowhere whole, here either. */
async function deflated(megabytes: number): Promise<{ packed: Buffer; sum: number }> {
  const deflate = createDeflateRaw();
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  let sum = 0;
  for (let written = 0; written < megabytes; written += 1) {
    sum = crc32(CHUNK, sum);
    if (!deflate.write(CHUNK)) await once(deflate, 'drain');
  }
  deflate.end();
  await once(deflate, 'end');
  return { packed: Buffer.concat(parts), sum };
}

function lengthOf(text: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return length;
}
