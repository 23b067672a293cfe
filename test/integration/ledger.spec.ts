/** The ledger on real Postgres: what each act posts. Rules: business.md, "Money"; docs/decisions/0037. */
import { randomUUID } from 'node:crypto';
import { BankCredit, FeeOrder, recordCredit } from '#persistence';
import { FINANCE, openLedger, type LedgerWorld } from './ledger-world.js';
import { aCertificate, creditFacts, NOW } from './rows.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await openLedger();
}, 60_000);
afterAll(() => world.data.destroy());

describe('each act is posted', () => {
  it('D ledger: a credit is received and held; matched it is held for its order; at completion it is earned', async () => {
    const order = await world.ordered();
    let creditId = '';
    expect(await world.effect(async () => (creditId = await world.recorded(order.certificateName, 25_000)))).toEqual({
      received: 25_000,
      held: 25_000,
    });
    expect(await world.effect(() => world.act.decideCredit({ creditId }))).toEqual({});
    expect(await world.effect(() => world.complete(order))).toEqual({ held: -25_000, earned: 25_000 });
  });

  it('D ledger: too much is owed back at once, and only what was asked for is earned', async () => {
    const order = await world.ordered();
    expect(await world.effect(() => world.credited(order.certificateName, 26_234))).toEqual({
      received: 26_234,
      held: 25_000,
      'to-refund': 1_234,
    });
    expect(await world.effect(() => world.complete(order))).toEqual({ held: -25_000, earned: 25_000 });
    expect(await world.refundsOf({ orderId: order.id })).toMatchObject([
      { reason: 'surplus', amountFen: 1_234, state: 'due', payeeAccount: '51001234' },
    ]);
  });

  it('D ledger: paid in parts and withdrawn: each part is owed to where it came from, and paid back once', async () => {
    const order = await world.ordered();
    await world.credited(order.certificateName, 10_000);
    await world.credited(order.certificateName, 5_000);
    expect(await world.effect(() => world.close(order))).toEqual({ held: -15_000, 'to-refund': 15_000 });
    expect(await world.effect(() => world.close(order))).toEqual({});
    const refunds = await world.refundsOf({ orderId: order.id });
    expect(refunds.map(({ amountFen }) => amountFen).sort((one, other) => one - other)).toEqual([5_000, 10_000]);
    expect(await world.effect(() => Promise.all(refunds.map(world.paidBack)))).toEqual({ 'to-refund': -15_000, refunded: 15_000 });
    expect(
      await world.effect(() => Promise.all(refunds.map(({ id, attempt }) => world.act.settleRefund({ refundId: id, attempt })))),
    ).toEqual({});
  });

  it('D ledger: what a window takes is held for its order, and goes back by an account that finance gives', async () => {
    const order = await world.ordered({ payer: 'on-the-spot' });
    const slip = { method: 'card', slipNumber: randomUUID(), amountFen: 25_000, by: FINANCE } as const;
    expect(await world.effect(() => world.act.takeWindowPayment({ applicationId: order.applicationId, ...slip }))).toEqual({
      received: 25_000,
      held: 25_000,
    });
    expect(await world.effect(() => world.close(order))).toEqual({ held: -25_000, 'to-refund': 25_000 });
    expect(await world.refundsOf({ orderId: order.id })).toMatchObject([{ creditId: null, payeeAccount: null, state: 'due' }]);
  });

  it('D ledger: a report that contradicts another is no money', async () => {
    const facts = creditFacts({ payerName: '成都矛盾医药有限公司' });
    await world.data.transaction((tx) => recordCredit(tx, facts, 'push', NOW));
    expect(
      await world.effect(() => world.data.transaction((tx) => recordCredit(tx, { ...facts, amountFen: 1 }, 'statement', NOW))),
    ).toEqual({});
  });

  it.each([
    ['other-income', { held: -7_000, earned: 7_000 }],
    ['window-receipt', { held: -7_000, received: -7_000 }],
  ] as const)('D ledger: held and explained as %s', async (noteCode, expected) => {
    const creditId = await world.credited('绵阳无关贸易有限公司', 7_000);
    const explanationId = await world.explain(creditId, { kind: 'other', noteCode });
    expect(await world.effect(() => world.act.closeExplanation({ explanationId, outcome: 'approved', by: null }))).toEqual(expected);
    expect(await world.effect(() => world.act.closeExplanation({ explanationId, outcome: 'approved', by: null }))).toEqual({});
    expect(await world.data.manager.findOneBy(BankCredit, { id: creditId })).toMatchObject({ state: 'explained', noteCode });
  });
});

describe('a credit that the bank takes back', () => {
  it('D money: before anything was issued the order is open again, and another credit pays it', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 25_000);
    expect(await world.effect(() => world.act.reverseCredit({ creditId }))).toEqual({ received: -25_000, held: -25_000 });
    expect(await world.data.manager.findOneBy(FeeOrder, { id: order.id })).toMatchObject({ status: 'open', receivedFen: 0, paidAt: null });
    expect(await world.data.query('SELECT 1 FROM finance_case WHERE credit_id = $1', [creditId])).toEqual([]);
    expect(await world.act.decideCredit({ creditId })).toEqual({ applicationId: null, result: 'held' });
    await world.credited(order.certificateName, 25_000);
    expect(await world.data.manager.findOneBy(FeeOrder, { id: order.id })).toMatchObject({ status: 'paid' });
  });

  it('D money: of a case that ended without its purpose the order stays closed: it takes no later transfer, and stands in no other order’s way', async () => {
    const order = await world.ordered();
    const { certificateName, payerKey } = order;
    const creditId = await world.credited(certificateName, 25_000);
    await world.close(order);
    expect(await world.effect(() => world.act.reverseCredit({ creditId }))).toEqual({ received: -25_000, 'to-refund': -25_000 });
    expect(await world.act.reverseCredit({ creditId })).toMatchObject({ reopened: [] });
    const now = () => world.data.manager.findOneBy(FeeOrder, { id: order.id });
    expect(await now()).toMatchObject({ status: 'cancelled', receivedFen: 0, paidAt: null });
    const late = await world.credited(certificateName, 25_000);
    expect(await world.data.manager.findOneBy(BankCredit, { id: late })).toMatchObject({ state: 'held', heldReason: 'late' });
    const another = await world.ordered({ certificateName, payerKey });
    await world.credited(certificateName, 25_000);
    expect(await world.data.manager.findOneBy(FeeOrder, { id: another.id })).toMatchObject({ status: 'paid' });
    expect(await now()).toMatchObject({ status: 'cancelled', receivedFen: 0 });
  });

  it('D money: after issuing, finance gets a case; what was earned is not', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 25_000);
    await aCertificate(world.data, { applicationId: order.applicationId });
    await world.complete(order);
    expect(await world.effect(() => world.act.reverseCredit({ creditId }))).toEqual({ received: -25_000, earned: -25_000 });
    expect(await world.effect(() => world.act.reverseCredit({ creditId }))).toEqual({});
    expect(
      await world.data.query('SELECT kind, amount_fen::int AS fen, order_id FROM finance_case WHERE credit_id = $1', [creditId]),
    ).toEqual([{ kind: 'credit-reversed', fen: 25_000, order_id: order.id }]);
    expect(await world.effect(() => world.credited(order.certificateName, 25_000))).toEqual({ received: 25_000, earned: 25_000 });
  });

  it('D money: what the bank is being told to pay is not there to be taken: a claim, and the refund goes its way', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 26_000);
    const refunds = await world.refundsOf({ creditId });
    for (const refund of refunds) await world.approve(refund);
    const about = { refundId: refunds[0]?.id ?? '', attempt: 1 };
    expect(await world.effect(() => world.act.reverseCredit({ creditId }))).toEqual({ received: -26_000, held: -26_000 });
    expect(await world.effect(() => world.act.settleRefund(about))).toEqual({ 'to-refund': -1_000, refunded: 1_000 });
  });

  it('D money: what was to be refunded of it is not; what was refunded is a claim for finance', async () => {
    const [due, paid] = [await world.ordered(), await world.ordered()];
    const [first, second] = [await world.credited(due.certificateName, 26_000), await world.credited(paid.certificateName, 26_000)];
    expect(await world.effect(() => world.act.reverseCredit({ creditId: first }))).toEqual({
      received: -26_000,
      held: -25_000,
      'to-refund': -1_000,
    });
    expect(await world.refundsOf({ creditId: first })).toMatchObject([{ state: 'withdrawn' }]);
    for (const refund of await world.refundsOf({ creditId: second })) await world.paidBack(refund);
    expect(await world.effect(() => world.act.reverseCredit({ creditId: second }))).toEqual({ received: -26_000, held: -26_000 });
    expect(await world.data.query('SELECT amount_fen::int AS fen FROM finance_case WHERE credit_id = $1', [second])).toEqual([
      { fen: 26_000 },
    ]);
  });
});
