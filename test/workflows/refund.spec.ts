/** 退款: two persons, one order to the bank, its word. Rules: business.md, "Money"; what is waited for: workflows/operations/refund-desk.ts. */
import { days } from '#domain';
import {
  decideExplanation,
  decideRefund,
  explanationWorkflowId,
  paymentReported,
  redirectRefund,
  refundView,
  refundWithdrawn,
  refundWorkflowId,
  resumeRefund,
  workflowTypes,
  type PaymentNotice,
  type RefundView,
} from '#workflows/contract';
import type { WorkflowHandle } from '@temporalio/client';
import { acceptedUpdates, openSkippingWorld, OPERATOR, refusal, told, type SkippingWorld } from './skipping-world.js';

const REFUND = '0198c0de-0000-7000-8000-0000000000a1';
const PROPOSER = '0198c0de-0000-7000-8000-0000000000f1';
const SECOND = '0198c0de-0000-7000-8000-0000000000f2';
const THIRD = '0198c0de-0000-7000-8000-0000000000f3';
const standing = { state: 'due', attempt: 1, proposedBy: PROPOSER, payeeGivenBy: null, payable: true, rejectable: true } as const;

let world: SkippingWorld;
beforeAll(async () => {
  world = await openSkippingWorld();
}, 120_000);
afterEach(() => world.forget());
afterAll(() => world.close());
const called = () => world.calls.map(({ activity }) => activity);

describe('退款', () => {
  beforeEach(() => world.answer({ openRefund: () => Promise.resolve(standing) }));

  const stands = (handle: WorkflowHandle, state: RefundView['state'], attempt = 1) =>
    world.until(async () => {
      const view = await handle.query(refundView);
      return view.state === state && view.attempt === attempt;
    }, `the refund to be ${state}`);
  const start = async () => {
    const handle = await world.start(workflowTypes.refund, refundWorkflowId(REFUND), [{ refundId: REFUND }]);
    await stands(handle, 'due');
    return handle;
  };
  const decide = (handle: WorkflowHandle, by = SECOND, outcome: 'approved' | 'rejected' = 'approved') =>
    handle.executeUpdate(decideRefund, { args: [{ outcome, by }] });
  const report = (handle: WorkflowHandle, notice: Partial<PaymentNotice> = {}) =>
    handle.signal(paymentReported, { attempt: 1, status: 'settled', ...notice });

  it('approved, ordered, reported: paid', async () => {
    const handle = await start();
    await decide(handle);
    await stands(handle, 'paying');
    await report(handle);
    expect(await handle.result()).toBe('paid');
    expect(called()).toEqual(['openRefund', 'decideRefund', 'orderRefund', 'settleRefund']);
  });

  it('a decision that comes before its run has read the row may be sent again', async () => {
    let read: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (read = resolve));
    world.answer({ openRefund: () => released.then(() => standing) });
    // A local activity holds its workflow task until this is nearly over: only then is the decision looked at.
    const soon = { workflowTaskTimeout: '2 seconds' } as const;
    const handle = await world.start(workflowTypes.refund, refundWorkflowId(REFUND), [{ refundId: REFUND }], soon);
    await world.until(() => called().includes('openRefund'), 'the run to begin');
    expect(await refusal(decide(handle))).toBe('UNAVAILABLE');
    read();
    await stands(handle, 'due');
    await decide(handle);
    await report(handle);
    expect(await handle.result()).toBe('paid');
  });

  it('nothing goes to the bank before a second person has approved, however long it takes', async () => {
    await start();
    await world.env.sleep(days(60));
    expect(called()).toEqual(['openRefund']);
  });

  it('who proposed it does not approve it, and the refusal stands in no history', async () => {
    const handle = await start();
    expect(await refusal(decide(handle, PROPOSER))).toBe('FOUR_EYES');
    expect(await acceptedUpdates(handle)).toEqual([]);
  });

  it('what the office owes by itself: the first word proposes it, and only another’s sends it', async () => {
    let words = 0;
    world.answer({
      openRefund: () => Promise.resolve({ ...standing, proposedBy: null, rejectable: false }),
      decideRefund: () => Promise.resolve((words += 1) === 1 ? 'proposed' : 'approved'),
    });
    const handle = await start();
    await decide(handle, PROPOSER);
    await stands(handle, 'due');
    expect(await refusal(decide(handle, PROPOSER))).toBe('FOUR_EYES');
    expect(called()).toEqual(['openRefund', 'decideRefund']);
    await decide(handle);
    await report(handle);
    expect(await handle.result()).toBe('paid');
    expect(called()).toEqual(['openRefund', 'decideRefund', 'decideRefund', 'orderRefund', 'settleRefund']);
  });

  it('who proposed it does not approve it either when another has given the account, nor does the other', async () => {
    world.answer({ redirectRefund: () => Promise.resolve({ ...standing, payeeGivenBy: SECOND }) });
    const handle = await start();
    await handle.executeUpdate(redirectRefund, { args: [{ payeeId: 'payee-1', by: SECOND }] });
    for (const by of [PROPOSER, SECOND]) expect(await refusal(decide(handle, by))).toBe('FOUR_EYES');
    await decide(handle, THIRD);
    await report(handle);
    expect(await handle.result()).toBe('paid');
  });

  it('without an account it is not approved; finance gives one, and then finance’s own is not the second word', async () => {
    world.answer({
      openRefund: () => Promise.resolve({ ...standing, proposedBy: null, payable: false, rejectable: false }),
      redirectRefund: () => Promise.resolve({ ...standing, proposedBy: PROPOSER }),
    });
    const handle = await start();
    expect(await refusal(decide(handle))).toBe('REFUND_PAYEE_MISSING');
    expect(await refusal(decide(handle, SECOND, 'rejected'))).toBe('STAGE_REFUSES');
    await handle.executeUpdate(redirectRefund, { args: [{ payeeId: 'payee-1', by: PROPOSER }] });
    expect(await refusal(decide(handle, PROPOSER))).toBe('FOUR_EYES');
    await decide(handle);
    await report(handle);
    expect(await handle.result()).toBe('paid');
  });

  it('a report that never comes is asked for after a day, and again the day after', async () => {
    let asked = 0;
    world.answer({ askRefund: () => Promise.resolve({ status: (asked += 1) < 3 ? 'accepted' : 'settled' }) });
    const handle = await start();
    await decide(handle);
    expect(await handle.result()).toBe('paid');
    expect(called()).toEqual(['openRefund', 'decideRefund', 'orderRefund', 'askRefund', 'askRefund', 'askRefund', 'settleRefund']);
  });

  it('a bank that has never heard of what it took is told again, under the same number', async () => {
    let asked = 0;
    world.answer({ askRefund: () => Promise.resolve((asked += 1) === 1 ? null : { status: 'settled' }) });
    const handle = await start();
    await decide(handle);
    expect(await handle.result()).toBe('paid');
    expect(world.inputs('orderRefund').map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('failed: another account, another approval, another number; what is told of the first order changes nothing then', async () => {
    world.answer({ redirectRefund: () => Promise.resolve({ ...standing, attempt: 2 }) });
    const handle = await start();
    await decide(handle);
    await report(handle, { status: 'failed', failure: 'account-closed' });
    await stands(handle, 'failed');
    expect(world.inputs('failRefund')[0]).toEqual({ refundId: REFUND, attempt: 1, failure: 'account-closed' });
    expect(await refusal(decide(handle))).toBe('STAGE_REFUSES');
    await handle.executeUpdate(redirectRefund, { args: [{ payeeId: 'payee-1', by: PROPOSER }] });
    await stands(handle, 'due', 2);
    await decide(handle);
    await stands(handle, 'paying', 2);
    await report(handle, { status: 'failed', failure: 'other' });
    await report(handle, { attempt: 2 });
    expect(await handle.result()).toBe('paid');
    expect(world.inputs('orderRefund').map(({ attempt }) => attempt)).toEqual([1, 2]);
    // A step beside the workflow may be done again when a signal comes in its very moment; which attempt it is about is what counts.
    expect(new Set(world.inputs('settleRefund').map(({ attempt }) => attempt))).toEqual(new Set([2]));
    expect(new Set(world.inputs('failRefund').map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  it('an answer that says nothing waits for a person; resumed, the same order goes out; a report that comes instead is as good', async () => {
    let given = 0;
    world.answer({
      orderRefund: () => ((given += 1) < 3 ? Promise.reject(world.error('GATEWAY_CONTRACT')) : Promise.resolve({ status: 'accepted' })),
    });
    const handle = await start();
    await decide(handle);
    await stands(handle, 'unclear');
    expect(await refusal(handle.executeUpdate(resumeRefund, { args: [{ reason: 'later' as 'try-again', by: OPERATOR }] }))).toBe(
      'INPUT_INVALID',
    );
    await handle.executeUpdate(resumeRefund, { args: [{ reason: 'outside-answered', by: OPERATOR }] });
    await world.until(() => world.inputs('noteUnclearRefund').length === 2, 'the second time that it is unclear');
    await stands(handle, 'unclear');
    await report(handle);
    expect(await handle.result()).toBe('paid');
    expect(world.inputs('orderRefund').map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('turned down, or the credit taken back: nothing goes to the bank', async () => {
    const down = await start();
    await decide(down, SECOND, 'rejected');
    expect(await down.result()).toBe('withdrawn');
    const back = await start();
    await back.signal(refundWithdrawn);
    expect(await back.result()).toBe('withdrawn');
    expect(called()).not.toContain('orderRefund');
  });
});

describe('冲正', () => {
  it('tells the refunds that are not paid any more', async () => {
    world.answer({
      reverseCredit: () => Promise.resolve({ reopened: ['order-1'], withdrawn: [REFUND] }),
      openRefund: () => Promise.resolve(standing),
    });
    const refund = await world.start(workflowTypes.refund, refundWorkflowId(REFUND), [{ refundId: REFUND }]);
    const reversal = await world.start(workflowTypes.reverseCredit, 'reversal', [{ creditId: 'credit-1' }]);
    expect(await reversal.result()).toEqual({ reopened: 1, withdrawn: 1 });
    expect(await refund.result()).toBe('withdrawn');
  });
});

describe('款项说明', () => {
  const ID = '0198c0de-0000-7000-8000-0000000000e1';
  const start = () => world.start(workflowTypes.explainCredit, explanationWorkflowId(ID), [{ explanationId: ID }]);
  const decide = (handle: WorkflowHandle, by: string, outcome: 'approved' | 'rejected' = 'approved') =>
    handle.executeUpdate(decideExplanation, { args: [{ outcome, by }] });

  it('one person is enough: it takes effect at once, and the case that was paid is told', async () => {
    world.answer({
      openExplanation: () => Promise.resolve({ proposedBy: PROPOSER, secondPerson: false }),
      closeExplanation: () =>
        Promise.resolve({ state: 'applied', creditId: 'credit-1', told: { applicationId: 'case-1', result: 'exact' } }),
    });
    const handle = await start();
    expect(await handle.result()).toBe('applied');
    expect(world.inputs('closeExplanation')).toEqual([{ explanationId: ID, outcome: 'approved', by: null }]);
    expect(await told(handle)).toEqual([['application/case-1', { creditId: 'credit-1', result: 'exact' }]]);
  });

  it('where a second person is asked, the first waits, and is not the second', async () => {
    const handle = await start();
    await world.until(() => called().includes('openExplanation'), 'the explanation to be open');
    await world.env.sleep(days(1));
    expect(await refusal(decide(handle, PROPOSER))).toBe('FOUR_EYES');
    expect(called()).toEqual(['openExplanation']);
    await decide(handle, SECOND, 'rejected');
    expect(await handle.result()).toBe('rejected');
  });
});
