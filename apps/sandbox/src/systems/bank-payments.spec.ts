/** Money going out: paid once a key, whatever is lost on the way, and its end told until it is heard. */
import { parsePaymentReport } from '#gateways';
import { NOON, listen, specWorld } from '../spec/world.js';

const ear = await listen('/api/v1/callbacks/bank-payments');
afterAll(() => ear.close());
const world = specWorld({ bankPush: { ...ear.target, url: ear.target.url.replace('-payments', '') } });
beforeEach(async () => {
  ear.heard.length = 0;
  ear.refuseNext = 0;
  await world.start();
});
afterEach(() => world.close());

const PAYMENT = {
  idempotencyKey: 'refund-a-1',
  payeeName: '成都某某药业有限公司',
  payeeAccount: '5100123',
  amountFen: 10_000,
  remittance: '退款 XB2026000001',
};
const { pay, payment } = {
  pay: (change: object = {}) => world.gateways.bank.pay({ ...PAYMENT, ...change }),
  payment: (key = PAYMENT.idempotencyKey) => world.gateways.bank.payment(key),
};
const listed = async () => (await world.people('GET', '/bank/payments')).value as { key: string }[];
const order = (fault: object) => world.people('POST', '/faults', { system: 'bank', ...fault });

describe('a payment', () => {
  it('is taken, settled, and reported in the form our API reads', async () => {
    expect(await pay()).toEqual({ reference: 'P2026030600000001', status: 'accepted' });
    const report = { idempotencyKey: 'refund-a-1', reference: 'P2026030600000001', status: 'settled', at: NOON.toISOString() };
    expect((await ear.until(1)).map(parsePaymentReport)).toEqual([report]);
    expect(await payment()).toEqual({ reference: 'P2026030600000001', status: 'settled' });
  });

  it('ordered again under its key, also after a restart or a lost answer, is one payment', async () => {
    const first = await pay();
    await world.restart();
    expect(await pay()).toEqual(first);
    await order({ kind: 'lost-answer', count: 1, delayMs: 0 });
    await pay({ idempotencyKey: 'refund-b-1' });
    await pay({ idempotencyKey: 'refund-b-1' });
    expect((await listed()).map(({ key }) => key)).toEqual(['refund-b-1', 'refund-a-1']);
  });

  it('under a key that was used for another is refused', async () => {
    await pay();
    await expect(pay({ amountFen: 1 })).rejects.toMatchObject({ code: 'GATEWAY_REFUSED', params: { reason: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await listed()).toHaveLength(1);
  });

  it('to a closed account fails, and says why; opened again, another key pays', async () => {
    await world.people('POST', '/bank/accounts', { account: PAYMENT.payeeAccount, closed: true });
    expect(await pay()).toMatchObject({ status: 'accepted' });
    expect(await ear.until(1)).toMatchObject([{ status: 'failed', failure: 'account-closed' }]);
    expect(await payment()).toMatchObject({ status: 'failed', failure: 'account-closed' });
    await world.people('POST', '/bank/accounts', { account: PAYMENT.payeeAccount, closed: false });
    await pay({ idempotencyKey: 'refund-a-2' });
    expect(await payment('refund-a-2')).toMatchObject({ status: 'settled' });
  });

  it('that the bank has never heard of is none', async () => {
    expect(await payment('refund-never-1')).toBeNull();
  });

  it('is reported twice when so ordered, and late when it is kept back', async () => {
    await order({ kind: 'duplicate', count: 1 });
    await pay();
    expect(await ear.until(2)).toHaveLength(2);
    await order({ kind: 'out-of-order', count: 1 });
    await pay({ idempotencyKey: 'refund-b-1' });
    await world.people('DELETE', '/faults/bank');
    expect(await ear.until(3)).toMatchObject([{}, {}, { idempotencyKey: 'refund-b-1' }]);
  });

  it('is reported again when the API could not hear it, also after a restart', async () => {
    ear.refuseNext = 1;
    await pay();
    await world.restart();
    expect(await ear.until(1)).toMatchObject([{ idempotencyKey: 'refund-a-1' }]);
  });
});
