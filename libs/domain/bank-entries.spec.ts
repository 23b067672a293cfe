import { accountTypeByName, entryLikeness, entryReason } from './bank-entries.js';

describe('two entries that may be one, told in two ways', () => {
  const entry = { day: '2026-03-06', amountFen: 25_000, payerName: '成都信印（集团）有限公司', remittance: '证书费 XB-2026-000001' };

  it.each<[string, object, boolean]>([
    ['the wording of the remittance', { remittance: 'xb2026000001' }, true],
    ['the width of a bracket', { payerName: '成都信印(集团)有限公司' }, true],
    ['the day', { day: '2026-03-07' }, false],
    ['the direction', { amountFen: -25_000 }, false],
    ['the payer', { payerName: '成都信印有限公司' }, false],
    ['the order named', { remittance: 'XB-2026-000002' }, false],
    ['that no order is named', { remittance: '证书费' }, false],
  ])('%s differs: alike %j %s', (_, change, alike) => {
    expect(entryLikeness({ ...entry, ...change }) === entryLikeness(entry)).toBe(alike);
  });
});

it.each([
  ['张三', 'personal'],
  ['张三丰药店', 'corporate'],
  ['华西医院', 'corporate'],
  ['某某某某某', 'corporate'],
  ['', 'corporate'],
])('D: an account of %j without a kind is %s', (name, type) => {
  expect(accountTypeByName(name)).toBe(type);
});

it('every standing but a match has its reason in both languages', () => {
  expect(entryReason('matched', null, 'credit')).toBeNull();
  expect(entryReason('held', 'no-order', 'credit')).toMatchObject({ code: 'no-order', zh: '没有对应的缴费单' });
  expect(entryReason('reversal', null, null)).toMatchObject({ code: 'reversal-unlinked' });
  expect(entryReason('reversal', null, 'credit')).toMatchObject({ code: 'reversal-linked' });
  expect(entryReason('reversal', null, 'refund')).toMatchObject({ code: 'reversal-returned' });
  for (const standing of ['waiting', 'recorded', 'known', 'debit'] as const)
    expect(entryReason(standing, null, null)).toMatchObject({ code: standing, zh: expect.stringMatching(/\p{Script=Han}/u) });
});
