/** PDFs on disk, by an unguessable name. Written aside and renamed, so that a name never opens half a file. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PdfFolder {
  /** Answers the name: 256 random bits. */
  store(pdf: Buffer): Promise<string>;
  read(name: string): Promise<Buffer>;
}

export function openPdfFolder(folder: string, name: string): PdfFolder {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const pathOf = (token: string) => join(home, `${token}.pdf`);
  return {
    store: async (pdf) => {
      const token = randomBytes(32).toString('base64url');
      await writeFile(`${pathOf(token)}.part`, pdf, { mode: 0o600 });
      await rename(`${pathOf(token)}.part`, pathOf(token));
      return token;
    },
    read: (token) => readFile(pathOf(token)),
  };
}
