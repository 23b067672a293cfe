/** The log of one process: each line begins with the time, and the file of yesterday's size is put aside once. */
import { existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 20 * 1024 * 1024;

export interface LogFile {
  path: string;
  write(line: string): void;
}

export function openLog(folder: string, name: string): LogFile {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.log`);
  if (existsSync(path) && statSync(path).size > LARGEST_BYTES) renameSync(path, `${path}.1`);
  // Written at once: the last line before the launcher dies is the one that matters.
  const file = openSync(path, 'a', 0o600);
  return { path, write: (line) => void writeSync(file, `${new Date().toISOString()} ${name} | ${line}\n`) };
}
