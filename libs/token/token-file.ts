/**
 * One token file. The file is the truth: it is read anew for every operation, changed only under a lock that holds between processes
 * (the desk and the assistant may have the same drawer open), and replaced whole, so that a crash leaves the old file or the new one.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { XinyinError } from '#domain';
import { parseTokenContent, type TokenContent } from './content.js';

const OWNER_ONLY = 0o600;
const LOCK_WAIT_MS = 5;
/** No change holds the lock longer than a write to disk; an older lock was left behind, even if its process number lives again. */
const LOCK_STALE_MS = 10_000;

export class TokenFile {
  private readonly path: string;

  constructor(
    folder: string,
    readonly serialNumber: string,
  ) {
    this.path = join(folder, `${serialNumber}.json`);
  }

  /** @throws XinyinError NOT_FOUND, TOKEN_CONTENT */
  read(): TokenContent {
    const content = this.find();
    if (!content) throw new XinyinError('NOT_FOUND');
    return content;
  }

  find(): TokenContent | null {
    try {
      return parseTokenContent(readFileSync(this.path, 'utf8'), this.serialNumber);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null;
      throw error;
    }
  }

  /** Changes the content in place; what `change` throws leaves the file as it was. */
  update<T>(change: (content: TokenContent) => T): T {
    return this.locked(() => {
      const content = this.read();
      const before = JSON.stringify(content);
      const result = change(content);
      if (JSON.stringify(content) !== before) this.replace(content);
      return result;
    });
  }

  /** Writes the first content; an existing token stays what it is. */
  create(content: () => TokenContent): void {
    this.locked(() => {
      if (!this.find()) this.replace(content());
    });
  }

  private replace(content: TokenContent): void {
    const temporary = `${this.path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
    const file = openSync(temporary, 'wx', OWNER_ONLY);
    try {
      writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, this.path);
    syncFolder(dirname(this.path));
  }

  private locked<T>(work: () => T): T {
    const lock = `${this.path}.lock`;
    while (!takeLock(lock)) {
      if (isStale(lock)) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_WAIT_MS);
    }
    try {
      return work();
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: OWNER_ONLY });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isStale(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false });
  return found !== undefined && (Date.now() - found.mtimeMs > LOCK_STALE_MS || !ownerLives(lock));
}

function ownerLives(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Signal 0 asks only whether the process is there. A lock without a number is just being written.
    return owner === 0 || process.kill(owner, 0);
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}

/** POSIX: the new name is on disk only when its folder is. Windows cannot open a folder, and needs no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
