/**
 * The folder of an authority. Secrets are encrypted under a key derived from the passphrase (scrypt, RFC 7914; AES-256-GCM); each file is
 * written whole or not at all, and what was written once is never overwritten: so a crash, or two processes that begin at the same
 * moment, can lose no key and split no authority in two.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refusal } from './refusal.js';

const PARAMETERS = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 } as const;
const SALT_FILE = 'passphrase.salt';
const CHECK_FILE = 'passphrase.check';
const CHECK_TEXT = Buffer.from('this passphrase opens this folder');
const IV_END = 12;
const TAG_END = IV_END + 16;
const SHORTEST_PASSPHRASE = 8;

export interface Vault {
  read(name: string): Promise<Buffer | null>;
  /** Keeps what is there already. The caller reads back to learn which it was. */
  writeOnce(name: string, content: Uint8Array): Promise<void>;
  /** For what may be made anew, such as a revocation list. */
  replace(name: string, content: Uint8Array): Promise<void>;
  readSecret(name: string): Promise<Buffer | null>;
  writeSecretOnce(name: string, secret: Uint8Array): Promise<void>;
}

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, PARAMETERS, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** IV ‖ tag ‖ ciphertext. The name is authenticated: one secret cannot be put in the place of another. */
function seal(key: Buffer, name: string, secret: Uint8Array): Buffer {
  const iv = randomBytes(IV_END);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  const encrypted = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]);
}

function unseal(key: Buffer, name: string, sealed: Buffer, field: string): Buffer {
  if (sealed.length < TAG_END) throw refusal(`folder/${name}`);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_END)).setAAD(Buffer.from(name));
  decipher.setAuthTag(sealed.subarray(IV_END, TAG_END));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(TAG_END)), decipher.final()]);
  } catch (cause) {
    throw refusal(field, cause);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** A file on disk, complete, under a name that nobody reads. */
async function writeAside(folder: string, name: string, content: Uint8Array): Promise<string> {
  const aside = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}

/** Makes the new name itself durable. Not every platform can sync a folder; there the rename alone has to do. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].some((code) => hasCode(error, code))) throw error;
  }
}

function filesOf(folder: string): Pick<Vault, 'read' | 'writeOnce' | 'replace'> {
  return {
    async read(name) {
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null;
        throw error;
      }
    },
    async writeOnce(name, content) {
      const aside = await writeAside(folder, name, content);
      try {
        // link, unlike rename, fails when the name is taken.
        await link(aside, join(folder, name));
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      } finally {
        await rm(aside, { force: true });
      }
      await syncFolder(folder);
    },
    async replace(name, content) {
      await rename(await writeAside(folder, name, content), join(folder, name));
      await syncFolder(folder);
    },
  };
}

/** @throws XinyinError field `passphrase` when it is not the one that the folder was made with */
export async function openVault(folder: string, passphrase: string): Promise<Vault> {
  if (passphrase.length < SHORTEST_PASSPHRASE) throw refusal('passphrase');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = filesOf(folder);
  if (!(await files.read(SALT_FILE))) {
    if (await files.read(CHECK_FILE)) throw refusal(`folder/${SALT_FILE}`);
    await files.writeOnce(SALT_FILE, randomBytes(16));
  }
  const key = await deriveKey(passphrase, (await files.read(SALT_FILE)) ?? Buffer.alloc(0));
  if (!(await files.read(CHECK_FILE))) await files.writeOnce(CHECK_FILE, seal(key, CHECK_FILE, CHECK_TEXT));
  unseal(key, CHECK_FILE, (await files.read(CHECK_FILE)) ?? Buffer.alloc(0), 'passphrase');
  return {
    ...files,
    async readSecret(name) {
      const sealed = await files.read(name);
      return sealed && unseal(key, name, sealed, `folder/${name}`);
    },
    writeSecretOnce: (name, secret) => files.writeOnce(name, seal(key, name, secret)),
  };
}
