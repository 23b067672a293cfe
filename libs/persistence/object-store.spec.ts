import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from './object-store.js';

const KEY = Buffer.alloc(32, 1);
/** FIPS 180-2, B.1: SHA-256 of "abc". */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const PAPER = Buffer.from('姓名 张三 510104199003070015 '.repeat(40));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'objects-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const store = () => folderObjectStore(folder, KEY);
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const onlyFile = () => {
  const [file, ...more] = files();
  if (!file || more.length > 0) throw new Error(`${files().length} files`);
  return file;
};

describe('the store of files', () => {
  it('gives back what was put, by its SHA-256', async () => {
    expect(await store().put(Buffer.from('abc'))).toBe(ABC);
    expect(await store().get(ABC)).toEqual(Buffer.from('abc'));
  });

  it('holds the same bytes once', async () => {
    await store().put(PAPER);
    const before = readFileSync(onlyFile());
    await store().put(Buffer.from(PAPER));
    expect(readFileSync(onlyFile())).toEqual(before);
  });

  it('holds the same bytes once when they come ten times at once, and leaves nothing half-written', async () => {
    const hashes = await Promise.all(Array.from({ length: 10 }, () => store().put(PAPER)));
    expect(new Set(hashes).size).toBe(1);
    expect(await store().get(hashes[0] ?? '')).toEqual(PAPER);
    expect(files()).toHaveLength(1);
  });

  it('takes an empty file and one of a megabyte', async () => {
    const large = Buffer.alloc(1_048_576, 7);
    for (const bytes of [Buffer.alloc(0), large]) expect(await store().get(await store().put(bytes))).toEqual(bytes);
  });

  it('has no plaintext on disk, and no name by which a known document could be looked for', async () => {
    const sha256 = await store().put(PAPER);
    const file = onlyFile();
    expect(readFileSync(file).includes('张三')).toBe(false);
    expect(readFileSync(file).includes('510104')).toBe(false);
    expect(file).not.toContain(sha256);
    expect(file).not.toContain(sha256.slice(0, 8));
  });

  it('encrypts the same bytes anew each time: two stores with one key hold different files', async () => {
    await store().put(PAPER);
    const first = readFileSync(onlyFile());
    rmSync(onlyFile());
    await store().put(PAPER);
    expect(readFileSync(onlyFile())).not.toEqual(first);
  });

  it('is for its own user only', async () => {
    await store().put(PAPER);
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  // 12 bytes of nonce, 16 of tag, then the content.
  it.each([
    ['nonce', 0],
    ['tag', 12],
    ['first byte of the content', 28],
    ['last byte of the content', -1],
  ])('refuses a file whose %s was changed', async (_, place) => {
    const sha256 = await store().put(PAPER);
    const bytes = readFileSync(onlyFile());
    const at = place < 0 ? bytes.length + place : place;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(onlyFile(), bytes);
    await expect(store().get(sha256)).rejects.toThrow();
  });

  it.each([0, 11, 16, 24, 28, 100])('refuses a file cut off after %i bytes', async (length) => {
    const sha256 = await store().put(PAPER);
    truncateSync(onlyFile(), length);
    await expect(store().get(sha256)).rejects.toThrow();
  });

  it('refuses a file that stands where another belongs', async () => {
    const paper = await store().put(PAPER);
    const place = onlyFile();
    const other = await store().put(Buffer.from('another'));
    const otherPlace = files().find((file) => file !== place) ?? '';
    copyFileSync(otherPlace, place);
    await expect(store().get(paper)).rejects.toThrow();
    expect(await store().get(other)).toEqual(Buffer.from('another'));
  });

  it('opens nothing with another key', async () => {
    const sha256 = await store().put(PAPER);
    await expect(folderObjectStore(folder, Buffer.alloc(32, 2)).get(sha256)).rejects.toThrow();
  });

  it.each([ABC, '', '../../etc/passwd'])('has nothing under %j', async (sha256) => {
    await store().put(PAPER);
    await expect(store().get(sha256)).rejects.toThrow(/ENOENT/);
  });
});
