/** 电子发票: one queue, in order; whoever waits is told once. Rules: business.md, "Money"; decision 0041. */
import { days } from '#domain';
import type { MadeInvoice } from '#activities';
import {
  decideRefund,
  INVOICE_QUEUE,
  invoiceCorrectionWorkflowId,
  invoiceMade,
  invoiceQueued,
  paymentReported,
  refundWorkflowId,
  workflowTypes,
} from '#workflows/contract';
import { openSkippingWorld, told, type CaseRun, type SkippingWorld } from './skipping-world.js';

const REFUND = '0198c0de-0000-7000-8000-0000000000a1';
const SECOND = '0198c0de-0000-7000-8000-0000000000f2';

let world: SkippingWorld;
beforeAll(async () => {
  world = await openSkippingWorld();
}, 120_000);
afterEach(() => world.forget());
afterAll(() => world.close());

const called = (activity: string) => world.calls.filter((call) => call.activity === activity);
const occasions = () => world.inputs('sendSms').map(({ onceKey }) => onceKey);
const made = (invoiceId: string, occasionId: string, more: Partial<MadeInvoice> = {}): MadeInvoice => ({
  ...{ invoiceId, occasion: 'completion', occasionId, outcome: 'issued' },
  ...more,
});

/** Paid for, complete, and its invoice in the queue. */
async function complete(): Promise<CaseRun> {
  const run = await world.startCase();
  await run.reach({ stage: 'review' });
  await run.decide('approved');
  await run.reach({ stage: 'payment' });
  await run.credit('exact');
  await run.reach({ stage: 'dispatch' });
  return run;
}

describe('a case', () => {
  beforeEach(() => world.answer({ orderInvoice: ({ applicationId }) => Promise.resolve({ invoiceId: `invoice-of-${applicationId}` }) }));
  const make = (run: CaseRun, outcome: 'issued' | 'refused' = 'issued') =>
    run.handle.signal(invoiceMade, { invoiceId: `invoice-of-${run.id}`, outcome });

  it('waits for its invoice as long as it takes, a day and more, and tells of it once', async () => {
    const run = await complete();
    await world.until(() => called('wakeInvoices').length === 1, 'the queue to be woken');
    await run.dispatched({ day: '2026-03-06', step: 'handed-over' });
    await world.env.sleep(days(1));
    expect(occasions()).not.toContain('invoice');
    expect(world.inputs('closeCase')).toEqual([]);
    await make(run);
    await make(run);
    expect(await run.outcome()).toBe('dispatched');
    expect(occasions().filter((occasion) => occasion === 'invoice')).toHaveLength(1);
    expect(called('orderInvoice')).toHaveLength(1);
  });

  it('an invoice that was refused parks it; resumed, the invoice is asked for again', async () => {
    const run = await complete();
    await world.until(() => called('wakeInvoices').length === 1, 'the queue to be woken');
    await make(run, 'refused');
    await run.reach({ waitingFor: 'staff', parkedReason: 'INVOICE_REFUSED' });
    expect(occasions()).not.toContain('invoice');
    await run.resume();
    await world.until(() => called('orderInvoice').length === 2, 'the invoice to be asked for again');
    await make(run);
    await world.until(() => occasions().includes('invoice'), 'the message');
  });

  it('tells of none that another occasion tells of', async () => {
    world.answer({ orderInvoice: () => Promise.resolve('replaced') });
    const run = await complete();
    await run.dispatched({ day: '2026-03-06', step: 'handed-over' });
    expect(await run.outcome()).toBe('dispatched');
    expect(occasions()).not.toContain('invoice');
  });
});

describe('开票队列', () => {
  const start = () => world.start(workflowTypes.issueInvoices, INVOICE_QUEUE, []);
  /** Answers these, one a call, and then that nothing is due. */
  const due = (list: MadeInvoice[][]) => world.answer({ issueDueInvoices: () => Promise.resolve(list.shift() ?? []) });

  it('tells every waiter, in the order in which they were made, and then that they are told', async () => {
    const refused = made('i3', 'correction-1', { occasion: 'correction', outcome: 'refused' });
    due([[made('i1', 'case-1'), made('i2', 'refund-1', { occasion: 'refund' })], [refused]]);
    const queue = await start();
    expect(await queue.result()).toEqual({ made: 3 });
    expect(await told(queue)).toEqual([
      ['application/case-1', { invoiceId: 'i1', outcome: 'issued' }],
      ['refund/refund-1', { invoiceId: 'i2', outcome: 'issued' }],
      ['invoice-correction/correction-1', { invoiceId: 'i3', outcome: 'refused' }],
    ]);
    const steps = ['issueDueInvoices', 'noteInvoicesTold', 'issueDueInvoices', 'noteInvoicesTold', 'issueDueInvoices'];
    expect(world.calls.map(({ activity }) => activity)).toEqual(steps);
    expect(world.inputs('noteInvoicesTold').map((input) => input.told.map(({ invoiceId }) => invoiceId))).toEqual([['i1', 'i2'], ['i3']]);
  });

  it('behind the last that was due it does not look again', async () => {
    due([[made('i1', 'case-1'), { ...made('i2', 'case-2'), last: true }]]);
    const queue = await start();
    expect(await queue.result()).toEqual({ made: 2 });
    expect(world.calls.map(({ activity }) => activity)).toEqual(['issueDueInvoices', 'noteInvoicesTold']);
  });

  it('the service away for a day: the head is tried all the while, nothing behind it is, and then each is told once', async () => {
    const back = (await world.env.currentTimeMs()) + days(1);
    const list = [[made('i1', 'case-1')], [made('i2', 'case-2')]];
    world.answer({
      issueDueInvoices: async () => {
        if ((await world.env.currentTimeMs()) < back) throw world.error('GATEWAY_UNAVAILABLE');
        return list.shift() ?? [];
      },
    });
    const queue = await start();
    await world.env.sleep(days(1));
    expect(await queue.result()).toEqual({ made: 2 });
    expect((await told(queue)).map(([workflowId]) => workflowId)).toEqual(['application/case-1', 'application/case-2']);
    // 1, 2, 4 … 64 s and then every two minutes: 86 400 s hold 7 pauses of together 127 s and 718 of 120 s, before the one that succeeds.
    expect(called('issueDueInvoices').filter(({ ended }) => ended === 'badly').length).toBeGreaterThan(700);
  });

  it('woken while it is at work, it looks again before it ends', async () => {
    const gate = world.gate();
    const list = [[], [made('late', 'case-9')]];
    let asked = 0;
    world.answer({
      issueDueInvoices: async () => {
        if ((asked += 1) === 1) await gate.wait();
        return list.shift() ?? [];
      },
    });
    const queue = await start();
    await world.until(() => called('issueDueInvoices').length === 1, 'the queue to look');
    await queue.signal(invoiceQueued);
    gate.open();
    expect(await queue.result()).toEqual({ made: 1 });
    expect((await told(queue)).map(([workflowId]) => workflowId)).toEqual(['application/case-9']);
  });
});

describe('a refund of what was invoiced', () => {
  const paid = async (left: boolean) => {
    world.answer({ settleRefund: () => Promise.resolve({ invoiceId: 'i7', applicationId: 'case-7', left }) });
    const handle = await world.start(workflowTypes.refund, refundWorkflowId(REFUND), [{ refundId: REFUND }]);
    await world.until(() => called('openRefund').length === 1, 'the refund');
    await handle.executeUpdate(decideRefund, { args: [{ outcome: 'approved', by: SECOND }] });
    await world.until(() => called('orderRefund').length === 1, 'the order to the bank');
    await handle.signal(paymentReported, { attempt: 1, status: 'settled' });
    await world.until(() => called('wakeInvoices').length === 1, 'the queue to be woken');
    return handle;
  };

  it.each([
    ['whole: told of the red one', false, 'invoice-reversed'],
    ['in part: told of the new blue one', true, 'invoice-replaced'],
  ] as const)('%s, once', async (_, left, template) => {
    const handle = await paid(left);
    // The red one before a new blue one is nobody's news.
    await handle.signal(invoiceMade, { invoiceId: 'i6', outcome: 'issued' });
    await handle.signal(invoiceMade, { invoiceId: 'i7', outcome: 'refused' });
    await world.env.sleep(days(1));
    expect(world.inputs('sendSms')).toEqual([]);
    await handle.signal(invoiceMade, { invoiceId: 'i7', outcome: 'issued' });
    expect(await handle.result()).toBe('paid');
    expect(world.inputs('sendSms')).toEqual([{ applicationId: 'case-7', template, onceKey: 'invoice/i7', invoiceId: 'i7' }]);
  });
});

describe('发票更正', () => {
  const start = () => world.start(workflowTypes.correctInvoice, invoiceCorrectionWorkflowId('c1'), [{ correctionId: 'c1' }]);

  it('the new one is waited for and told of', async () => {
    const handle = await start();
    await world.until(() => called('wakeInvoices').length === 1, 'the queue to be woken');
    await handle.signal(invoiceMade, { invoiceId: 'invoice-2', outcome: 'issued' });
    expect(await handle.result()).toBe('issued');
    expect(occasions()).toEqual(['invoice/invoice-2']);
    expect(world.calls.map(({ activity }) => activity)).toEqual([
      ...['openInvoiceCorrection', 'wakeInvoices', 'sendSms', 'closeInvoiceCorrection'],
    ]);
  });

  it('where nothing is left to correct, nobody is told', async () => {
    world.answer({ openInvoiceCorrection: () => Promise.resolve({ applicationId: 'case-1', invoiceId: null }) });
    expect(await (await start()).result()).toBe('nothing');
    expect(called('sendSms')).toEqual([]);
  });
});
