/** Uploaded and printed files, by content hash. They hold identity papers and passwords, so they are encrypted at rest. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface ObjectStore {
  /** Stores bytes and returns the SHA-256 (hex) by which they are found again. The same bytes are stored once. */
  put(bytes: Uint8Array): Promise<string>;
  get(sha256: string): Promise<Buffer>;
  /** For what must not be kept. Removing what is not there is no error. */
  remove(sha256: string): Promise<void>;
}

const NONCE = 12;
const TAG = 16;

/** @param key 32 bytes; AES-256-GCM with the content hash as additional data, so a file cannot stand in for another */
export function folderObjectStore(folder: string, key: Buffer): ObjectStore {
  // The name on disk is keyed, so that somebody with the disk cannot test whether a document they know is stored.
  const place = (sha256: string) => {
    const name = createHmac('sha256', key).update(sha256).digest('hex');
    return join(folder, name.slice(0, 2), name);
  };
  return {
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = place(sha256);
      const known = await stat(path).catch(() => null);
      if (!known) await writeDurably(path, encrypt(key, sha256, bytes));
      return sha256;
    },
    async get(sha256) {
      return decrypt(key, sha256, await readFile(place(sha256)));
    },
    remove: (sha256) => rm(place(sha256), { force: true }),
  };
}

/** A crash leaves the whole file or none. */
async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function encrypt(key: Buffer, sha256: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(sha256, 'hex'));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Buffer, sha256: string, stored: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, NONCE), { authTagLength: TAG }).setAAD(
    Buffer.from(sha256, 'hex'),
  );
  decipher.setAuthTag(stored.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(stored.subarray(NONCE + TAG)), decipher.final()]);
}
