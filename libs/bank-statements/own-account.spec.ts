/** Whose account a statement is of. Where a file names one, it must be ours; decision 0043. */
import { XinyinError } from '#domain';
import { readStatement } from './index.js';
import { camtText, mt940Text, workbookOf, type Sample } from './samples.js';

const NOW = new Date('2026-03-10T00:00:00Z');
const OURS = ['5101 0001 0002 0003', '5200'];
const sample: Sample = {
  day: '2026-03-06',
  valueDay: '2026-03-06',
  amountFen: 25_000,
  reversal: false,
  reference: 'A0000001',
  name: '成都信印科技有限公司',
  account: '6222',
  remittance: '证书费',
};
const HEADER = '交易日期,贷方发生额,对方户名,流水号';
const ENTRY = '2026-03-06,250.00,成都信印科技有限公司,A0000001';

const csv = (...lines: string[]) => Buffer.from(lines.join('\n'), 'utf8');
/** `taken`, or place and code of the refusal. */
async function outcome(bytes: Buffer, ownAccounts: readonly string[] = OURS): Promise<string> {
  try {
    await readStatement(bytes, { now: NOW, ownAccounts });
    return 'taken';
  } catch (failure) {
    if (!(failure instanceof XinyinError)) throw failure;
    return failure.fields.map(({ field, code }) => `${field} ${code}`).join();
  }
}

it.each([
  ['camt.053', camtText([sample]).replace('>5100<', '>5101000100020003<')],
  ['camt.053 of the second of ours', camtText([sample]).replace('>5100<', '>5200<')],
  ['MT940', mt940Text([sample]).replace(':25:5100', ':25:5101000100020003')],
  ['MT940 with the bank before it and the currency behind', mt940Text([sample]).replace(':25:5100', ':25:SZDBCNBS/5101000100020003CNY')],
])('%s of our account is taken', async (_, text) => {
  expect(await outcome(Buffer.from(text))).toBe('taken');
});

it.each([
  ['camt.053', Buffer.from(camtText([sample])), 'line 2/Acct'],
  ['MT940', Buffer.from(mt940Text([sample])), 'line 2/:25:'],
  ['a CSV that names it in its title', csv('户名：信印,账号：5109 0000 0000 0001', HEADER, ENTRY), 'line 1/column 2'],
  ['a CSV with the label in a cell of its own', csv('查询账号,5109000000000001', HEADER, ENTRY), 'line 1/column 2'],
  ['a CSV whose lines name it', csv(`${HEADER},本方账号`, `${ENTRY},5109000000000001`), 'line 2/本方账号'],
  [
    'a workbook',
    workbookOf([
      [{ text: '账号' }, { text: '5109000000000001' }],
      ...[HEADER, ENTRY].map((line) => line.split(',').map((text) => ({ text }))),
    ]),
    '明细!B1',
  ],
])('%s of another account is refused, and the account is not repeated', async (_, bytes, place) => {
  const said = await outcome(bytes);
  expect(said).toMatch(new RegExp(`${place} STATEMENT_OTHER_ACCOUNT$`));
  expect(said).not.toMatch(/5109/);
});

it.each([
  ['printed in groups', '账号：5101 0001 0002 0003'],
  ['printed with stars', '账号：5101********0003'],
  ['in full-width digits', '账号：５１０１０００１０００２０００３'],
])('ours %s is ours', async (_, title) => {
  expect(await outcome(csv(title, HEADER, ENTRY))).toBe('taken');
});

it('stars that hide another account do not make it ours', async () => {
  expect(await outcome(csv('账号：5101********0004', HEADER, ENTRY))).toBe('line 1/column 1 STATEMENT_OTHER_ACCOUNT');
});

it('a file that names no account is taken, and any is where nobody has said which are ours', async () => {
  expect(await outcome(csv(HEADER, ENTRY))).toBe('taken');
  expect(await outcome(Buffer.from(camtText([sample])), [])).toBe('taken');
});
