import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from './port-holder.js';
import { removeData } from './reset.js';

const base = mkdtempSync(join(tmpdir(), 'xinyin-reset-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function home(name: string, file = 'secrets.json'): string {
  const folder = join(base, name);
  mkdirSync(folder);
  writeFileSync(join(folder, file), '{}');
  return folder;
}

function asked(answer: string) {
  const questions: string[] = [];
  const said: string[] = [];
  return {
    questions,
    said,
    ask: async (question: string) => (questions.push(question), answer),
    say: (line: string) => void said.push(line),
  };
}

describe('reset', () => {
  it.each(['n', '', 'no', 'nope', 'yesterday'])('keeps everything when the answer is "%s"', async (answer) => {
    const folder = home(`kept-${answer}`);
    const { ask, say, questions, said } = asked(answer);
    await removeData({ home: folder, sure: false, ask, say });
    expect(questions[0]).toContain(folder);
    expect(said).toEqual(['Nothing was removed.']);
    expect(existsSync(join(folder, 'secrets.json'))).toBe(true);
  });

  it.each(['y', 'Y', 'yes', ' Yes '])('removes the folder when the answer is "%s"', async (answer) => {
    const folder = home(`removed-${answer.trim()}-${answer.length}`);
    const { ask, say } = asked(answer);
    await removeData({ home: folder, sure: false, ask, say });
    expect(existsSync(folder)).toBe(false);
  });

  it('does not ask with --yes', async () => {
    const folder = home('sure');
    const { ask, say, questions } = asked('n');
    await removeData({ home: folder, sure: true, ask, say });
    expect(questions).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('removes nothing where nobody can be asked', async () => {
    const folder = home('nobody');
    await expect(removeData({ home: folder, sure: false, say: () => undefined })).rejects.toThrow('npm run reset -- --yes');
    expect(existsSync(folder)).toBe(true);
  });

  it('never removes a folder that is not ours', async () => {
    const folder = home('photographs', 'cat.jpg');
    await expect(removeData({ home: folder, sure: true, say: () => undefined })).rejects.toThrow('does not look like a data folder');
    expect(existsSync(join(folder, 'cat.jpg'))).toBe(true);
  });

  it('refuses while Xinyin runs on it', async () => {
    const folder = home('running');
    const urls = { api: 'http://127.0.0.1:1', responder: 'http://127.0.0.1:1', sandbox: 'http://127.0.0.1:1' };
    const note = { pid: process.pid, command: await commandOf(process.pid), root: base, startedAt: '', urls, processes: [] };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(note));
    await expect(removeData({ home: folder, sure: true, say: () => undefined })).rejects.toThrow(`process ${process.pid}`);
  });

  it('says so when there is nothing', async () => {
    const { say, said } = asked('y');
    await removeData({ home: join(base, 'none'), sure: true, say });
    expect(said[0]).toContain('There is no data');
  });
});
