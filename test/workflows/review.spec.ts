/** 证书新办, review. Rules: business.md, "New, online"; decisions are updates, and refused before anything is recorded. */
import { days } from '#domain';
import { acceptedUpdates, openSkippingWorld, refusal, type SkippingWorld } from './skipping-world.js';

describe('review', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const inReview = async () => {
    const run = await world.startCase();
    await run.reach({ stage: 'review', waitingFor: 'reviewer' });
    return run;
  };

  it('approved goes on to payment, and the agent is told by SMS', async () => {
    const run = await inReview();
    await run.decide('approved');
    await run.reach({ stage: 'payment', waitingFor: 'bank' });
    expect(world.inputs('applyDecision')).toEqual([{ applicationId: run.id, decisionId: 'approved/1', round: 1 }]);
    await world.until(() => world.texts().length === 1, 'the message');
    expect(world.inputs('sendSms')).toEqual([{ applicationId: run.id, template: 'review-approved', onceKey: 'review-approved' }]);
  });

  it('returned waits for the agent, tells by SMS, and the correction comes back as the next round', async () => {
    const run = await inReview();
    await run.decide('returned');
    const { until } = await run.reach({ stage: 'correction', waitingFor: 'agent' });
    expect(world.inputs('openCorrection')).toEqual([{ applicationId: run.id, round: 1, until }]);
    await run.correct('correction-1');
    await run.reach({ stage: 'review', waitingFor: 'reviewer' });
    expect(world.inputs('applyCorrection')).toEqual([{ applicationId: run.id, correctionId: 'correction-1' }]);
    expect(world.inputs('openReview').map(({ round }) => round)).toEqual([1, 2]);
    expect(world.texts()).toEqual(['review-returned']);
  });

  it('any number of rounds: returned three times, then approved; each return is its own message', async () => {
    const run = await inReview();
    for (const round of [1, 2, 3]) {
      await run.decide('returned', round);
      await run.reach({ stage: 'correction' });
      await run.correct();
      await run.reach({ stage: 'review' });
    }
    await run.decide('approved', 4);
    await run.reach({ stage: 'payment' });
    expect(world.inputs('applyDecision').map(({ round }) => round)).toEqual([1, 2, 3, 4]);
    await world.until(() => world.texts().length === 4, 'the messages');
    expect(world.inputs('sendSms').map(({ onceKey }) => onceKey)).toEqual([
      'review-returned/1',
      'review-returned/2',
      'review-returned/3',
      'review-approved',
    ]);
  });

  it('rejected tells by SMS and ends the case; nothing is ordered', async () => {
    const run = await inReview();
    await run.decide('rejected');
    expect(await run.outcome()).toBe('rejected');
    expect(world.texts()).toEqual(['review-rejected']);
    expect(world.inputs('openOrder')).toEqual([]);
    expect(world.inputs('closeCase')).toEqual([{ applicationId: run.id, outcome: 'rejected' }]);
  });

  it('D: a review nobody decides waits past its 3 days: overdue is for people to see, not an end', async () => {
    const run = await inReview();
    await world.env.sleep(days(40));
    expect((await run.view()).stage).toBe('review');
    await run.decide('approved');
    await run.reach({ stage: 'payment' });
  });

  it('D: not corrected within 30 days closes the case as correction-expired', async () => {
    const run = await inReview();
    await run.decide('returned');
    const { since, until } = await run.reach({ stage: 'correction' });
    expect(Math.round((Date.parse(until ?? '') - Date.parse(since)) / days(1))).toBe(30);
    await world.until(() => world.texts().length === 1, 'the message');
    await world.env.sleep(days(30) - 3_600_000);
    expect((await run.view()).stage).toBe('correction');
    await world.env.sleep(3_660_000);
    await run.reach({ stage: 'closed', outcome: 'correction-expired' });
  });

  it('D: corrected in the last hour of the thirtieth day is in time', async () => {
    const run = await inReview();
    await run.decide('returned');
    await run.reach({ stage: 'correction' });
    await world.until(() => world.texts().length === 1, 'the message');
    await world.env.sleep(days(30) - 3_600_000);
    await run.correct();
    await run.reach({ stage: 'review' });
  });

  describe('a decision at the wrong stage is refused before anything is recorded', () => {
    it.each([
      ['on the phone’s verification', 'decide'],
      ['on the phone’s verification', 'correct'],
    ] as const)('%s: %s', async (_, what) => {
      world.answer({ openPhoneVerification: () => Promise.resolve({ agentVerified: false }) });
      const run = await world.startCase();
      await run.reach({ stage: 'phone-verification' });
      await world.until(() => world.inputs('sendAgentCode').length === 1, 'the code');
      const before = world.calls.length;
      expect(await refusal(what === 'decide' ? run.decide('approved') : run.correct())).toBe('STAGE_REFUSES');
      expect(world.calls).toHaveLength(before);
      expect(await acceptedUpdates(run.handle)).toEqual([]);
    });

    it('in review: a correction, a phone code, a resumption', async () => {
      const run = await inReview();
      const before = world.calls.length;
      expect(await Promise.all([run.correct(), run.verify(), run.resend(), run.resume()].map(refusal))).toEqual([
        'STAGE_REFUSES',
        'STAGE_REFUSES',
        'STAGE_REFUSES',
        'STAGE_REFUSES',
      ]);
      expect(world.calls).toHaveLength(before);
      expect(await acceptedUpdates(run.handle)).toEqual([]);
    });

    it('in payment: a decision', async () => {
      const run = await inReview();
      await run.decide('approved');
      await run.reach({ stage: 'payment' });
      expect(await refusal(run.decide('rejected'))).toBe('STAGE_REFUSES');
      expect(world.inputs('applyDecision')).toHaveLength(1);
      expect(await acceptedUpdates(run.handle)).toEqual(['decideReview']);
    });

    it('in correction: a decision, and a second correction', async () => {
      const run = await inReview();
      await run.decide('returned');
      await run.reach({ stage: 'correction' });
      expect(await refusal(run.decide('approved'))).toBe('STAGE_REFUSES');
      await run.correct();
      expect(await refusal(run.correct())).toBe('STAGE_REFUSES');
      expect(await acceptedUpdates(run.handle)).toEqual(['decideReview', 'submitCorrection']);
    });
  });

  describe('the second decision of a round is refused as already decided', () => {
    it('while what follows from the first is still being done', async () => {
      world.answer({ sendSms: world.gate().wait });
      const run = await inReview();
      await run.decide('rejected');
      expect(await refusal(run.decide('approved'))).toBe('ALREADY_DECIDED');
      expect(world.inputs('applyDecision').map(({ decisionId }) => decisionId)).toEqual(['rejected/1']);
      expect(await acceptedUpdates(run.handle)).toEqual(['decideReview']);
    });

    it('when both come at once: one is decided, one refused', async () => {
      world.answer({ sendSms: world.gate().wait });
      const run = await inReview();
      const answers = await Promise.all([refusal(run.decide('rejected', 1)), refusal(run.decide('rejected', 2))]);
      expect(answers.sort()).toEqual(['ALREADY_DECIDED', 'was not refused']);
      expect(world.inputs('applyDecision')).toHaveLength(1);
    });
  });

  it('a decision that the records refuse leaves the round open for another', async () => {
    world.answer({
      applyDecision: ({ decisionId }) =>
        decisionId === 'rejected/1' ? Promise.reject(world.error('NOT_FOUND')) : Promise.resolve('approved'),
    });
    const run = await inReview();
    expect(await refusal(run.decide('rejected'))).toBe('NOT_FOUND');
    expect((await run.view()).stage).toBe('review');
    await run.decide('approved');
    await run.reach({ stage: 'payment' });
  });

  it('a decision sent twice under one key is decided once and answered twice', async () => {
    const run = await inReview();
    const send = () =>
      run.handle.executeUpdate('decideReview', { updateId: 'key-1', args: [{ decisionId: 'approved/1', outcome: 'approved' }] });
    await Promise.all([send(), send()]);
    await send();
    expect(world.inputs('applyDecision')).toHaveLength(1);
  });
});
