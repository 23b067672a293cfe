/** What the database itself refuses of the ledger, of refunds and of explanations; a superuser is connected, and it refuses all the same. */
import { randomUUID } from 'node:crypto';
import { BankCredit, CreditExplanation, post, Refund, RefundPayee, WindowPayment } from '#persistence';
import { FINANCE, openLedger, SECOND, THIRD, type LedgerWorld } from './ledger-world.js';
import { aCertificate, creditFacts, NOW } from './rows.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await openLedger();
}, 60_000);
afterAll(() => world.data.destroy());

describe('the database refuses', () => {
  const refused = (words: RegExp) => ({ message: expect.stringMatching(words) as string });
  const once = () => randomUUID();

  it('D ledger: a posting whose sides are not equal, or that has one side', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 25_000);
    const [held, earned] = [
      { account: 'held', creditId, orderId: order.id },
      { account: 'earned', creditId, orderId: order.id },
    ] as const;
    for (const lines of [
      [
        { ...held, amountFen: 100 },
        { ...earned, amountFen: -99 },
      ],
      [{ ...held, amountFen: 100 }],
    ])
      await expect(
        world.data.transaction((tx) => post(tx, { occasion: 'earned', onceKey: once(), at: NOW, lines: lines as never })),
      ).rejects.toMatchObject(refused(/two sides that are equal/));
    await expect(
      world.data.query(
        `INSERT INTO ledger_posting (id, once_key, occasion, posted_at) VALUES (gen_random_uuid(), 'bare', 'earned', now())`,
      ),
    ).rejects.toMatchObject(refused(/two sides/));
  });

  it('D ledger: the same money twice, and money that never came', async () => {
    const creditId = await world.recorded('成都重复医药有限公司', 25_000);
    const again = [
      { account: 'received', creditId, amountFen: 25_000 },
      { account: 'held', creditId, amountFen: -25_000 },
    ] as never;
    await expect(
      world.data.transaction((tx) => post(tx, { occasion: 'credit-received', onceKey: once(), at: NOW, lines: again })),
    ).rejects.toMatchObject(refused(/received 50000 fen, and 25000 came/));
    const bare = {
      ...creditFacts(),
      bankReference: randomUUID(),
      id: randomUUID(),
      source: 'push',
      recordedAt: NOW,
      surplusFen: 0,
    } as const;
    const { reference: _, bookedAt, ...facts } = bare;
    await expect(
      world.data.manager.insert(BankCredit, { ...facts, bookedAt: new Date(bookedAt), state: 'recorded' }),
    ).rejects.toMatchObject(refused(/received 0 fen, and 25000 came/));
    const { id: orderId } = await world.ordered({ payer: 'on-the-spot' });
    const slip = { method: 'card', slipNumber: once(), amountFen: 1, takenBy: FINANCE, takenAt: NOW } as const;
    await expect(world.data.manager.insert(WindowPayment, { orderId, ...slip })).rejects.toMatchObject(
      refused(/received 0 fen, and 1 came/),
    );
  });

  it('D ledger: giving away more than there is', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 10_000);
    const lines = [
      { account: 'held', creditId, orderId: order.id, amountFen: 10_001 },
      { account: 'earned', creditId, orderId: order.id, amountFen: -10_001 },
    ] as never;
    await expect(world.data.transaction((tx) => post(tx, { occasion: 'earned', onceKey: once(), at: NOW, lines }))).rejects.toMatchObject(
      refused(/more than it has/),
    );
  });

  it.each([
    'UPDATE ledger_line SET amount_fen = amount_fen + 1',
    'DELETE FROM ledger_line',
    'TRUNCATE ledger_line',
    `UPDATE ledger_posting SET occasion = 'earned'`,
    'DELETE FROM ledger_posting',
    'TRUNCATE ledger_posting CASCADE',
    'TRUNCATE window_payment',
    'TRUNCATE refund_payee',
    'TRUNCATE refund CASCADE',
    'TRUNCATE invoice CASCADE',
    'TRUNCATE fee_order CASCADE',
    'TRUNCATE credit_explanation CASCADE',
    'TRUNCATE finance_case',
    'TRUNCATE finance_limit',
    'TRUNCATE bank_statement CASCADE',
  ])('D ledger: %s', async (attempt) => {
    await world.credited('成都不变医药有限公司', 100);
    await expect(world.data.query(attempt)).rejects.toMatchObject(refused(/append-only|never changes/));
  });

  it('D ledger: whatever may not be removed row by row is not emptied at once either', async () => {
    const [removal, emptying] = [8, 32];
    const tables: { name: string; kinds: number }[] = await world.data.query(
      `SELECT tgrelid::regclass::text AS name, bit_or(tgtype)::int AS kinds FROM pg_trigger WHERE NOT tgisinternal GROUP BY tgrelid ORDER BY 1`,
    );
    const kept = tables.filter(({ kinds }) => kinds & removal);
    expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(['audit_entry', 'ledger_line', 'window_payment']));
    expect(kept.filter(({ kinds }) => !(kinds & emptying)).map(({ name }) => name)).toEqual([]);
  });

  it('D refund: the proposer’s own approval, another amount, another account once approved, and a second payment', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 26_000);
    const [refund] = await world.refundsOf({ creditId });
    const id = refund?.id ?? '';
    const update = (change: Partial<Refund>) => world.data.manager.update(Refund, { id }, change);
    await expect(update({ proposedBy: SECOND, approvedBy: SECOND, approvedAt: NOW })).rejects.toMatchObject(refused(/ck_refund_four_eyes/));
    await expect(update({ payeeGivenBy: SECOND, approvedBy: SECOND, approvedAt: NOW })).rejects.toMatchObject(
      refused(/ck_refund_four_eyes/),
    );
    await expect(update({ state: 'ordered' })).rejects.toMatchObject(refused(/ck_refund_approved/));
    await expect(update({ amountFen: 2 })).rejects.toMatchObject(refused(/never changes/));
    await expect(world.act.decideRefund({ refundId: id, attempt: 2, outcome: 'approved', by: SECOND })).rejects.toMatchObject({
      code: 'ALREADY_DECIDED',
    });
    await expect(update({ state: 'approved', approvedBy: SECOND, approvedAt: NOW })).rejects.toMatchObject(refused(/one person alone/));
    await update({ state: 'approved', proposedBy: FINANCE, approvedBy: SECOND, approvedAt: NOW });
    await expect(update({ payeeAccount: '1' })).rejects.toMatchObject(refused(/approved never changes/));
    await world.act.settleRefund({ refundId: id, attempt: 1 });
    await expect(update({ state: 'due' })).rejects.toMatchObject(refused(/has ended never changes/));
    await expect(world.data.manager.delete(Refund, { id })).rejects.toMatchObject(refused(/never changes/));
  });

  it('D refund: one person’s approval of what the office owes by itself, however often it is said', async () => {
    const order = await world.ordered();
    const creditId = await world.credited(order.certificateName, 26_000);
    const refundId = (await world.refundsOf({ creditId }))[0]?.id ?? '';
    const said = (by: string) => world.act.decideRefund({ refundId, attempt: 1, outcome: 'approved', by });
    for (let times = 0; times < 2; times += 1) expect(await said(FINANCE)).toBe('proposed');
    expect(await world.refundsOf({ creditId })).toMatchObject([{ state: 'due', proposedBy: FINANCE, approvedBy: null }]);
    expect(await said(SECOND)).toBe('approved');
    expect(await world.refundsOf({ creditId })).toMatchObject([{ state: 'approved', proposedBy: FINANCE, approvedBy: SECOND }]);
  });

  it('D refund: another account makes no other proposer: who proposed the amount never approves it', async () => {
    const creditId = await world.credited('绵阳改户贸易有限公司', 7_000);
    const explanationId = await world.explain(creditId, { kind: 'refund' });
    await world.act.closeExplanation({ explanationId, outcome: 'approved', by: null });
    const [refund] = await world.refundsOf({ creditId });
    const refundId = refund?.id ?? '';
    const payee = { id: once(), refundId, name: '绵阳改户贸易有限公司', account: '51009999', givenBy: SECOND, givenAt: NOW };
    await world.data.manager.insert(RefundPayee, payee);
    await world.act.redirectRefund({ refundId, payeeId: payee.id });
    expect(await world.refundsOf({ creditId })).toMatchObject([{ proposedBy: FINANCE, payeeGivenBy: SECOND, payeeAccount: '51009999' }]);
    const said = (by: string) => world.act.decideRefund({ refundId, attempt: 1, outcome: 'approved', by });
    for (const by of [FINANCE, SECOND]) await expect(said(by)).rejects.toMatchObject({ code: 'FOUR_EYES' });
    const update = (change: Partial<Refund>) => world.data.manager.update(Refund, { id: refundId }, change);
    await expect(update({ proposedBy: SECOND })).rejects.toMatchObject(refused(/who proposed a refund never changes/));
    for (const approvedBy of [FINANCE, SECOND])
      await expect(update({ approvedBy, approvedAt: NOW })).rejects.toMatchObject(refused(/ck_refund_four_eyes/));
    expect(await said(THIRD)).toBe('approved');
  });

  it('D money: a certificate whose order is open', async () => {
    const order = await world.ordered();
    await expect(aCertificate(world.data, { applicationId: order.applicationId })).rejects.toMatchObject(
      refused(/while its order is open/),
    );
  });

  it('D money: the proposer’s own word as the second on an explanation', async () => {
    const creditId = await world.credited('绵阳四眼贸易有限公司', 7_000);
    const id = await world.explain(creditId, { kind: 'other', noteCode: 'other-income', secondPerson: true });
    const said = (by: string | null) => world.act.closeExplanation({ explanationId: id, outcome: 'approved', by });
    await expect(said(FINANCE)).rejects.toMatchObject({ code: 'FOUR_EYES' });
    await expect(said(null)).rejects.toMatchObject({ code: 'FOUR_EYES' });
    for (const decidedBy of [FINANCE, null])
      await expect(world.data.manager.update(CreditExplanation, { id }, { state: 'applied', decidedBy })).rejects.toMatchObject(
        refused(/ck_credit_explanation_/),
      );
    await expect(world.data.manager.update(CreditExplanation, { id }, { secondPerson: false })).rejects.toMatchObject(
      refused(/never changes/),
    );
    await said(SECOND);
  });
});
