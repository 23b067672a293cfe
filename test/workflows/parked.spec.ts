/** A step that cannot be done now: tried again while that may help, parked for a person when it does not. Nothing is lost or done twice. */
import { days, minutes } from '#domain';
import { OPERATOR, openSkippingWorld, refusal, type SkippingWorld } from './skipping-world.js';

describe('a step that fails', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const approved = async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review' });
    await run.decide('approved');
    await run.reach({ stage: 'payment' });
    return run;
  };
  const paid = async () => {
    const run = await approved();
    await run.credit('exact');
    return run;
  };
  const lint = () => Promise.reject(world.error('CERTIFICATE_LINT'));
  const ended = (activity: string, how: string) => world.calls.filter((call) => call.activity === activity && call.ended === how).length;

  it('parks the case with its code when trying again cannot help, and waits for staff', async () => {
    world.answer({ makeSeal: lint });
    const run = await paid();
    await run.reach({ stage: 'issuance', waitingFor: 'staff', parkedReason: 'CERTIFICATE_LINT' });
    expect(world.inputs('parkCase')).toEqual([{ applicationId: run.id, code: 'CERTIFICATE_LINT' }]);
    expect(world.inputs('makeSeal')).toHaveLength(1);
    expect(world.inputs('writeToken')).toEqual([]);
    const details = await run.details();
    expect(details).toContain('- 等待 Waits for: 人工处理 a person of the office');
    expect(details).toContain('**已转人工 Parked: CERTIFICATE_LINT**');
  });

  it('a parked case waits for months without ending or trying by itself', async () => {
    world.answer({ makeSeal: lint });
    const run = await paid();
    await run.reach({ waitingFor: 'staff' });
    await world.env.sleep(days(120));
    expect(await run.view()).toMatchObject({ stage: 'issuance', waitingFor: 'staff' });
    expect(world.inputs('makeSeal')).toHaveLength(1);
  });

  it('resumed, it goes on with the same step and does no earlier one again', async () => {
    world.answer({ makeSeal: lint });
    const run = await paid();
    await run.reach({ waitingFor: 'staff' });
    world.answer({ makeSeal: () => Promise.resolve() });
    await run.resume();
    const { parkedReason } = await run.reach({ stage: 'dispatch', waitingFor: 'friday' });
    expect(parkedReason).toBeNull();
    expect(world.inputs('resumeCase')).toEqual([{ applicationId: run.id, reason: 'cause-mended', by: OPERATOR, waitingFor: 'system' }]);
    const steps = ['makeSigningKey', 'issueCertificates', 'makeSeal', 'writeToken', 'printTokenLabel'] as const;
    expect(steps.map((step) => world.inputs(step).length)).toEqual([1, 1, 2, 1, 1]);
  });

  it('resumed before its cause was mended, it is parked again', async () => {
    world.answer({ makeSeal: lint });
    const run = await paid();
    await run.reach({ waitingFor: 'staff' });
    await run.resume();
    await world.until(() => world.inputs('parkCase').length === 2, 'the second parking');
    await run.reach({ stage: 'issuance', waitingFor: 'staff', parkedReason: 'CERTIFICATE_LINT' });
    expect(world.inputs('makeSeal')).toHaveLength(2);
  });

  it('is not resumed when it is not parked', async () => {
    const run = await approved();
    expect(await refusal(run.resume())).toBe('STAGE_REFUSES');
    expect(world.inputs('resumeCase')).toEqual([]);
  });

  it.each([
    ['a reason in words of one’s own', { reason: 'token of Ms Li replaced', by: OPERATOR }],
    ['a name instead of a staff id', { reason: 'cause-mended', by: 'Li Na' }],
    ['nothing', null],
  ])('is not resumed by %s, and nothing of it is recorded', async (_, request) => {
    world.answer({ makeSeal: lint });
    const run = await paid();
    await run.reach({ waitingFor: 'staff' });
    expect(await refusal(run.handle.executeUpdate('resumeCase', { args: [request] }))).toBe('INPUT_INVALID');
    expect(world.inputs('resumeCase')).toEqual([]);
    expect(JSON.stringify(await run.handle.fetchHistory())).not.toContain('resumeCase');
  });

  it('two steps parked side by side go on by one resumption, and the case waits for Friday again', async () => {
    world.answer({
      orderInvoice: () => Promise.reject(world.error('GATEWAY_REFUSED')),
      sendSms: ({ template }) => (template === 'carried' ? Promise.reject(world.error('GATEWAY_CONTRACT')) : Promise.resolve()),
    });
    const run = await paid();
    await run.reach({ stage: 'dispatch', parkedReason: 'GATEWAY_REFUSED' });
    await run.dispatched({ day: '2026-03-06', step: 'carried' });
    await run.reach({ waitingFor: 'staff', parkedReason: 'GATEWAY_CONTRACT' });
    world.answer({ orderInvoice: () => Promise.resolve('ordered'), sendSms: () => Promise.resolve() });
    await run.resume();
    await run.reach({ stage: 'dispatch', waitingFor: 'friday', parkedReason: null });
    await world.until(() => world.texts().includes('invoice'), 'the invoice');
    await run.dispatched({ day: '2026-03-13', step: 'handed-over' });
    expect(await run.outcome()).toBe('dispatched');
    expect(ended('orderInvoice', 'well')).toBe(1);
  });

  it('SMS away for an hour: tried again all the while, then sent exactly once, and the case goes on', async () => {
    const back = (await world.env.currentTimeMs()) + minutes(60);
    world.answer({
      sendSms: async () => {
        if ((await world.env.currentTimeMs()) < back) throw world.error('GATEWAY_UNAVAILABLE');
      },
    });
    const run = await approved();
    await world.env.sleep(minutes(70));
    await world.until(() => ended('sendSms', 'well') === 1, 'the message');
    // Tried after 0, 1, 3, 7, 15, 31, 63 and 127 s, then every 120 s: 28 of those before the hour is over.
    expect(ended('sendSms', 'badly')).toBe(36);
    expect(world.inputs('parkCase')).toEqual([]);
    await run.credit('exact');
    await run.reach({ stage: 'dispatch' });
    const occasions = world.inputs('sendSms').map(({ onceKey }) => onceKey);
    expect(new Set(occasions.slice(0, 37))).toEqual(new Set(['review-approved']));
  });

  it('a payment that arrives while SMS is away is not lost', async () => {
    world.answer({ sendSms: () => Promise.reject(world.error('GATEWAY_UNAVAILABLE')) });
    const run = await approved();
    await run.credit('exact');
    await world.env.sleep(minutes(30));
    world.answer({ sendSms: () => Promise.resolve() });
    await world.env.sleep(minutes(5));
    await run.reach({ stage: 'dispatch' });
    expect(world.inputs('confirmPayment')).toHaveLength(1);
  });

  describe('held by an operator', () => {
    const HOLD = { reason: 'under-inquiry', by: OPERATOR } as const;
    const hold = (run: Awaited<ReturnType<typeof approved>>, request: unknown = HOLD) =>
      run.handle.executeUpdate('holdCase', { args: [request] });

    it('takes what people and the bank do, does no step of its own, and goes on where it stopped', async () => {
      const run = await approved();
      await world.until(() => world.texts().includes('review-approved'), 'the message');
      await hold(run);
      expect(world.inputs('parkCase')).toEqual([{ applicationId: run.id, code: 'HELD', hold: HOLD }]);
      await run.credit('exact');
      await world.env.sleep(days(3));
      expect(await run.view()).toMatchObject({ stage: 'payment', waitingFor: 'staff', parkedReason: 'HELD' });
      expect(world.inputs('makeSigningKey')).toEqual([]);
      expect(world.texts()).not.toContain('payment-confirmed');
      await run.resume();
      await run.reach({ stage: 'dispatch', waitingFor: 'friday', parkedReason: null });
      expect(world.texts()).toContain('payment-confirmed');
    });

    it('by somebody who does not work here, it is not held: it goes on, and may be held by another', async () => {
      world.answer({ parkCase: () => Promise.reject(world.error('INPUT_INVALID')) });
      const run = await approved();
      expect(await refusal(hold(run))).toBe('INPUT_INVALID');
      expect(await run.view()).toMatchObject({ stage: 'payment', waitingFor: 'bank', parkedReason: null });
      world.answer({ parkCase: () => Promise.resolve() });
      await hold(run);
      expect(await run.view()).toMatchObject({ waitingFor: 'staff', parkedReason: 'HELD' });
      await run.resume();
      await run.credit('exact');
      await run.reach({ stage: 'dispatch' });
    });

    it('waits for whom it waited before, when nothing happened meanwhile', async () => {
      const run = await approved();
      await hold(run);
      await run.reach({ waitingFor: 'staff', parkedReason: 'HELD' });
      await run.resume();
      expect(await run.view()).toMatchObject({ stage: 'payment', waitingFor: 'bank', parkedReason: null });
      expect(world.inputs('resumeCase')).toMatchObject([{ applicationId: run.id, waitingFor: 'bank' }]);
    });

    it('can be withdrawn, and is held no longer', async () => {
      const run = await approved();
      await hold(run);
      await run.handle.executeUpdate('withdrawCase', { args: [{ requestId: '1' }] });
      expect(await run.outcome()).toBe('withdrawn');
      expect(world.texts()).toContain('withdrawn');
    });

    it.each([
      ['for a reason in words of one’s own', { reason: 'Ms Li called', by: OPERATOR }],
      ['by a name', { reason: 'under-inquiry', by: 'Li Na' }],
    ])('not %s', async (_, request) => {
      const run = await approved();
      expect(await refusal(hold(run, request))).toBe('INPUT_INVALID');
      expect(world.inputs('parkCase')).toEqual([]);
    });

    it('not twice, and not when something failed already', async () => {
      const run = await approved();
      await hold(run);
      expect(await refusal(hold(run))).toBe('STAGE_REFUSES');
    });
  });
});
