/** 证书吊销, at a window and by telephone. Rules: business.md, "Change, reissue, revocation" and the table "What is applied for". */
import { days } from '#domain';
import { cancelCase, formArrived, withdrawCase } from '#workflows/contract';
import { CLERK, FILER, REVIEWER, SECOND_CLERK, SERVICE, SUPERVISOR } from './people.js';
import { openSkippingWorld, refusal, type CaseRun, type SkippingWorld } from './skipping-world.js';

describe('revocation', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const steps = () =>
    world.calls.map(({ activity, input }) => (activity === 'sendSms' ? `sms ${(input as { template: string }).template}` : activity));
  const withdraw = (run: CaseRun) => run.send(withdrawCase, { requestId: 'withdraw-1' });
  const form = (run: CaseRun, wish: 'revoke' | 'lift', by = CLERK) => run.send(formArrived, { wish, by });

  describe('at a window', () => {
    const atReview = async () => {
      const run = await world.startCase({ business: 'revocation', channel: 'window', enteredBy: CLERK });
      await run.reach({ stage: 'review' });
      return run;
    };

    it('G revocation: reviewed, revoked, on the list at once; no fee and no invoice', async () => {
      const run = await atReview();
      await run.decide('approved', 1, REVIEWER);
      expect(await run.outcome()).toBe('revoked');
      expect(steps()).toEqual([
        'openReview',
        'applyDecision',
        'revokePredecessor',
        'publishCrl',
        'finishApplication',
        'sms revoked',
        'closeCase',
      ]);
    });

    it('D window: who entered it does not review it', async () => {
      const run = await atReview();
      expect(await refusal(run.decide('approved', 1, CLERK))).toBe('FOUR_EYES');
      expect(world.inputs('revokePredecessor')).toEqual([]);
    });

    it('may be withdrawn until it is approved, and not while it is being revoked', async () => {
      const publishing = world.gate();
      world.answer({ publishCrl: () => publishing.wait().then(() => ({ number: 1 })) });
      const run = await atReview();
      await run.decide('approved', 1, REVIEWER);
      await world.until(() => world.inputs('publishCrl').length === 1, 'the list');
      expect(await refusal(withdraw(run))).toBe('STAGE_REFUSES');
      expect(await refusal(run.send(cancelCase, { reason: 'duplicate', by: SUPERVISOR }))).toBe('STAGE_REFUSES');
      publishing.open();
      expect(await run.outcome()).toBe('revoked');
    });

    it('withdrawn in review, nothing is revoked', async () => {
      const run = await atReview();
      await withdraw(run);
      expect(await run.outcome()).toBe('withdrawn');
      expect(world.inputs('revokePredecessor')).toEqual([]);
    });
  });

  describe('by telephone', () => {
    const suspended = async () => {
      const run = await world.startCase({ business: 'revocation', channel: 'telephone', enteredBy: SERVICE });
      await run.reach({ stage: 'suspension', waitingFor: 'clerk' });
      await world.until(() => world.texts().includes('suspended'), 'the message');
      return run;
    };
    const SUSPENDED = ['suspendPredecessor', 'publishCrl', 'sms suspended'];
    const LIFTED = ['releasePredecessor', 'publishCrl', 'sms lifted'];

    it('D revocation: suspended for 24 hours; the stamped form in time makes it final, by a second person', async () => {
      const run = await suspended();
      const { since, until } = await run.view();
      expect(Date.parse(until ?? '') - Date.parse(since)).toBeLessThanOrEqual(days(1));
      expect(Date.parse(until ?? '') - Date.parse(since)).toBeGreaterThan(days(1) - 60_000);
      await world.env.sleep('23 hours');
      await form(run, 'revoke');
      await run.reach({ stage: 'review' });
      await run.decide('approved', 1, REVIEWER);
      expect(await run.outcome()).toBe('revoked');
      expect(world.inputs('recordForm')).toEqual([{ applicationId: run.id, wish: 'revoke', by: CLERK }]);
      expect(steps()).toEqual([
        ...SUSPENDED,
        'recordForm',
        'openReview',
        'applyDecision',
        'revokePredecessor',
        'publishCrl',
        'finishApplication',
        'sms revoked',
        'closeCase',
      ]);
    });

    it('D revocation: the form may ask to lift it', async () => {
      const run = await suspended();
      await form(run, 'lift');
      expect(await run.outcome()).toBe('lifted');
      expect(steps()).toEqual([...SUSPENDED, 'recordForm', ...LIFTED, 'closeCase']);
    });

    it('D revocation: without a form it ends by itself after 24 hours', async () => {
      const run = await suspended();
      expect(await run.outcome()).toBe('lifted');
      expect(steps()).toEqual([...SUSPENDED, ...LIFTED, 'closeCase']);
    });

    it('a form brought in the last moment counts, though the day ends while it is written down', async () => {
      const writing = world.gate();
      world.answer({ recordForm: () => writing.wait().then(() => ({ hands: [] })) });
      const run = await suspended();
      await world.env.sleep(days(1) - 10_000);
      const brought = form(run, 'revoke');
      await world.until(() => world.inputs('recordForm').length === 1, 'the form');
      setTimeout(writing.open, 500);
      await world.env.sleep('20 seconds');
      await brought;
      await run.reach({ stage: 'review' });
      expect(world.inputs('releasePredecessor')).toEqual([]);
    });

    it('the form comes once', async () => {
      const run = await suspended();
      await form(run, 'revoke');
      expect(await refusal(form(run, 'lift'))).toBe('STAGE_REFUSES');
    });

    it.each([
      ['who took the call', SERVICE],
      ['who took the form', CLERK],
      ['who scanned it', FILER],
    ])('D window: %s does not review it', async (_, by) => {
      world.answer({ recordForm: () => Promise.resolve({ hands: [FILER, CLERK] }) });
      const run = await suspended();
      await form(run, 'revoke');
      await run.reach({ stage: 'review' });
      expect(await refusal(run.decide('approved', 1, by))).toBe('FOUR_EYES');
      await run.decide('approved', 1, SECOND_CLERK);
      expect(await run.outcome()).toBe('revoked');
    });

    it('is not withdrawn over the portal: paper lifts it, or the day', async () => {
      const run = await suspended();
      expect(await refusal(withdraw(run))).toBe('STAGE_REFUSES');
      await form(run, 'revoke');
      await run.reach({ stage: 'review' });
      expect(await refusal(withdraw(run))).toBe('STAGE_REFUSES');
    });

    it('cancelled by a supervisor, it leaves no certificate suspended', async () => {
      const run = await suspended();
      await run.send(cancelCase, { reason: 'duplicate', by: SUPERVISOR });
      expect(await run.outcome()).toBe('cancelled');
      expect(steps()).toEqual([...SUSPENDED, 'interruptCase', ...LIFTED, 'closeCase', 'sms cancelled']);
    });

    it('rejected, or not corrected in time, it leaves no certificate suspended', async () => {
      const rejected = await suspended();
      await form(rejected, 'revoke');
      await rejected.reach({ stage: 'review' });
      await rejected.decide('rejected', 1, REVIEWER);
      expect(await rejected.outcome()).toBe('rejected');
      expect(world.inputs('releasePredecessor')).toEqual([{ applicationId: rejected.id }]);

      const late = await suspended();
      await form(late, 'revoke');
      await late.reach({ stage: 'review' });
      await late.decide('returned', 1, REVIEWER);
      await late.reach({ stage: 'correction' });
      expect(await late.outcome()).toBe('correction-expired');
      expect(world.inputs('releasePredecessor')).toHaveLength(2);
    });
  });
});
