/** What a window has taken pays no second order, though the bank tells the same transfer too. Rules: business.md, "Money"; decision 0050. */
import { randomUUID } from 'node:crypto';
import { BankCredit, FeeOrder } from '#persistence';
import { openLedger, type LedgerWorld } from './ledger-world.js';

const FEE = 25_000;

describe('a transfer that a window has taken', () => {
  let world: LedgerWorld;
  beforeAll(async () => {
    world = await openLedger();
  }, 60_000);
  afterAll(() => world.data.destroy());

  /** One organisation with an order of a window, and one that it owes online. */
  async function both(): Promise<{ name: string; window: FeeOrder; online: FeeOrder }> {
    const window = await world.ordered({ payer: 'on-the-spot' });
    const { certificateName, payerKey } = window;
    return { name: certificateName, window, online: await world.ordered({ certificateName, payerKey }) };
  }
  const slip = () => ({ method: 'transfer', slipNumber: randomUUID() }) as const;
  const creditNow = (id: string) => world.data.manager.findOneByOrFail(BankCredit, { id });
  const orderNow = ({ id }: FeeOrder) => world.data.manager.findOneByOrFail(FeeOrder, { id });
  const NOTHING = { status: 'open', receivedFen: 0 };

  it('D money: told by the bank under the number of the slip, it is held, and the organisation’s other order gets nothing', async () => {
    const { name, window, online } = await both();
    const taken = slip();
    await world.takeAtWindow(window, taken);
    const id = await world.credited(name, FEE, '', taken.slipNumber);
    expect(await creditNow(id)).toMatchObject({ state: 'held', heldReason: 'at-window', orderId: window.id });
    expect(await orderNow(online)).toMatchObject(NOTHING);
  });

  it('D money: the same under the second name of a credit that a statement told without one', async () => {
    const { name, window, online } = await both();
    const taken = slip();
    await world.takeAtWindow(window, taken);
    const id = await world.recorded(name, FEE, '', `none:${randomUUID()}`);
    await world.data.manager.update(BankCredit, { id }, { otherReference: taken.slipNumber });
    await world.act.decideCredit({ creditId: id });
    expect(await creditNow(id)).toMatchObject({ state: 'held', heldReason: 'at-window', orderId: window.id });
    expect(await orderNow(online)).toMatchObject(NOTHING);
  });

  it('D money: a transfer that names the order of a window is held for it, and pays no other', async () => {
    const { name, window, online } = await both();
    const id = await world.credited(name, FEE, window.reference);
    expect(await creditNow(id)).toMatchObject({ state: 'held', heldReason: 'at-window', orderId: window.id });
    expect(await orderNow(online)).toMatchObject(NOTHING);
  });

  it('D money: a slip whose transfer pays another order already is refused, and the window’s order stays open', async () => {
    const { name, window, online } = await both();
    const taken = slip();
    await world.credited(name, FEE, '', taken.slipNumber);
    expect(await orderNow(online)).toMatchObject({ status: 'paid', receivedFen: FEE });
    await expect(world.takeAtWindow(window, taken)).rejects.toMatchObject({ code: 'SLIP_USED' });
    expect(await orderNow(window)).toMatchObject(NOTHING);
  });

  it('D money: told by the bank while the window is taking it, it counts once', async () => {
    const { name, window, online } = await both();
    const taken = slip();
    const holder = world.data.createQueryRunner();
    await holder.startTransaction();
    // The window has found no credit yet, and waits for its case.
    await holder.query('SELECT 1 FROM application WHERE id = $1 FOR UPDATE', [window.applicationId]);
    const taking = world.takeAtWindow(window, taken);
    await untilWaiting(1);
    const telling = world.credited(name, FEE, '', taken.slipNumber);
    await Promise.race([telling, untilWaiting(2)]);
    await holder.commitTransaction();
    await holder.release();
    await taking;
    expect(await creditNow(await telling)).toMatchObject({ state: 'held', heldReason: 'at-window', orderId: window.id });
    expect(await orderNow(window)).toMatchObject({ status: 'paid', receivedFen: FEE });
    expect(await orderNow(online)).toMatchObject(NOTHING);
  });

  /** So many of this database's connections wait for what another holds. */
  async function untilWaiting(count: number): Promise<void> {
    const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while (((await world.data.query<{ n: number }[]>(waiting))[0]?.n ?? 0) < count) await new Promise((look) => setTimeout(look, 10));
  }

  it('D money: held before the window has taken it, it is held from then on for what the window took, and counts once', async () => {
    const window = await world.ordered({ payer: 'on-the-spot' });
    const taken = slip();
    const id = await world.credited('绵阳刷单贸易有限公司', FEE, '', taken.slipNumber);
    expect(await creditNow(id)).toMatchObject({ state: 'held', heldReason: 'no-order' });
    await world.takeAtWindow(window, taken);
    expect(await creditNow(id)).toMatchObject({ state: 'held', heldReason: 'at-window', orderId: window.id });
    const explanationId = await world.explain(id, { kind: 'other', noteCode: 'window-receipt' });
    expect(await world.effect(() => world.act.closeExplanation({ explanationId, outcome: 'approved', by: null }))).toEqual({
      received: -FEE,
      held: -FEE,
    });
  });
});
