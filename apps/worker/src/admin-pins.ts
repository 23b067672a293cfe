/** Administrator PINs of tokens, which unlock a token whose PIN was forgotten: derived from a key that lies at the desk and nowhere else. */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function adminPins(tokenFolder: string): (serialNumber: string) => string {
  const key = loadOrMakeKey(join(dirname(tokenFolder), 'admin-key'));
  return (serialNumber) => createHmac('sha256', key).update(serialNumber).digest('base64url').slice(0, 16);
}

function loadOrMakeKey(file: string): Buffer {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.part`, randomBytes(32).toString('base64'), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }
  return Buffer.from(readFileSync(file, 'utf8'), 'base64');
}
