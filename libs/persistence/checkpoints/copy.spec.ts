/** The file outside the database, and what a crash may leave at its end. */
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointCopy, type CheckpointCopy } from './copy.js';

let home: string;
let copy: CheckpointCopy;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xinyin-copy-'));
  copy = checkpointCopy(join(home, 'audit'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const linesOf = async () => {
  const lines: string[] = [];
  for await (const line of await copy.lines()) lines.push(line);
  return lines;
};

describe('the copy of the checkpoints', () => {
  it('that nobody wrote yet is empty', async () => {
    expect(await copy.tail()).toEqual({ line: null, torn: '' });
    expect(await linesOf()).toEqual([]);
  });

  it('keeps what is there and adds behind it', async () => {
    await copy.append('{"number":1}\n');
    await copy.append('{"number":2}\n{"number":3}\n');
    expect(readFileSync(copy.path, 'utf8')).toBe('{"number":1}\n{"number":2}\n{"number":3}\n');
    expect(await copy.tail()).toEqual({ line: '{"number":3}', torn: '' });
    expect(await linesOf()).toEqual(['{"number":1}', '{"number":2}', '{"number":3}']);
  });

  it('is for its owner only', async () => {
    await copy.append('{"number":1}\n');
    expect([copy.path, join(home, 'audit')].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['600', '700']);
  });

  it('tells a line that was cut short from the whole one before it', async () => {
    await copy.append('{"number":1}\n{"number":2}\n');
    truncateSync(copy.path, statSync(copy.path).size - 4);
    expect(await copy.tail()).toEqual({ line: '{"number":1}', torn: '{"number"' });
  });

  it('of which only the start of the first line was written has no whole line', async () => {
    await copy.append('{"num');
    expect(await copy.tail()).toEqual({ line: null, torn: '{"num' });
  });

  it('is read at its end only, however long it is', async () => {
    for (const number of [1, 2, 3]) await copy.append(`${JSON.stringify({ number, padding: 'x'.repeat(4_000) })}\n`);
    const { line, torn } = await copy.tail();
    expect([JSON.parse(line ?? '') as unknown, torn]).toEqual([{ number: 3, padding: 'x'.repeat(4_000) }, '']);
  });

  it('is read as it was when reading began', async () => {
    await copy.append('{"number":1}\n');
    const lines = await copy.lines();
    await copy.append('{"number":2}\n');
    const seen: string[] = [];
    for await (const line of lines) seen.push(line);
    expect(seen).toEqual(['{"number":1}']);
  });
});
