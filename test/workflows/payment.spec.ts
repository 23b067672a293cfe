/** 证书新办, payment by corporate transfer. Rules: business.md, "Money"; the order expires after 30 days (D). */
import { days } from '#domain';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

describe('payment', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const ordered = async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review' });
    await run.decide('approved');
    await run.reach({ stage: 'payment', waitingFor: 'bank' });
    await world.until(() => world.texts().includes('review-approved'), 'the order’s message');
    return run;
  };
  const sent = (count: number) => world.until(() => world.texts().length === count, `message ${count}`);

  it('an order is opened for 30 days', async () => {
    const run = await ordered();
    const { since, until } = await run.view();
    expect(Math.round((Date.parse(until ?? '') - Date.parse(since)) / days(1))).toBe(30);
    expect(world.inputs('openOrder')).toEqual([{ applicationId: run.id, until }]);
  });

  it('exact: confirmed, told by SMS, and the certificate is made', async () => {
    const run = await ordered();
    await run.credit('exact');
    await run.reach({ stage: 'dispatch' });
    expect(world.inputs('confirmPayment')).toEqual([{ applicationId: run.id }]);
    expect(world.texts().slice(0, 2)).toEqual(['review-approved', 'payment-confirmed']);
  });

  it('too little: stays open, the rest is asked for, and what completes it goes on', async () => {
    const run = await ordered();
    await run.credit('short', 'credit-1');
    await sent(2);
    expect(world.inputs('sendSms')[1]).toEqual({
      applicationId: run.id,
      template: 'payment-short',
      creditId: 'credit-1',
      onceKey: 'payment-short/credit-1',
    });
    expect(await run.view()).toMatchObject({ stage: 'payment', waitingFor: 'bank' });
    await run.credit('completes', 'credit-2');
    await run.reach({ stage: 'dispatch' });
    expect(world.texts().slice(0, 3)).toEqual(['review-approved', 'payment-short', 'payment-confirmed']);
  });

  it('too little twice: each is its own message', async () => {
    const run = await ordered();
    await run.credit('short', 'credit-1');
    await run.credit('short', 'credit-2');
    await sent(3);
    expect(world.inputs('sendSms').map(({ onceKey }) => onceKey)).toEqual([
      'review-approved',
      'payment-short/credit-1',
      'payment-short/credit-2',
    ]);
  });

  it('held: told by SMS, and the case keeps waiting for the right transfer', async () => {
    const run = await ordered();
    await run.credit('held', 'credit-1');
    await sent(2);
    expect(world.inputs('sendSms')[1]).toMatchObject({ template: 'payment-held', creditId: 'credit-1', onceKey: 'payment-held/credit-1' });
    expect(await run.view()).toMatchObject({ stage: 'payment', waitingFor: 'bank' });
    expect(world.inputs('confirmPayment')).toEqual([]);
    await run.credit('exact', 'credit-2');
    await run.reach({ stage: 'dispatch' });
  });

  it('too much: issued all the same', async () => {
    const run = await ordered();
    await run.credit('over');
    await run.reach({ stage: 'dispatch' });
    expect(world.inputs('confirmPayment')).toHaveLength(1);
  });

  it('paid twice: the second transfer neither confirms nor issues again', async () => {
    const run = await ordered();
    await run.credit('exact', 'credit-1');
    await run.credit('over', 'credit-2');
    await run.reach({ stage: 'dispatch' });
    await run.credit('over', 'credit-3');
    await run.dispatched({ day: '2026-03-06', step: 'handed-over' });
    expect(await run.outcome()).toBe('dispatched');
    expect(world.inputs('confirmPayment')).toHaveLength(1);
    expect(world.inputs('makeSigningKey')).toHaveLength(1);
  });

  it('D: not paid within 30 days: the order expires, the agent is told, the case is closed', async () => {
    const run = await ordered();
    await world.env.sleep(days(30) + 60_000);
    await run.reach({ stage: 'closed', outcome: 'order-expired' });
    expect(world.inputs('expireOrder')).toEqual([{ applicationId: run.id }]);
    expect(world.texts()).toEqual(['review-approved', 'expired']);
    expect(world.inputs('closeCase')).toEqual([{ applicationId: run.id, outcome: 'order-expired' }]);
    expect(world.inputs('confirmPayment')).toEqual([]);
  });

  it('D: a transfer in the last hour of the thirtieth day is in time', async () => {
    const run = await ordered();
    await world.env.sleep(days(30) - 3_600_000);
    await run.credit('exact');
    await run.reach({ stage: 'dispatch' });
    expect(world.inputs('expireOrder')).toEqual([]);
  });

  it('D: a short transfer on the way does not lengthen the 30 days', async () => {
    const run = await ordered();
    await world.env.sleep(days(29));
    await run.credit('short');
    await sent(2);
    await world.env.sleep(days(1) + 60_000);
    await run.reach({ stage: 'closed', outcome: 'order-expired' });
    expect(world.inputs('expireOrder')).toHaveLength(1);
  });

  it('a transfer matched in the last moment wins: the order’s row decides, not the timer', async () => {
    world.answer({ expireOrder: () => Promise.resolve({ expired: false }) });
    const run = await ordered();
    await world.env.sleep(days(30) + 60_000);
    await run.reach({ stage: 'dispatch' });
    expect(world.inputs('expireOrder')).toHaveLength(1);
    expect(world.inputs('confirmPayment')).toHaveLength(1);
    expect(world.texts()).not.toContain('expired');
  });
});
