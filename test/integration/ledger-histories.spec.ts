/** Every fen is somewhere, after any history, on real Postgres. */
import { BankCredit, FeeOrder, Refund } from '#persistence';
import fc from 'fast-check';
import { difference, openLedger, SECOND, type LedgerWorld } from './ledger-world.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await openLedger();
}, 60_000);
afterAll(() => world.data.destroy());

describe('after any history', () => {
  type Step = {
    act: 'credit' | 'complete' | 'close' | 'refund' | 'return' | 'reverse' | 'explain' | 'redo';
    place: number;
    amountFen: number;
    second: number;
  };
  const step = fc.record<Step>({
    act: fc.constantFrom('credit', 'credit', 'credit', 'complete', 'close', 'refund', 'return', 'reverse', 'explain', 'redo'),
    place: fc.nat(20),
    amountFen: fc.constantFrom(1, 5_000, 10_000, 25_000, 25_000, 26_234, 50_000),
    second: fc.nat(3),
  });

  it('property: Σ credits = Σ earned + Σ held + Σ to refund + Σ refunded, and what each order received is where the ledger says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18 }), async (history) => {
        const before = await world.accounts();
        const orders = [await world.ordered(), await world.ordered(), await world.ordered()];
        const credits: string[] = [];
        /** What is in our hands, as the test itself counts it. */
        const inHand = new Map<string, number>();
        for (const { act: what, place, amountFen, second } of history) {
          const order = orders[place % orders.length] as FeeOrder;
          const creditId = credits[place % Math.max(1, credits.length)];
          if (what === 'credit') {
            const both = `${orders[0]?.reference} ${orders[1]?.reference}`;
            const remittance = [order.reference, '', both, 'XB2026999999'][second] ?? '';
            const id = await world.credited(second === 3 ? '绵阳他人贸易有限公司' : order.certificateName, amountFen, remittance);
            credits.push(id);
            inHand.set(id, amountFen);
          }
          if (what === 'complete') await world.complete(order);
          if (what === 'close') await world.close(order);
          if (what === 'refund')
            for (const refund of await world.data.manager.findBy(Refund, { orderId: order.id, state: 'due' })) await payTo(refund);
          // Also one that came back already, and one whose credit is gone.
          if (what === 'return')
            for (const refund of await world.data.manager.findBy(Refund, { orderId: order.id, state: 'paid' }))
              await world.cameBack(refund, { reversalOf: refund.bankReference });
          if (what === 'reverse' && creditId) {
            await world.act.reverseCredit({ creditId });
            inHand.set(creditId, 0);
          }
          if (what === 'redo' && creditId) await world.act.decideCredit({ creditId });
          if (what === 'explain' && creditId && (await world.data.manager.existsBy(BankCredit, { id: creditId, state: 'held' }))) {
            const kinds = [
              { kind: 'refund' },
              { kind: 'other', noteCode: 'window-receipt' },
              { kind: 'allocation', orderId: order.id },
            ] as const;
            const explanationId = await world.explain(creditId, kinds[second % 3] ?? { kind: 'refund' });
            const { state } = await world.act.closeExplanation({
              explanationId,
              outcome: second === 3 ? 'rejected' : 'approved',
              by: SECOND,
            });
            if (state === 'applied' && second % 3 === 1) inHand.set(creditId, 0);
          }
          const { received = 0, ...elsewhere } = difference(await world.accounts(), before);
          expect(received).toBe([...inHand.values()].reduce((sum, each) => sum + each, 0));
          expect(Object.values(elsewhere).reduce((sum, each) => sum + each, 0)).toBe(received);
          for (const { id } of orders)
            expect(await owedTo(id)).toEqual({ sum: (await world.data.manager.findOneByOrFail(FeeOrder, { id })).receivedFen });
        }
      }),
      { numRuns: 40 },
    );
  }, 240_000);

  /** By a payment of its own; what came back goes to an account that finance has given. */
  async function payTo({ id }: Refund): Promise<void> {
    const given = `UPDATE refund SET payee_name = coalesce(payee_name, '成都新户医药有限公司'), payee_account = coalesce(payee_account, '51009999'),
      bank_reference = 'P-' || id WHERE id = $1`;
    await world.data.query(given, [id]);
    await world.paidBack(await world.data.manager.findOneByOrFail(Refund, { id }));
  }

  /** Everything that stands for an order but is no claim on a payer whose money the bank took back after it was refunded. */
  async function owedTo(orderId: string): Promise<{ sum: number }> {
    const [row]: { sum: string }[] = await world.data.query(
      `SELECT coalesce(-sum(l.amount_fen), 0) AS sum FROM ledger_line l LEFT JOIN bank_credit c ON c.id = l.credit_id
       WHERE l.order_id = $1 AND l.account <> 'received' AND c.state IS DISTINCT FROM 'reversed'`,
      [orderId],
    );
    return { sum: Number(row?.sum) };
  }
});
