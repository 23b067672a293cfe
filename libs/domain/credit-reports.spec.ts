import { sameCredit } from './credit-matching.js';

describe('one bank reference told twice', () => {
  const told = { amountFen: 25_000, payerName: '成都信印科技（集团）有限公司', payerAccount: '6222 0000 0000 0001' };

  it.each([
    ['the same', {}, true],
    ['the same, in half width and without spaces', { payerName: '成都信印科技(集团)有限公司', payerAccount: '6222000000000001' }, true],
    ['another amount', { amountFen: 25_001 }, false],
    ['another payer', { payerName: '成都信印科技有限公司' }, false],
    ['no account', { payerAccount: '' }, true],
    ['another account', { payerAccount: '6222 0000 0000 0002' }, false],
  ])('%s: one credit is %j', (_, change, same) => {
    expect(sameCredit(told, { ...told, ...change })).toBe(same);
  });
});
