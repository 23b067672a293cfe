/** 经办人变更 beside the case's own story. Rules: docs/decisions/0030, libs/domain/agent-change.ts. */
import { days, type AgentChangeDecision, type AgentChangeKind } from '#domain';
import {
  askAgentChange,
  cancelCase,
  confirmAgentChange,
  decideAgentChange,
  resendAgentChangeCode,
  withdrawCase,
} from '#workflows/contract';
import { CLERK, REVIEWER, SECOND_CLERK, SUPERVISOR } from './people.js';
import { acceptedUpdates, openSkippingWorld, refusal, type CaseRun, type SkippingWorld } from './skipping-world.js';

const CHANGE = '0198c0de-0000-7000-8000-0000000000d1';
const OTHER_CHANGE = '0198c0de-0000-7000-8000-0000000000d2';
const HOUR = 3_600_000;

describe('经办人变更', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  }, 120_000);
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const ask = (run: CaseRun, given: { kind?: AgentChangeKind; by?: string; changeId?: string } = {}) =>
    run.send(askAgentChange, { changeId: CHANGE, kind: 'other-agent', ...given });
  const decide = (run: CaseRun, decision: Partial<AgentChangeDecision> = {}) =>
    run.send(decideAgentChange, { changeId: CHANGE, outcome: 'approved', by: SUPERVISOR, ...decision } as AgentChangeDecision);
  const reject = (run: CaseRun, by = SUPERVISOR) => decide(run, { outcome: 'rejected', reason: 'not-asked-for', by });
  const confirm = (run: CaseRun, changeId = CHANGE) => run.send(confirmAgentChange, { changeId, codeId: 'code-9' });
  const resend = (run: CaseRun) => run.send(resendAgentChangeCode, { changeId: CHANGE, requestId: 'r' });
  const told = (template: string) => world.until(() => world.texts().includes(template), `the SMS ${template}`);
  const calledChanges = () => world.calls.map(({ activity }) => activity).filter((activity) => /AgentChange/.test(activity));

  async function inReview(): Promise<CaseRun> {
    const run = await world.startCase();
    await run.reach({ stage: 'review', waitingFor: 'reviewer' });
    return run;
  }
  async function approved(): Promise<CaseRun> {
    const run = await inReview();
    await ask(run);
    await decide(run);
    await told('agent-change-announced');
    return run;
  }

  it('asked for, approved, code to the new phone, old phone warned, proven, both told; the case stays where it was', async () => {
    const run = await approved();
    await confirm(run);
    await told('agent-welcome');
    expect(calledChanges()).toEqual(['openAgentChange', 'decideAgentChange', 'sendAgentChangeCode', 'applyAgentChange']);
    expect(world.texts()).toEqual(['agent-change-announced', 'agent-changed', 'agent-welcome']);
    expect(world.inputs('applyAgentChange')).toEqual([{ applicationId: run.id, changeId: CHANGE, codeId: 'code-9' }]);
    expect(await run.view()).toMatchObject({ stage: 'review', waitingFor: 'reviewer' });
    await run.decide('approved');
    await run.reach({ stage: 'payment' });
  });

  it('no code goes out and nothing is applied before a second person has approved', async () => {
    const run = await inReview();
    await ask(run);
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
    expect(await refusal(resend(run))).toBe('STAGE_REFUSES');
    await world.env.sleep(HOUR);
    expect(calledChanges()).toEqual(['openAgentChange']);
  });

  it('who entered the change does not approve it, nor whoever entered the case; and the refusal stands in no history', async () => {
    const run = await world.startCase({ channel: 'window', enteredBy: CLERK });
    await run.reach({ stage: 'window-payment' });
    await ask(run, { by: SECOND_CLERK });
    expect(await refusal(decide(run, { by: SECOND_CLERK }))).toBe('FOUR_EYES');
    expect(await refusal(decide(run, { by: CLERK }))).toBe('FOUR_EYES');
    expect(await acceptedUpdates(run.handle)).toEqual(['askAgentChange']);
    await decide(run, { by: REVIEWER });
  });

  it('who entered the change has had the case in hand: its review is for somebody else', async () => {
    const run = await inReview();
    await ask(run, { by: CLERK });
    expect(await refusal(run.decide('approved', 1, CLERK))).toBe('FOUR_EYES');
    await run.decide('approved', 1, REVIEWER);
  });

  it('one at a time: another is taken when the first has come to its end', async () => {
    const run = await approved();
    expect(await refusal(ask(run, { changeId: OTHER_CHANGE }))).toBe('AGENT_CHANGE_OPEN');
    await confirm(run);
    await told('agent-changed');
    await ask(run, { changeId: OTHER_CHANGE });
    expect(world.inputs('openAgentChange').map(({ changeId }) => changeId)).toEqual([CHANGE, OTHER_CHANGE]);
  });

  it('is decided once, and what is decided or confirmed is another change’s affair no more', async () => {
    const run = await approved();
    expect(await refusal(decide(run))).toBe('ALREADY_DECIDED');
    expect(await refusal(confirm(run, OTHER_CHANGE))).toBe('STAGE_REFUSES');
    await confirm(run);
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
    expect(await refusal(reject(run))).toBe('ALREADY_DECIDED');
  });

  it('rejected: nothing is sent to the new phone, and the agent hears why', async () => {
    const run = await inReview();
    await ask(run);
    await reject(run);
    await told('agent-change-ended');
    expect(calledChanges()).toEqual(['openAgentChange', 'decideAgentChange']);
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
  });

  it('approved, it is still stopped until the new phone is proven', async () => {
    const run = await approved();
    await reject(run);
    await told('agent-change-ended');
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
    expect(world.inputs('applyAgentChange')).toEqual([]);
  });

  it('D: nobody decides within 3 days: it comes to nothing, and the case goes on', async () => {
    const run = await inReview();
    await ask(run);
    await world.env.sleep(days(3) - HOUR);
    expect(world.inputs('endAgentChange')).toEqual([]);
    await world.env.sleep(2 * HOUR);
    await told('agent-change-ended');
    expect(world.inputs('endAgentChange')).toEqual([{ applicationId: run.id, changeId: CHANGE, end: 'expired' }]);
    expect((await run.view()).stage).toBe('review');
  });

  it('D: the new phone has 7 days from the approval, and codes of their own numbers', async () => {
    const run = await approved();
    await world.env.sleep(days(7) - HOUR);
    await resend(run);
    expect(world.inputs('sendAgentChangeCode').map(({ attempt }) => attempt)).toEqual([1, 2]);
    await world.env.sleep(2 * HOUR);
    await told('agent-change-ended');
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
    expect(world.inputs('endAgentChange')).toMatchObject([{ end: 'expired' }]);
  });

  it('a code that the records do not know changes nothing, and the new agent may try again', async () => {
    const run = await approved();
    world.answer({ applyAgentChange: () => Promise.reject(world.error('CODE_EXPIRED')) });
    expect(await refusal(confirm(run))).toBe('CODE_EXPIRED');
    world.answer({ applyAgentChange: () => Promise.resolve() });
    await confirm(run);
  });

  it('the first agent’s phone that was waited for need not be proven any more: the new one has been', async () => {
    world.answer({ openPhoneVerification: () => Promise.resolve({ agentVerified: false }) });
    const run = await world.startCase();
    await world.until(() => world.inputs('sendAgentCode').length === 1, 'the first code');
    await ask(run, { kind: 'lost-phone', by: CLERK });
    await decide(run);
    await told('agent-change-announced');
    expect(world.inputs('sendAgentChangeCode')).toMatchObject([{ attempt: 2 }]);
    await confirm(run);
    await run.reach({ stage: 'review' });
    expect(world.inputs('recordPhoneVerified')).toEqual([]);
  });

  it.each([
    ['payment', async (run: CaseRun) => run.decide('approved')],
    ['correction', async (run: CaseRun) => run.decide('returned')],
  ] as const)('is taken at %s too', async (stage, lead) => {
    const run = await inReview();
    await lead(run);
    await run.reach({ stage });
    await ask(run);
    await decide(run);
    await confirm(run);
    await told('agent-welcome');
    expect((await run.view()).stage).toBe(stage);
  });

  it('D: while keys are made nobody hands over, and what was approved before waits; a lost phone is replaced at any time', async () => {
    const gate = world.gate();
    world.answer({ makeSigningKey: () => gate.wait() });
    const run = await approved();
    await run.decide('approved');
    await run.reach({ stage: 'payment' });
    await run.credit('exact');
    await run.reach({ stage: 'issuance' });
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
    gate.open();
    await run.reach({ stage: 'dispatch' });
    await confirm(run);
    await told('agent-welcome');
    await ask(run, { kind: 'lost-phone', changeId: OTHER_CHANGE, by: CLERK });
  });

  it('D: an unlocking takes none: the phone that was called back is what it stands on', async () => {
    const run = await world.startCase({ number: 'JS-2026-000001-7', business: 'unlock', channel: 'telephone', enteredBy: CLERK });
    await run.reach({ stage: 'approval' });
    expect(await refusal(ask(run))).toBe('STAGE_REFUSES');
    expect(await refusal(ask(run, { kind: 'lost-phone' }))).toBe('STAGE_REFUSES');
  });

  it.each([
    ['withdrawn', (run: CaseRun) => run.send(withdrawCase, { requestId: 'w' })],
    ['cancelled', (run: CaseRun) => run.send(cancelCase, { reason: 'duplicate', by: SUPERVISOR })],
  ] as const)('a case that is %s meanwhile takes the open change with it', async (outcome, end) => {
    const run = await approved();
    await end(run);
    expect(await run.outcome()).toBe(outcome);
    expect(world.inputs('endAgentChange')).toEqual([{ applicationId: run.id, changeId: CHANGE, end: 'case-ended' }]);
    expect(world.texts()).toEqual(['agent-change-announced', outcome]);
  });

  describe('the end of the case and a record in the making', () => {
    /**
     * While a record is being made its workflow task is open, and what arrives waits for the next one: at four fifths of this time. So short,
     * a test need not guess when a decision has arrived: the history says so while the record is still held.
     */
    const SOON = { workflowTaskTimeout: '2 seconds' } as const;
    const records = (...names: string[]) => world.calls.map(({ activity }) => activity).filter((activity) => names.includes(activity));
    async function approvedSoon(): Promise<CaseRun> {
      const run = await world.startCase({}, SOON);
      await run.reach({ stage: 'review', waitingFor: 'reviewer' });
      await ask(run);
      await decide(run);
      await told('agent-change-announced');
      return run;
    }

    it('a change that is just being applied when the case ends is applied, and both phones are told', async () => {
      const gate = world.gate();
      world.answer({ applyAgentChange: () => gate.wait() });
      const run = await approvedSoon();
      const confirmed = confirm(run);
      await world.until(() => world.inputs('applyAgentChange').length === 1, 'the change on its way');
      const withdrawn = run.send(withdrawCase, { requestId: 'w' });
      await world.until(async () => (await acceptedUpdates(run.handle)).includes('withdrawCase'), 'the withdrawal to be taken');
      // Taken, it waits for the record that is being made: never two at once.
      expect(records('applyAgentChange', 'interruptCase')).toEqual(['applyAgentChange']);
      gate.open();
      await Promise.all([confirmed, withdrawn]);
      expect(await run.outcome()).toBe('withdrawn');
      expect(records('applyAgentChange', 'interruptCase', 'endAgentChange')).toEqual(['applyAgentChange', 'interruptCase']);
      expect(world.texts()).toEqual(['agent-change-announced', 'agent-changed', 'agent-welcome', 'withdrawn']);
    });

    it('a change that is confirmed while the withdrawal is being written comes too late', async () => {
      const gate = world.gate();
      world.answer({ interruptCase: () => gate.wait() });
      const run = await approvedSoon();
      const withdrawn = run.send(withdrawCase, { requestId: 'w' });
      await world.until(() => world.inputs('interruptCase').length === 1, 'the withdrawal on its way');
      expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
      gate.open();
      await withdrawn;
      expect(await run.outcome()).toBe('withdrawn');
      expect(records('applyAgentChange', 'endAgentChange')).toEqual(['endAgentChange']);
      expect(world.texts()).toEqual(['agent-change-announced', 'withdrawn']);
    });
  });
});
