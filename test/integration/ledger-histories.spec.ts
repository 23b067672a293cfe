/** Every fen is somewhere, after any history, on real Postgres. */
import { randomUUID } from 'node:crypto';
import { BankCredit, CreditExplanationShare, FeeOrder, heldForNobody, Refund, standings } from '#persistence';
import fc from 'fast-check';
import { difference, FINANCE, openLedger, SECOND, type LedgerWorld } from './ledger-world.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await openLedger();
}, 60_000);
afterAll(() => world.data.destroy());

type ActName =
  'credit' | 'complete' | 'close' | 'redo' | 'reverse' | 'refund' | 'return' | 'give-back' | 'explain' | 'split' | 'window' | 'statement';
/** Whom and how much an act is about is drawn: `place` picks the order and the credit, `second` the way. */
interface Step {
  act: ActName;
  place: number;
  amountFen: number;
  second: number;
}
interface History {
  online: FeeOrder[];
  window: FeeOrder;
  credits: string[];
  /** What is in our hands, as the test itself counts it: by credit, and by order what a window took. */
  inHand: Map<string, number>;
}
/** An act upon a history: the order and the credit that the step picks, and what it draws. */
type Act = (history: History, drawn: Step & { order: FeeOrder; credit: BankCredit | null }) => Promise<void>;

const DAY = '2026-03-02';
const STRANGER = '绵阳他人贸易有限公司';
const yuan = (amountFen: number) => (amountFen / 100).toFixed(2);
const numbered = (kind: string) => `${kind}${randomUUID().replaceAll('-', '').toUpperCase()}`;

async function told({ credits, inHand }: History, ...credit: Parameters<LedgerWorld['credited']>): Promise<void> {
  const id = await world.credited(...credit);
  credits.push(id);
  inHand.set(id, credit[1]);
}

const acts: Record<ActName, Act> = {
  credit: async (history, { order, amountFen, second }) => {
    const both = `${history.online[0]?.reference} ${history.online[1]?.reference}`;
    const remittance = [order.reference, '', both, 'XB2026999999'][second] ?? '';
    await told(history, second === 3 ? STRANGER : order.certificateName, amountFen, remittance, numbered('H'));
  },
  complete: (_, { order }) => world.complete(order),
  close: (_, { order }) => world.close(order),
  redo: async (_, { credit }) => void (credit && (await world.act.decideCredit({ creditId: credit.id }))),
  reverse: async ({ inHand }, { credit }) => {
    if (!credit) return;
    await world.act.reverseCredit({ creditId: credit.id });
    inHand.set(credit.id, 0);
  },
  /** What is due of the order, or of the credit, goes out. */
  refund: async (_, { order, credit, second }) => {
    const where = second === 3 && credit ? { creditId: credit.id } : { orderId: order.id };
    for (const refund of await world.data.manager.findBy(Refund, { ...where, state: 'due' })) {
      await world.data.manager.update(Refund, { id: refund.id }, { bankReference: `P-${refund.id}` });
      await world.paidBack(refund);
    }
  },
  /** The bank takes back what it paid; also what came back already, or whose credit is gone. */
  return: async (_, { order }) => {
    for (const refund of await world.data.manager.findBy(Refund, { orderId: order.id, state: 'paid' }))
      await world.cameBack(refund, { reversalOf: refund.bankReference });
  },
  /** Of what was earned; more than that is refused. */
  'give-back': async (_, { order, amountFen }) => {
    const earned = (await standings(world.data.manager, { orderId: order.id })).filter(({ account }) => account === 'earned');
    const enough = earned.reduce((sum, each) => sum + each.amountFen, 0) >= amountFen;
    const proposed = world.act.proposeRefund({ id: randomUUID(), orderId: order.id, amountFen, by: FINANCE });
    if (enough) expect((await proposed).refundIds.length).toBeGreaterThan(0);
    else await expect(proposed).rejects.toMatchObject({ code: 'REFUND_TOO_MUCH' });
  },
  explain: async ({ online, inHand }, { credit, place, second }) => {
    if (credit?.state !== 'held') return;
    const orderId = online[place % online.length]?.id ?? '';
    const kinds = [{ kind: 'refund' }, { kind: 'other', noteCode: 'window-receipt' }, { kind: 'allocation', orderId }] as const;
    const explanationId = await world.explain(credit.id, kinds[second % 3] ?? { kind: 'refund' });
    const outcome = second === 3 ? 'rejected' : 'approved';
    const { state } = await world.act.closeExplanation({ explanationId, outcome, by: SECOND });
    if (state === 'applied' && second % 3 === 1) inHand.set(credit.id, 0);
  },
  /** Over two orders, or a part to one, and the rest back to the payer or held as it was. */
  split: async ({ online }, { credit, place, second }) => {
    const heldFen = credit?.state === 'held' ? await heldForNobody(world.data.manager, credit.id) : 0;
    const [one, other] = [online[place % online.length], online[(place + 1) % online.length]];
    if (!credit || !one || !other || heldFen < 2) return;
    const part = Math.floor(heldFen / 2);
    const rest = second === 0 ? null : second === 1 ? 'refund' : 'held';
    const explanationId = await world.explain(credit.id, { kind: 'split', rest });
    const shares = [{ orderId: one.id, amountFen: part }, ...(rest ? [] : [{ orderId: other.id, amountFen: heldFen - part }])];
    await world.data.manager.insert(
      CreditExplanationShare,
      shares.map((share) => ({ explanationId, ...share })),
    );
    await world.act.closeExplanation({ explanationId, outcome: 'approved', by: SECOND });
  },
  /** By card; or by a transfer, of which the bank tells afterwards, or has told before. */
  window: async (history, { second }) => {
    const { window, inHand } = history;
    const { status } = await world.data.manager.findOneByOrFail(FeeOrder, { id: window.id });
    if (status !== 'open') return;
    const slip = { method: second % 2 ? 'transfer' : 'card', slipNumber: numbered('W') } as const;
    const byBank = () => told(history, STRANGER, window.amountFen, '', slip.slipNumber);
    if (second === 3) await byBank();
    await world.takeAtWindow(window, slip);
    inHand.set(window.id, window.amountFen);
    if (second === 1) await byBank();
  },
  /** A file brings a credit of its own, one that was told before, one taken back, or what is nothing of ours. */
  statement: async ({ credits, inHand }, { order, credit, amountFen, second }) => {
    const number = numbered('S');
    const known = credit && `${yuan(credit.amountFen)},${credit.payerName},51001234`;
    const lines = [
      [`${DAY},,${yuan(amountFen)},${order.certificateName},51001234,${order.reference},${number},`],
      known ? [`${DAY},,${known},${credit.remittance},${credit.bankReference},`] : [],
      known ? [`${DAY},,-${known},冲正,${number},${credit.bankReference}`] : [],
      [`${DAY},,-0.10,${STRANGER},51001234,冲正,${number},${numbered('N')}`],
    ][second];
    await world.stated([...(lines ?? []), `${DAY},1.00,,示例银行成都分行,1,账户管理费,${numbered('D')},`]);
    const added = await world.data.manager.findOneBy(BankCredit, { bankReference: number });
    if (added) {
      credits.push(added.id);
      inHand.set(added.id, amountFen);
    }
    if (second === 2 && credit) inHand.set(credit.id, 0);
  },
};

const step = fc.record<Step>({
  act: fc.constantFrom(...(Object.keys(acts) as ActName[]), 'credit' as const, 'credit' as const),
  place: fc.nat(20),
  amountFen: fc.constantFrom(1, 5_000, 10_000, 25_000, 25_000, 26_234, 50_000),
  second: fc.nat(3),
});

async function begun(): Promise<History> {
  const online = [await world.ordered(), await world.ordered(), await world.ordered()];
  return { online, window: await world.ordered({ payer: 'on-the-spot' }), credits: [], inHand: new Map() };
}

async function happens(history: History, drawn: Step): Promise<void> {
  const { online, window, credits } = history;
  const orders = [...online, window];
  const order = orders[drawn.place % orders.length] ?? window;
  const id = credits[drawn.place % Math.max(1, credits.length)];
  const credit = id === undefined ? null : await world.data.manager.findOneByOrFail(BankCredit, { id });
  await acts[drawn.act](history, { ...drawn, order, credit });
}

/** Everything that stands for an order but is no claim on a payer whose money the bank took back after it was refunded. */
async function owedTo(orderId: string): Promise<number> {
  const [row]: { sum: string }[] = await world.data.query(
    `SELECT coalesce(-sum(l.amount_fen), 0) AS sum FROM ledger_line l LEFT JOIN bank_credit c ON c.id = l.credit_id
     WHERE l.order_id = $1 AND l.account <> 'received' AND c.state IS DISTINCT FROM 'reversed'`,
    [orderId],
  );
  return Number(row?.sum);
}

describe('after any history', () => {
  it('property: Σ credits = Σ earned + Σ held + Σ to refund + Σ refunded, and what each order received is where the ledger says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18 }), async (steps) => {
        const before = await world.accounts();
        const history = await begun();
        for (const each of steps) {
          await happens(history, each);
          const { received = 0, ...elsewhere } = difference(await world.accounts(), before);
          expect(received).toBe([...history.inHand.values()].reduce((sum, amount) => sum + amount, 0));
          expect(Object.values(elsewhere).reduce((sum, amount) => sum + amount, 0)).toBe(received);
          for (const { id } of [...history.online, history.window])
            expect(await owedTo(id)).toBe((await world.data.manager.findOneByOrFail(FeeOrder, { id })).receivedFen);
        }
      }),
      { numRuns: 60 },
    );
  }, 300_000);

  it('D ledger: the rest of a credit of which an order has got a part is no receipt of a window (a history that was found by chance)', async () => {
    const before = await world.accounts();
    const history = await begun();
    const since = async () => difference(await world.accounts(), before);
    await told(history, STRANGER, 26_234, '', numbered('H'));
    await happens(history, { act: 'split', place: 0, second: 2, amountFen: 1 });
    await happens(history, { act: 'explain', place: 0, second: 1, amountFen: 1 });
    expect(await since()).toEqual({ received: 26_234, held: 26_234 });
    expect(await world.data.manager.findOneByOrFail(BankCredit, { id: history.credits[0] ?? '' })).toMatchObject({ state: 'held' });
    await happens(history, { act: 'explain', place: 0, second: 0, amountFen: 1 });
    expect(await since()).toEqual({ received: 26_234, held: 13_117, 'to-refund': 13_117 });
  }, 60_000);

  it('D ledger: a history told by hand: split, given back after completion, taken at a window and told by the bank, a statement with a reversal', async () => {
    const before = await world.accounts();
    const history = await begun();
    const since = async () => difference(await world.accounts(), before);
    const happened = (act: ActName, place: number, second = 0, amountFen = 10_000) => happens(history, { act, place, second, amountFen });
    await told(history, STRANGER, 50_000, '', numbered('H'));
    await happened('split', 0);
    await happened('complete', 0);
    expect(await since()).toEqual({ received: 50_000, held: 25_000, earned: 25_000 });
    await happened('give-back', 0);
    await happened('refund', 0);
    expect(await since()).toEqual({ received: 50_000, held: 25_000, earned: 15_000, refunded: 10_000 });
    await happened('window', 0, 1);
    expect(await since()).toEqual({ received: 100_000, held: 75_000, earned: 15_000, refunded: 10_000 });
    await happened('statement', 1, 2);
    expect(await since()).toEqual({ received: 75_000, held: 50_000, earned: 15_000, refunded: 10_000 });
    await happened('statement', 2, 0);
    await happened('close', 2);
    expect(await since()).toEqual({ received: 85_000, held: 50_000, earned: 15_000, 'to-refund': 10_000, refunded: 10_000 });
  }, 60_000);
});
