/** What a system remembers: one append-only file of JSON lines, read again at the start. A line is either wholly there or not at all. */
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Journal<Entry> {
  /** What was remembered before this start, oldest first. */
  readonly past: readonly Entry[];
  /** Returns once the line is with the operating system: a killed process loses nothing that was answered. */
  append(entry: Entry): void;
  close(): void;
}

export function openJournal<Entry>(folder: string, name: string): Journal<Entry> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.jsonl`);
  const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  // A kill in the middle of a write leaves a line without its end. It was never answered, so it is dropped, also from the file: the next
  // line must not be glued to it.
  const whole = content.lastIndexOf(0x0a) + 1;
  const past = content
    .subarray(0, whole)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);

  const file = openSync(path, 'a', 0o600);
  ftruncateSync(file, whole);
  return {
    past,
    append: (entry) => {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`, 'utf8');
      for (let written = 0; written < line.length;) written += writeSync(file, line, written);
    },
    close: () => closeSync(file),
  };
}
