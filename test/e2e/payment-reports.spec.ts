/** What the bank says of a payment: who it is, what it may say, and what follows when it contradicts itself. */
import { jest } from '@jest/globals';
import { casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { refundsOf, type Refunds } from '../world/refunds.js';
import { bankSignature, type Signing } from './bank-signature.js';
import { expectRefusal, invalid, notFound } from './refusal.js';

jest.setTimeout(60_000);
const PATH = '/api/v1/callbacks/bank-payments';
const PAYER = '6222 0000 0000 0000';

describe('the report of a payment', () => {
  let office: Office;
  let cases: Cases;
  let refunds: Refunds;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
    refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const send = (content: object, signing: Signing = {}) => {
    const body = JSON.stringify(content);
    const signed = bankSignature(body, { ...office.settings.secrets.bankPush, at: office.clock.now(), path: PATH, ...signing });
    return office.person().attempt('POST', PATH, { file: Buffer.from(body), headers: { 'Content-Type': 'application/json', ...signed } });
  };
  const report = (key: string, change: object = {}) => ({
    idempotencyKey: key,
    reference: 'P2026030600000001',
    status: 'settled',
    at: '2026-03-06T04:00:00Z',
    ...change,
  });
  const open = async () => {
    const filed = await cases.awaitingPayment({ name: `成都回执${office.clock.now().getTime()}医药有限公司` });
    await cases.pay(filed, { amountFen: 10_000 });
    await filed.agent.post(`/api/v1/applications/${filed.id}/withdrawal`);
    await cases.reach(filed, 'closed');
    return refunds.due({ orderId: (await cases.order(filed)).id });
  };
  const casesOfFinance = async () => (await cases.desk('finance')).get<{ id: string; kind: string }[]>('/api/v1/finance-cases');

  it('unsigned, of another key, or not in its form is refused', async () => {
    const key = 'refund-0198c0de-0000-7000-8000-0000000000a1-1';
    expectRefusal(await send(report(key), { secret: 'another secret' }), { status: 401, code: 'SIGNATURE_INVALID' });
    expectRefusal(await send(report(key, { status: 'accepted' })), invalid({ status: 'FIELD_CHOICE' }));
    expectRefusal(await send(report(key)), notFound);
    expectRefusal(await send(report('something-else')), notFound);
  });

  it('told once more after it was paid changes nothing; told that it failed opens a case of finance, once', async () => {
    const refund = await open();
    await refunds.approve(refund);
    await refunds.reach(refund, 'paid');
    const key = `refund-${refund.id}-1`;
    expect((await send(report(key))).status).toBe(202);
    expect(await casesOfFinance()).toEqual([]);
    for (let times = 0; times < 2; times += 1) expect((await send(report(key, { status: 'failed', failure: 'other' }))).status).toBe(202);
    expect(await casesOfFinance()).toMatchObject([{ kind: 'refund-contradicted', amountFen: 10_000 }]);
    expect(await refunds.row(refund.id)).toMatchObject({ state: 'paid' });
    const [first] = await casesOfFinance();
    await (await cases.desk('finance')).post(`/api/v1/finance-cases/${first?.id}/closure`, { note: '已与银行核实' });
  });

  it('paid after all, when it had failed: no second order goes out before finance has seen to it', async () => {
    const refund = await open();
    await refunds.closeAccount(PAYER);
    await refunds.approve(refund);
    await refunds.reach(refund, 'failed');
    await refunds.closeAccount(PAYER, false);
    expect((await send(report(`refund-${refund.id}-1`))).status).toBe(202);
    await refunds.redirect(refund, { name: '成都新户医药有限公司', account: '51007777' });
    expectRefusal(await refunds.decide(refund, 'second-finance'), { status: 409, code: 'REFUND_CONTRADICTED' });
    expect(await refunds.payments(refund)).toHaveLength(1);

    const [open1] = await casesOfFinance();
    const finance = await cases.desk('finance');
    expectRefusal(
      await finance.attempt('POST', `/api/v1/finance-cases/${open1?.id}/closure`, { json: { note: '' } }),
      invalid({ note: 'FIELD_REQUIRED' }),
    );
    await finance.post(`/api/v1/finance-cases/${open1?.id}/closure`, { note: '银行确认未付' });
    expectRefusal(await finance.attempt('POST', `/api/v1/finance-cases/${open1?.id}/closure`, { json: { note: '再次' } }), {
      status: 409,
      code: 'ALREADY_DECIDED',
    });
    expect(await refunds.decide(refund, 'second-finance')).toMatchObject({ status: 204 });
    await refunds.reach(refund, 'paid');
  });
});
