/** `npm run ops -- statement FILE --parse-only`: a file read here, with nothing running. Decisions 0034 and 0043. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietSteps } from '../steps.js';
import { takeStatement } from './statement.js';

const LINES = ['交易日期,贷方发生额,对方户名,流水号', '2026-03-06,250.00,成都信印科技有限公司,A0000001'];
/** The account that orders are paid to, another of ours, and one of somebody else. */
const [PAID_TO, OURS, OTHER] = ['5101 0001 0002 0003', '5200 0000 0000 0001', '5109000000000001'];

describe('a statement that is only read', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'xinyin-statement-'))));
  afterEach(() => (process.exitCode = undefined));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function read(account: string | null, environment: NodeJS.ProcessEnv, ...more: string[]): Promise<string[]> {
    const file = join(folder, 'statement.csv');
    writeFileSync(file, [...(account === null ? [] : [`户名：信印,账号：${account}`]), ...LINES].join('\n'));
    const said: string[] = [];
    const steps = { ...quietSteps, say: (line: string) => void said.push(line) };
    await takeStatement({ root: folder, args: [file, '--parse-only', ...more], steps }, environment);
    return said;
  }
  const taken = ['2026-03-06 250.00 成都信印科技有限公司 A0000001 read'];

  it.each([
    ['of the account that orders are paid to', PAID_TO],
    ['of another of ours', OURS],
    ['that names no account', null],
  ])('%s: read', async (_, account) => {
    expect(await read(account, { XINYIN_OWN_ACCOUNTS: `5300,${OURS}` })).toEqual(taken);
    expect(process.exitCode).toBeUndefined();
  });

  it('of an account that is not ours: refused with line and column, in both languages, and the account is not repeated', async () => {
    expect(await read(OTHER, { XINYIN_OWN_ACCOUNTS: OURS })).toEqual([
      'refused at line 1/column 2: 不是本机构账户的对账单。 The statement of an account that is not ours. (STATEMENT_OTHER_ACCOUNT)',
    ]);
    expect(process.exitCode).toBe(1);
  });

  it('refused for a program, too', async () => {
    const [line, ...more] = await read(OTHER, { XINYIN_OWN_ACCOUNTS: OURS }, '--json');
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({ refused: { place: 'line 1/column 2', code: 'STATEMENT_OTHER_ACCOUNT' } });
  });

  it.each([{}, { XINYIN_OWN_ACCOUNTS: ' ' }])('any account is read where nobody has said which are ours: %j', async (environment) => {
    expect(await read(OTHER, environment)).toEqual(taken);
  });
});
