import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from './journal.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'journal-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const path = () => join(folder, 'bank.jsonl');
const append = (...entries: object[]) => {
  const journal = openJournal<object>(folder, 'bank');
  for (const entry of entries) journal.append(entry);
  journal.close();
};
const past = () => {
  const journal = openJournal<object>(folder, 'bank');
  journal.close();
  return journal.past;
};

describe('a journal', () => {
  it('gives back what it was given, in order, line breaks and all', () => {
    append({ n: 1, text: '第一行\n第二行' });
    append({ n: 2 });
    expect(past()).toEqual([{ n: 1, text: '第一行\n第二行' }, { n: 2 }]);
  });

  it('forgets a line torn by a kill, and writes the next one cleanly', () => {
    append({ n: 1 });
    appendFileSync(path(), Buffer.from('{"n":2,"text":"药').subarray(0, -1));
    append({ n: 3 });
    expect(past()).toEqual([{ n: 1 }, { n: 3 }]);
    expect(readFileSync(path(), 'utf8')).toBe('{"n":1}\n{"n":3}\n');
  });

  it('that is broken in its middle is not started from', () => {
    writeFileSync(path(), '{"n":1}\n{"n":\n{"n":3}\n');
    expect(past).toThrow(SyntaxError);
  });
});
