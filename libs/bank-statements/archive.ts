/** The parts of a zip archive as text, never more of them than was allowed: by what they declare first, and by what comes out then. */
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { XinyinError } from '#domain';
import { megabytes } from './limits.js';
import { refusal } from './refusal.js';

export interface Archive {
  has(name: string): boolean;
  text(name: string): AsyncGenerator<string>;
}

const MOST_PARTS = 2_000;
const WHOLE = { line: 1, column: 'zip' };

export async function openArchive(bytes: Buffer, isRead: (name: string) => boolean, maxInflatedBytes: number): Promise<Archive> {
  const { zip, parts } = await list(bytes);
  const declared = [...parts.values()].filter(({ fileName }) => isRead(fileName)).reduce((sum, part) => sum + part.uncompressedSize, 0);
  if (declared > maxInflatedBytes) throw refusal(WHOLE, 'STATEMENT_INFLATED', { limit: megabytes(maxInflatedBytes) });
  return {
    has: (name) => parts.has(name),
    text: (name) => textOfPart(zip, parts.get(name), name),
  };
}

async function list(bytes: Buffer): Promise<{ zip: ZipFile; parts: Map<string, Entry> }> {
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
    const parts = new Map<string, Entry>();
    if (zip.entryCount > MOST_PARTS) throw refusal(WHOLE, 'STATEMENT_STRUCTURE');
    for await (const entry of zip.eachEntry()) {
      // Two parts of one name would be one file to us and another to whoever looks at it.
      if (parts.has(entry.fileName)) throw refusal(WHOLE, 'STATEMENT_STRUCTURE');
      parts.set(entry.fileName, entry);
    }
    return { zip, parts };
  } catch (failure) {
    throw failure instanceof XinyinError ? failure : refusal(WHOLE, 'STATEMENT_CUT');
  }
}

async function* textOfPart(zip: ZipFile, entry: Entry | undefined, name: string): AsyncGenerator<string> {
  const place = { line: 1, column: name };
  if (!entry || entry.isEncrypted()) throw refusal(place, 'STATEMENT_FORMAT');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let sum = 0;
  try {
    // The library ends the stream when more comes out than was declared, and what was declared is within the bound.
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (failure) {
    throw failure instanceof XinyinError ? failure : refusal(place, 'STATEMENT_STRUCTURE');
  }
  if (sum !== entry.crc32) throw refusal(place, 'STATEMENT_STRUCTURE');
}
