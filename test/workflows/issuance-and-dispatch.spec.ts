/** 证书新办, from payment to the courier. Rules: business.md, "The steps"; the order of issuing is that of workflows/stages/issue.ts. */
import { dispatchView, dispatchWorkflowId, workflowTypes } from '#workflows/contract';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

describe('issuance, completion and dispatch', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const paid = async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review' });
    await run.decide('approved');
    await run.reach({ stage: 'payment' });
    await run.credit('exact');
    return run;
  };
  const MADE = ['makeSigningKey', 'issueCertificates', 'makeSeal', 'writeToken', 'printTokenLabel'];
  const making = () => world.calls.filter(({ activity }) => MADE.includes(activity));
  const occasions = () => world.inputs('sendSms').map(({ onceKey }) => onceKey);

  it('a token is made in the order: key, certificates, seal, token, label', async () => {
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    expect(making().map(({ activity }) => activity)).toEqual(MADE);
    expect(making().map(({ input }) => input)).toEqual(MADE.map(() => ({ applicationId: run.id, index: 1 })));
  });

  it('three tokens are made one after the other, never two at a time', async () => {
    world.answer({ startIssuance: () => Promise.resolve({ count: 3 }) });
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    expect(making().map(({ activity }) => activity)).toEqual([...MADE, ...MADE, ...MADE]);
    expect(making().map(({ input }) => (input as { index: number }).index)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
  });

  it('completion is recorded once all tokens are labelled, with its instant, and told by SMS', async () => {
    const before = await world.env.currentTimeMs();
    const run = await paid();
    const { since } = await run.reach({ stage: 'dispatch', waitingFor: 'friday' });
    const [completion] = world.inputs('completeApplication');
    expect(Date.parse(completion?.completedAt ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(completion?.completedAt ?? '')).toBeLessThanOrEqual(Date.parse(since));
    const order = world.calls.map(({ activity }) => activity);
    expect(order.indexOf('completeApplication')).toBeGreaterThan(order.lastIndexOf('printTokenLabel'));
    expect(occasions()).toContain('completed');
  });

  it('the invoice and the dispatch run side by side: a letter carried is told while the invoice still waits', async () => {
    const invoice = world.gate();
    world.answer({ orderInvoice: () => invoice.wait().then(() => 'ordered') });
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    await world.until(() => world.inputs('orderInvoice').length === 1, 'the invoice');
    await run.dispatched({ day: '2026-03-06', step: 'carried' });
    await world.until(() => occasions().includes('carried/2026-03-06'), 'the message');
    expect(occasions()).not.toContain('invoice');
    invoice.open();
    await world.until(() => occasions().includes('invoice'), 'the invoice’s message');
  });

  it('a letter handed over does not close the case before its invoice is out', async () => {
    const invoice = world.gate();
    world.answer({ orderInvoice: () => invoice.wait().then(() => 'ordered') });
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    await run.dispatched({ day: '2026-03-06', step: 'handed-over' });
    await world.until(() => occasions().includes('dispatched'), 'the message');
    expect(world.inputs('closeCase')).toEqual([]);
    invoice.open();
    expect(await run.outcome()).toBe('dispatched');
    expect(occasions()).toContain('invoice');
  });

  it('carried twice, then handed over: a message for each Friday, then the courier’s', async () => {
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    await run.dispatched({ day: '2026-03-06', step: 'carried' });
    await run.dispatched({ day: '2026-03-13', step: 'carried' });
    await run.dispatched({ day: '2026-03-20', step: 'handed-over' });
    expect(await run.outcome()).toBe('dispatched');
    const dispatching = occasions().filter((key) => key.startsWith('carried') || key === 'dispatched');
    expect(dispatching).toEqual(['carried/2026-03-06', 'carried/2026-03-13', 'dispatched']);
    expect(world.inputs('closeCase')).toEqual([{ applicationId: run.id, outcome: 'dispatched' }]);
    expect(await run.view()).toMatchObject({ stage: 'closed', waitingFor: 'nobody', parkedReason: null, outcome: 'dispatched' });
  });

  it('moved by the calendar twice: a message for each move', async () => {
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    await run.dispatched({ day: '2026-03-13', step: 'moved', time: 1 });
    await run.dispatched({ day: '2026-03-06', step: 'moved', time: 2 });
    await world.until(() => occasions().includes('moved/2'), 'the second message');
    expect(occasions().filter((key) => key.startsWith('moved'))).toEqual(['moved/1', 'moved/2']);
  });

  it('completed when its Friday’s batch may have looked already: the batch is told', async () => {
    world.answer({
      completeApplication: () => Promise.resolve({ day: '2026-03-06', late: true }),
      openBatch: () => Promise.resolve({ holiday: false, packed: 1 }),
    });
    const batch = await world.start(workflowTypes.fridayDispatch, dispatchWorkflowId('2026-03-06'), [{ day: '2026-03-06' }]);
    await world.until(async () => (await batch.query(dispatchView)).state === 'waiting-for-hand-over', 'the batch to wait');
    const looks = world.inputs('collectItems').length;
    const run = await paid();
    await world.until(() => world.inputs('collectItems').length > looks, 'the batch to look again');
    expect(await run.reach({ stage: 'dispatch' })).toMatchObject({ parkedReason: null });
  });

  it('a batch that is not open is not missed: the case goes on, and the letter waits for the next look at the Fridays', async () => {
    world.answer({ completeApplication: () => Promise.resolve({ day: '2026-03-06', late: true }) });
    const run = await paid();
    expect(await run.reach({ stage: 'dispatch' })).toMatchObject({ parkedReason: null });
  });

  it('a letter may wait for its Friday for months', async () => {
    const run = await paid();
    await run.reach({ stage: 'dispatch' });
    await world.env.sleep('120 days');
    expect((await run.view()).stage).toBe('dispatch');
  });

  describe('what an operator reads', () => {
    it('the number, the business, the stage, the waiter and the deadline, in Chinese and English', async () => {
      const run = await world.startCase();
      const { since, until } = await run.reach({ stage: 'review' });
      const lines = (await run.details()).split('\n');
      expect(lines).toEqual([
        `**${run.number}** · 证书新办 New certificate`,
        '- 环节 Stage: 审核 Review',
        '- 等待 Waits for: 审核人员 a reviewer',
        `- 自 Since: ${inShanghai(since)}`,
        `- 至 Until: ${inShanghai(until ?? '')}`,
      ]);
    });

    it('a stage without a deadline shows none', async () => {
      const run = await paid();
      await run.reach({ stage: 'dispatch' });
      const details = await run.details();
      expect(details).toContain('- 环节 Stage: 绑定与寄送 Binding and dispatch');
      expect(details).toContain('- 等待 Waits for: 周五寄送 the Friday dispatch');
      expect(details).toContain('- 至 Until: —');
    });

    it('the case answers where it stands', async () => {
      const run = await world.startCase();
      const view = await run.reach({ stage: 'review' });
      expect(view).toEqual({
        stage: 'review',
        waitingFor: 'reviewer',
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        until: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        parkedReason: null,
        outcome: null,
      });
    });
  });
});

/** By the platform's own time zones, not by ours. */
function inShanghai(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));
}
