/** 证书新办, the agent's phone. Rules: business.md, "New, online"; deadlines of libs/domain/businesses/new.ts. */
import { days } from '#domain';
import { openSkippingWorld, refusal, type SkippingWorld } from './skipping-world.js';

describe('verification of the agent’s phone', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const byCode = () => world.answer({ openPhoneVerification: () => Promise.resolve({ agentVerified: false }) });

  it('the submitting session’s own phone needs no code: the case goes to review', async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review', waitingFor: 'reviewer' });
    expect(world.calls.map(({ activity }) => activity)).toEqual(['openPhoneVerification', 'openReview']);
    expect(world.inputs('openReview')).toMatchObject([{ applicationId: run.id, round: 1 }]);
  });

  it('a code goes to the agent, and the case waits for it for 7 days', async () => {
    byCode();
    const run = await world.startCase();
    await world.until(() => world.inputs('sendAgentCode').length === 1, 'the code');
    const { waitingFor, since, until } = await run.view();
    expect(waitingFor).toBe('agent');
    expect(Date.parse(until ?? '') - Date.parse(since)).toBeLessThanOrEqual(days(7));
    expect(Date.parse(until ?? '') - Date.parse(since)).toBeGreaterThan(days(7) - 10_000);
    expect(world.inputs('openPhoneVerification')).toEqual([{ applicationId: run.id, until }]);
    expect(world.inputs('sendAgentCode')).toEqual([{ applicationId: run.id, attempt: 1 }]);
  });

  it('the code that was typed leads to review, and enters the case by its id', async () => {
    byCode();
    const run = await world.startCase();
    await run.verify('code-7');
    await run.reach({ stage: 'review' });
    expect(world.inputs('recordPhoneVerified')).toEqual([{ applicationId: run.id, codeId: 'code-7' }]);
  });

  it('a code asked for again is the second attempt, and either way one verification is enough', async () => {
    byCode();
    const run = await world.startCase();
    await world.until(() => world.inputs('sendAgentCode').length === 1, 'the first code');
    await run.resend();
    expect(world.inputs('sendAgentCode').map(({ attempt }) => attempt)).toEqual([1, 2]);
    await run.verify();
    await run.reach({ stage: 'review' });
    expect(await refusal(run.verify())).toBe('STAGE_REFUSES');
    expect(await refusal(run.resend())).toBe('STAGE_REFUSES');
    expect(world.inputs('recordPhoneVerified')).toHaveLength(1);
  });

  it('a code that the records do not know does not verify, and the agent may try again', async () => {
    byCode();
    world.answer({
      recordPhoneVerified: ({ codeId }) => (codeId === 'used' ? Promise.resolve() : Promise.reject(world.error('CODE_EXPIRED'))),
    });
    const run = await world.startCase();
    expect(await refusal(run.verify('never-used'))).toBe('CODE_EXPIRED');
    expect((await run.view()).stage).toBe('phone-verification');
    await run.verify('used');
    await run.reach({ stage: 'review' });
  });

  it('D: verified in the last hour of the seventh day is in time', async () => {
    byCode();
    const run = await world.startCase();
    await world.until(() => world.inputs('sendAgentCode').length === 1, 'the code');
    await world.env.sleep(days(7) - 3_600_000);
    await run.verify();
    await run.reach({ stage: 'review' });
  });

  it('D: not verified within 7 days closes the case as phone-unverified', async () => {
    byCode();
    const run = await world.startCase();
    await world.until(() => world.inputs('sendAgentCode').length === 1, 'the code');
    await world.env.sleep(days(7) + 60_000);
    await run.reach({ stage: 'closed', outcome: 'phone-unverified' });
    expect(world.inputs('closeCase')).toEqual([{ applicationId: run.id, outcome: 'phone-unverified' }]);
    expect(world.inputs('openReview')).toEqual([]);
    expect(await run.view()).toMatchObject({ waitingFor: 'nobody', until: null });
    expect(await run.outcome()).toBe('phone-unverified');
  });

  it('a phone changed by a correction is verified anew, by a code of its own number, before the next round', async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review' });
    await run.decide('returned');
    await run.reach({ stage: 'correction' });
    byCode();
    await run.correct('correction-1', true);
    await run.reach({ stage: 'phone-verification', waitingFor: 'agent' });
    await world.until(() => world.inputs('sendAgentCode').length === 1, 'the code');
    expect(world.inputs('openPhoneVerification')[1]).toMatchObject({ applicationId: run.id, afterRound: 1 });
    expect(world.inputs('openReview')).toHaveLength(1);
    await run.verify();
    await run.reach({ stage: 'review' });
    expect(world.inputs('openReview').map(({ round }) => round)).toEqual([1, 2]);
    await run.decide('returned', 2);
    await run.reach({ stage: 'correction' });
    await run.correct('correction-2', true);
    await world.until(() => world.inputs('sendAgentCode').length === 2, 'the next code');
    expect(world.inputs('sendAgentCode').map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('D: a phone changed by a correction and not verified within 7 days closes the case', async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review' });
    await run.decide('returned');
    await run.reach({ stage: 'correction' });
    byCode();
    await run.correct('correction-1', true);
    await run.reach({ stage: 'phone-verification' });
    expect(await run.outcome()).toBe('phone-unverified');
  });
});
