/** The log of one process: each line begins with the time, and the file of yesterday's size is put aside once. */
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
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
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return { path, write: (line) => stream.write(`${new Date().toISOString()} ${name} | ${line}\n`) };
}
