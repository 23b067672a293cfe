/** The ledger on real Postgres: what each act posts. Rules: business.md, "Money"; docs/decisions/0037. */
import { randomUUID } from 'node:crypto';
import { BankCredit, FeeOrder, FinanceCase, recordCredit, type Refund } from '#persistence';
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

describe('the payment of a refund that the bank takes back', () => {
  /** 26,000 came for an order of 25,000: the 1,000 over it were refunded, by the payment `P-<refund>`. */
  async function paid(): Promise<{ order: FeeOrder; creditId: string; refund: Refund }> {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 26_000);
    const [due] = await world.refundsOf({ creditId });
    if (!due) throw new Error('nothing is owed');
    await world.data.query('UPDATE refund SET bank_reference = $2 WHERE id = $1', [due.id, `P-${due.id}`]);
    await world.paidBack(due);
    const [refund] = await world.refundsOf({ creditId });
    return { order, creditId, refund: refund ?? due };
  }
  const matters = (creditId: string) => world.data.manager.findBy(FinanceCase, { creditId });

  it('D money: is owed again under a refund of its own, to no account yet; the one that was paid stays paid; finance has a case, once', async () => {
    const { order, creditId, refund } = await paid();
    const told = () => world.cameBack(refund, { reversalOf: `P-${refund.id}` });
    expect(await world.effect(told)).toEqual({ refunded: -1_000, 'to-refund': 1_000 });
    expect(await world.effect(told)).toEqual({});
    const [first, second] = (await world.refundsOf({ creditId })).sort((one, other) => (one.state < other.state ? 1 : -1));
    expect(first).toMatchObject({ id: refund.id, state: 'paid' });
    expect(second).toMatchObject({
      ...{ reason: 'returned', returnedOf: refund.id, orderId: order.id, amountFen: 1_000, state: 'due' },
      ...{ payeeName: null, payeeAccount: null, proposedBy: null, attempt: 1, startedAt: null },
    });
    expect(await matters(creditId)).toMatchObject([
      { kind: 'refund-returned', onceKey: `refund-returned/refund-${refund.id}-1`, orderId: order.id, amountFen: 1_000, closedAt: null },
    ]);
  });

  it('D money: paid again it is refunded again, and may come back again', async () => {
    const { creditId, refund } = await paid();
    await world.cameBack(refund, { reversalOf: `P-${refund.id}` });
    const due = (await world.refundsOf({ creditId })).find(({ state }) => state === 'due');
    if (!due) throw new Error('nothing is owed again');
    const account = `UPDATE refund SET payee_name = '成都新户医药有限公司', payee_account = '51009999', bank_reference = $2 WHERE id = $1`;
    await world.data.query(account, [due.id, `P-${due.id}`]);
    const again = (await world.refundsOf({ creditId })).find(({ id }) => id === due.id) ?? due;
    expect(await world.effect(() => world.paidBack(again))).toEqual({ 'to-refund': -1_000, refunded: 1_000 });
    const told = () => world.cameBack(again, { reversalOf: `P-${again.id}` });
    expect(await world.effect(told)).toEqual({ refunded: -1_000, 'to-refund': 1_000 });
    expect((await world.refundsOf({ creditId })).filter(({ state }) => state === 'due')).toMatchObject([{ returnedOf: refund.id }]);
    expect(await matters(creditId)).toHaveLength(2);
  });

  it('D money: named by nobody, it is the only one that was paid to that account with that amount; of two alike it is neither', async () => {
    const { refund } = await paid();
    expect(await world.effect(() => world.cameBack(refund))).toEqual({ refunded: -1_000, 'to-refund': 1_000 });
    const order = await world.ordered();
    for (const _ of ['one part', 'another']) await world.credited(order.certificateName, 5_000);
    await world.close(order);
    const alike = await world.refundsOf({ orderId: order.id });
    for (const each of alike) await world.paidBack(each);
    const paidOut = await world.refundsOf({ orderId: order.id });
    expect(await world.effect(() => world.cameBack(paidOut[0] ?? refund))).toEqual({});
  });

  it('D money: of another amount, before it was approved, or not paid at all: it stays unlinked, and nothing moves', async () => {
    const { creditId, refund } = await paid();
    const named = { reversalOf: `P-${refund.id}` };
    expect(await world.effect(() => world.cameBack(refund, { ...named, amountFen: 999 }))).toEqual({});
    expect(await world.effect(() => world.cameBack(refund, { ...named, bookedDay: '2026-03-01' }))).toEqual({});
    expect(await world.effect(() => world.cameBack(refund, { reversalOf: 'P-unknown' }))).toEqual({});
    expect(await matters(creditId)).toEqual([]);
  });

  it('D money: after the credit itself was taken back, it is owed to nobody: it settles what the payer owed', async () => {
    const { creditId, refund } = await paid();
    await world.act.reverseCredit({ creditId });
    expect(await world.effect(() => world.cameBack(refund, { reversalOf: `P-${refund.id}` }))).toEqual({ refunded: -1_000, held: 1_000 });
    expect((await world.refundsOf({ creditId })).map(({ state }) => state)).toEqual(['paid']);
    expect((await matters(creditId)).map(({ kind }) => kind).sort()).toEqual(['credit-reversed', 'refund-returned']);
  });

  it('D money: before the credit itself is taken back, that takes it as well, and no claim is left', async () => {
    const { creditId, refund } = await paid();
    await world.cameBack(refund, { reversalOf: `P-${refund.id}` });
    expect(await world.effect(() => world.act.reverseCredit({ creditId }))).toEqual({
      received: -26_000,
      held: -25_000,
      'to-refund': -1_000,
    });
    expect((await world.refundsOf({ creditId })).map(({ state }) => state).sort()).toEqual(['paid', 'withdrawn']);
    expect((await matters(creditId)).map(({ kind }) => kind)).toEqual(['refund-returned']);
  });
});
