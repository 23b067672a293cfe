/** The responder's keys: one file each, named by the id of its request, readable to its owner only, never anywhere else. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exportPkcs8, generateSm2KeyPair, importPkcs8, publicKeyFromPoint, publicPoint, type Sm2KeyPair } from '#pki/ocsp';

export interface KeyFolder {
  /** By the id of the request. A file that is no key is passed over. */
  load(): Promise<Map<string, Sm2KeyPair>>;
  make(id: string): Promise<Sm2KeyPair>;
  remove(id: string): Promise<void>;
}

const KEY_FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.key$/;

export function openKeyFolder(folder: string): KeyFolder {
  const path = (id: string) => join(folder, `${id}.key`);
  const ready = async () => void (await mkdir(folder, { recursive: true, mode: 0o700 }));
  return {
    async load() {
      await ready();
      const keys = new Map<string, Sm2KeyPair>();
      for (const name of await readdir(folder)) {
        const id = KEY_FILE.exec(name)?.[1];
        const pair = id && pairOf(await readFile(path(id)));
        if (id && pair) keys.set(id, pair);
      }
      return keys;
    },
    async make(id) {
      await ready();
      const pair = generateSm2KeyPair();
      // Whole under a name that nobody reads, then under its own: a crash leaves no half key.
      const aside = join(folder, `.${id}.${randomBytes(6).toString('hex')}`);
      const file = await open(aside, 'wx', 0o600);
      try {
        await file.writeFile(exportPkcs8(pair.privateKey));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, path(id));
      return pair;
    },
    remove: (id) => rm(path(id), { force: true }),
  };
}

function pairOf(pkcs8: Buffer): Sm2KeyPair | null {
  try {
    const privateKey = importPkcs8(pkcs8);
    return { privateKey, publicKey: publicKeyFromPoint(publicPoint(privateKey)) };
  } catch {
    return null;
  }
}
