/** What the bank's statements of a day say, held against what is ours: nothing that moved is missing. Rules: business.md, "Money"; decision 0050. */
import { calendarDay, differencesOf } from '#domain';
import { readDay, Refund } from '#persistence';
import { FINANCE, openLedger, SECOND, type LedgerWorld } from './ledger-world.js';

const DAY = '2026-03-02';
const OVER = new Date('2026-03-03T01:00:00Z');
const FEE = 25_000;

describe('the entries of a day’s statements', () => {
  let world: LedgerWorld;
  beforeAll(async () => {
    world = await openLedger();
  }, 60_000);
  afterAll(() => world.data.destroy());

  const differences = async (about: string, day = DAY) => {
    const found = differencesOf(await readDay(world.data.manager, calendarDay(day)));
    return found.filter(({ reference }) => reference === about).map(({ kind, amountFen }) => [kind, amountFen]);
  };
  const reversalOf = (reference: string) => `${DAY},,-70.00,绵阳冲正贸易有限公司,51001234,冲正,R${reference},${reference}`;

  it('D reconciliation: a reversal that fits nothing, and what goes out for no refund, stand on their day with the bank’s number', async () => {
    const lines = [reversalOf('NOBODY1'), `${DAY},12.00,,示例银行成都分行,1,账户管理费,FEE0001,`];
    await world.stated(lines);
    // Told again in another file, it is the same movement.
    await world.stated([...lines, `2026-02-27,3.00,,示例银行成都分行,1,账户管理费,FEE0002,`]);
    expect(await differences('RNOBODY1')).toEqual([['reversal-unlinked', -7_000]]);
    expect(await differences('FEE0001')).toEqual([['debit-unknown', -1_200]]);
    expect(await differences('FEE0002')).toEqual([]);
    expect(await differences('FEE0002', '2026-02-27')).toEqual([['debit-unknown', -300]]);
  });

  it('D reconciliation: a reversal that comes to fit is one no longer: the credit stands there as taken back', async () => {
    await world.stated([reversalOf('LATER1')]);
    expect(await differences('RLATER1')).toEqual([['reversal-unlinked', -7_000]]);
    await world.stated([`${DAY},,70.00,绵阳冲正贸易有限公司,51001234,货款,LATER1,`]);
    expect(await differences('RLATER1')).toEqual([]);
    expect(await differences('LATER1')).toEqual([['reversed', 7_000]]);
  });

  it('D reconciliation: a credit taken back on a later day stands on that day, too', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, FEE, '', 'OLD0001');
    await world.act.reverseCredit({ creditId });
    await world.data.query(`UPDATE bank_credit SET reversed_at = '2026-03-12T04:00:00Z' WHERE id = $1`, [creditId]);
    expect(await differences('OLD0001', '2026-03-12')).toEqual([['reversed', FEE]]);
    expect(await differences('OLD0001', '2026-03-11')).toEqual([]);
  });

  it('D reconciliation: a refund that is booked as paid and goes out in no statement, once that of the whole day has come', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, FEE + 1_000);
    const [refund] = await world.refundsOf({ creditId });
    const refundId = refund?.id ?? '';
    for (const by of [FINANCE, SECOND]) await world.act.decideRefund({ refundId, attempt: 1, outcome: 'approved', by });
    await world.data.manager.update(Refund, { id: refundId }, { state: 'ordered', bankReference: 'PAY0001' });
    await world.act.settleRefund({ refundId, attempt: 1 });
    const undebited = async () => (await differences(order.reference)).filter(([kind]) => kind === 'refund-undebited');
    // What came while the day ran does not have all of it.
    await world.stated([`${DAY},1.00,,示例银行成都分行,1,账户管理费,FEE0003,`]);
    expect(await undebited()).toEqual([]);
    await world.stated([`${DAY},2.00,,示例银行成都分行,1,账户管理费,FEE0004,`], OVER);
    expect(await undebited()).toEqual([['refund-undebited', 1_000]]);
    await world.stated([`${DAY},10.00,,成都账本医药有限公司,51001234,退款,PAY0001,`], OVER);
    expect(await undebited()).toEqual([]);
    expect(await differences('PAY0001')).toEqual([]);
  });
});
