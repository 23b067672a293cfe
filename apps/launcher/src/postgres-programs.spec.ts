import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkLibraries } from './postgres-programs.js';

const folder = mkdtempSync(join(tmpdir(), 'xinyin-links-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('libraries of Postgres', () => {
  it('are linked when the install script was not run, and a second time does no harm', async () => {
    const library = join(folder, 'native', 'lib');
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'libpq.so.5.18'), '');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    await linkLibraries(folder);
    await linkLibraries(folder);
    expect(lstatSync(join(library, 'libpq.so.5')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(library, 'libpq.so.5'))).toBe('libpq.so.5.18');
  });
});
