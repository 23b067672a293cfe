/** A refund's payment as a line of the bank's statement: the same confirmation, once, whichever comes first. Decision 0043. */
import { BankStatementEntry, FinanceCase, LedgerPosting, Refund } from '#persistence';
import { casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { refundsOf, type Refunds } from '../world/refunds.js';

const PATH = '/api/v1/credits/statements';
/** Of Shanghai: entries without a reference are known by their day, which no midnight may part. */
const DAY = '2026-03-04';
const HEADER = '交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要,流水号';

describe('a refund that a statement shows as paid', () => {
  let office: Office;
  let cases: Cases;
  let refunds: Refunds;
  beforeAll(async () => {
    office = await openOffice({ at: `${DAY}T10:00:00+08:00` });
    cases = casesOf(office);
    refunds = refundsOf(office, cases);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  /** Owed back, approved, and with the bank, whose report is kept back. */
  async function ordered(name: string): Promise<{ refund: Refund; orderId: string; reference: string }> {
    const filed = await cases.awaitingPayment({ name });
    await cases.pay(filed, { amountFen: 10_000 });
    await filed.agent.post(`/api/v1/applications/${filed.id}/withdrawal`);
    await cases.reach(filed, 'closed');
    const { id: orderId } = await cases.order(filed);
    const refund = await refunds.due({ orderId });
    await office.fault('bank', 'out-of-order', { count: 2 });
    expect(await refunds.approve(refund)).toMatchObject({ status: 204 });
    const { bankReference } = await refunds.reach(refund, 'ordered');
    return { refund, orderId, reference: bankReference ?? '' };
  }
  const debit = (reference: string, yuan: string) => `${DAY},${yuan},,成都退款医药有限公司,6222 0000 0000 0000,退款,${reference}`;
  async function take(...lines: string[]): Promise<string> {
    const finance = await cases.desk('finance');
    const { status, body } = await finance.attempt('POST', PATH, { file: Buffer.from([HEADER, ...lines].join('\n')) });
    expect(status).toBe(202);
    const { sha256 } = body as { sha256: string };
    await office.until(
      async () => ((await finance.get<{ state: string }>(`${PATH}/${sha256}`)).state === 'done' ? true : null),
      'the import',
    );
    return sha256;
  }
  const outcomes = async (sha256: string) =>
    (await (await cases.desk('finance')).get<{ outcome: string }[]>(`${PATH}/${sha256}/entries`)).map(({ outcome }) => outcome);
  const paidPostings = (refund: Refund) => office.data.manager.countBy(LedgerPosting, { onceKey: `refund-paid/${refund.id}` });

  it('before the bank’s report: it is paid by the statement, and the report changes nothing', async () => {
    const { refund, orderId, reference } = await ordered('成都先单医药有限公司');
    const sha256 = await take(debit(reference, '100.00'));
    await refunds.reach(refund, 'paid');
    expect(await outcomes(sha256)).toEqual(['refund']);
    await office.clearFaults('bank');
    await office.until(async () => ((await refunds.payments(refund)).length === 1 ? true : null), 'the bank’s list');
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
    expect(await paidPostings(refund)).toBe(1);
    expect(await office.data.manager.countBy(FinanceCase, { kind: 'refund-contradicted' })).toBe(0);
  }, 90_000);

  it('after the bank’s report: it is found paid, also when the file is brought twice', async () => {
    const { refund, orderId, reference } = await ordered('成都后单医药有限公司');
    await office.clearFaults('bank');
    await refunds.reach(refund, 'paid');
    const sha256 = await take(debit(reference, '100.00'));
    expect(await outcomes(sha256)).toEqual(['refund']);
    const again = await take(debit(reference, '100.00'), `${DAY},,10.00,绵阳无关贸易有限公司,6222,货款,OTHER001`);
    expect(await outcomes(again)).toEqual(['known', 'held']);
    expect(await office.data.manager.countBy(BankStatementEntry, { refundId: refund.id })).toBe(1);
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
    expect(await paidPostings(refund)).toBe(1);
  }, 90_000);

  it('of another amount is a matter for finance, and confirms nothing', async () => {
    const { refund, orderId, reference } = await ordered('成都错额医药有限公司');
    await take(debit(reference, '100.01'));
    expect(await refunds.row(refund.id)).toMatchObject({ state: 'ordered' });
    expect(await refunds.ledger(orderId)).toEqual({ 'to-refund': 10_000 });
    expect(await office.data.manager.countBy(FinanceCase, { kind: 'refund-contradicted', orderId })).toBe(1);
    await office.clearFaults('bank');
    await refunds.reach(refund, 'paid');
  }, 90_000);

  it('and later takes back is owed again: finance has a case, gives another account, another approves, and it is paid once more', async () => {
    const { refund, orderId, reference } = await ordered('成都退汇医药有限公司');
    await take(debit(reference, '100.00'));
    await refunds.reach(refund, 'paid');
    await office.clearFaults('bank');
    // On the paying side with a minus, as banks print 退汇.
    const back = `${DAY},-100.00,,成都退汇医药有限公司,6222 0000 0000 0000,退汇 原流水号${reference},BACK${reference}`;
    const sha256 = await take(back);
    const finance = await cases.desk('finance');
    const [entry] = await finance.get<{ outcome: string; amountFen: number; reason: { code: string } }[]>(`${PATH}/${sha256}/entries`);
    expect(entry).toMatchObject({ outcome: 'reversal', amountFen: 10_000, reason: { code: 'reversal-returned' } });
    expect(await refunds.row(refund.id)).toMatchObject({ state: 'paid' });
    expect(await refunds.ledger(orderId)).toEqual({ 'to-refund': 10_000 });
    const open = await finance.get<{ id: string; kind: string; zh: string; orderId: string }[]>('/api/v1/finance-cases');
    const matter = open.find((each) => each.kind === 'refund-returned' && each.orderId === orderId);
    expect(matter).toMatchObject({ zh: '已付退款被银行退回，待重新退款', amountFen: 10_000 });
    const report = await finance.get<{ differences: { kind: string; amountFen: number }[] }>(`/api/v1/reconciliations/${DAY}`);
    expect(report.differences.filter(({ kind }) => kind === 'refund-returned')).toMatchObject([{ amountFen: 10_000 }]);

    const { id: again } = await office.data.manager.findOneByOrFail(Refund, { returnedOf: refund.id });
    const owed = await refunds.due({ id: again });
    expect(await refunds.decide(owed)).toMatchObject({ status: 409, body: { code: 'REFUND_PAYEE_MISSING' } });
    expect(await refunds.redirect(owed, { name: '成都退汇医药有限公司', account: '51009999' })).toMatchObject({ status: 204 });
    expect(await refunds.decide(owed)).toMatchObject({ body: { code: 'FOUR_EYES' } });
    expect(await refunds.decide(owed, 'supervisor')).toMatchObject({ status: 204 });
    await refunds.reach(owed, 'paid');
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
    expect(await refunds.payments(owed)).toMatchObject([{ payeeAccount: '51009999', amountFen: 10_000, status: 'settled' }]);
    // The same file again takes nothing back: what was paid since is another refund.
    await take(back, `${DAY},,10.00,绵阳无关贸易有限公司,6222,货款,OTHER002`);
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
    expect(
      (await finance.attempt('POST', `/api/v1/finance-cases/${matter?.id}/closure`, { json: { note: '收款账户已更换' } })).status,
    ).toBe(204);
  }, 120_000);

  it('money that goes out for anything else pays no refund', async () => {
    const sha256 = await take(debit('FEE00000001', '100.00'));
    expect(await outcomes(sha256)).toEqual(['debit']);
  }, 60_000);
});
