/** The copy of the checkpoints outside the database: one JSON line each, only ever appended to. */
import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Many times as long as a line. */
const TAIL_BYTES = 8_192;

export interface CopyTail {
  /** The last whole line; null when there is none. */
  line: string | null;
  /** What a crash left of a line that it cut short. */
  torn: string;
}

export interface CheckpointCopy {
  readonly path: string;
  tail(): Promise<CopyTail>;
  /** Appends and waits until it is on the disk. */
  append(text: string): Promise<void>;
  /** The lines as of this call, whatever is appended while they are read. */
  lines(): Promise<AsyncIterable<string>>;
}

export function checkpointCopy(folder: string): CheckpointCopy {
  const path = join(folder, 'checkpoints.jsonl');
  return {
    path,
    tail: async () => {
      const size = await sizeOf(path);
      return size === 0 ? { line: null, torn: '' } : within(path, 'r', (file) => readTail(file, size));
    },
    append: async (text) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await within(path, 'a', async (file) => {
        await file.appendFile(text);
        await file.sync();
      });
    },
    lines: async () => {
      const size = await sizeOf(path);
      return readLines(path, size);
    },
  };
}

async function readTail(file: FileHandle, size: number): Promise<CopyTail> {
  const length = Math.min(size, TAIL_BYTES);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const [torn = '', line = null] = buffer.toString('utf8').split('\n').reverse();
  return { line, torn };
}

async function within<T>(path: string, flags: 'r' | 'a', work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags, 0o600);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

async function* readLines(path: string, size: number): AsyncGenerator<string, undefined> {
  // Opened by who reads it: an interface that nobody listens to lets lines pass.
  if (size > 0) yield* createInterface({ input: createReadStream(path, { end: size - 1 }), crlfDelay: Infinity });
}
