/** 证书补办, and 新办 at a window. Rules: business.md, "Change, reissue, revocation" and "New, window". */
import { approveKeyRecovery, cancelCase, signHandOver, takePayment, withdrawCase } from '#workflows/contract';
import { CLERK, receipt, REVIEWER, SECOND_CLERK, SERVICE, SUPERVISOR } from './people.js';
import { acceptedUpdates, openSkippingWorld, refusal, type CaseRun, type SkippingWorld } from './skipping-world.js';

describe('reissue', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const reviewed = async (business: 'reissue' | 'new' = 'reissue') => {
    const run = await world.startCase({ business, channel: 'window', enteredBy: CLERK });
    await run.reach({ stage: 'window-payment' });
    await run.send(takePayment, receipt(SECOND_CLERK));
    await run.reach({ stage: 'review' });
    await run.decide('approved', 1, REVIEWER);
    return run;
  };
  const recovering = async () => {
    let count = 0;
    world.answer({ approveKeyRecovery: () => Promise.resolve({ approvals: (count += 1) }) });
    const run = await reviewed();
    await run.reach({ stage: 'key-recovery', waitingFor: 'supervisor' });
    return run;
  };
  const approve = (run: CaseRun, by: string, updateId?: string) => run.send(approveKeyRecovery, { by }, updateId);

  it('G reissue: paid, reviewed, the old pair revoked at once, the key back by two persons, a new token, handed over', async () => {
    const run = await recovering();
    expect(await approve(run, REVIEWER)).toEqual({ approvals: 1 });
    expect((await run.view()).stage).toBe('key-recovery');
    expect(await approve(run, SUPERVISOR)).toEqual({ approvals: 2 });
    await run.reach({ stage: 'hand-over' });
    await world.until(() => world.inputs('printReceipt').length === 1, 'the receipt');
    await run.send(signHandOver, { handOverId: 'signed', by: CLERK });
    expect(await run.outcome()).toBe('handed-over');
    expect(world.calls.map(({ activity }) => activity).filter((name) => name !== 'sendSms')).toEqual([
      'openWindowPayment',
      'takeWindowPayment',
      'openReview',
      'applyDecision',
      'revokePredecessor',
      'publishCrl',
      'openKeyRecovery',
      'approveKeyRecovery',
      'approveKeyRecovery',
      'startIssuance',
      'makeSigningKey',
      'issueCertificates',
      'makeSeal',
      'writeToken',
      'printTokenLabel',
      'openHandOver',
      'printReceipt',
      'signHandOver',
      'finishApplication',
      'orderInvoice',
      'closeCase',
    ]);
  });

  it('G reissue: of a certificate that another case has revoked meanwhile it is refused: told, and nothing is made', async () => {
    world.answer({ revokePredecessor: () => Promise.resolve({ revoked: false }) });
    const run = await reviewed();
    expect(await run.outcome()).toBe('certificate-ended');
    expect(world.calls.map(({ activity }) => activity)).toEqual([
      'openWindowPayment',
      'takeWindowPayment',
      'openReview',
      'applyDecision',
      'revokePredecessor',
      'sendSms',
      'closeCase',
    ]);
    expect(world.texts()).toEqual(['certificate-ended']);
  });

  describe('key recovery', () => {
    it('D recovery: the same person twice is refused', async () => {
      const run = await recovering();
      await approve(run, REVIEWER);
      expect(await refusal(approve(run, REVIEWER))).toBe('ALREADY_DECIDED');
      expect(world.inputs('approveKeyRecovery')).toEqual([{ applicationId: run.id, by: REVIEWER }]);
      expect((await run.view()).stage).toBe('key-recovery');
    });

    it.each([
      ['who entered the case', CLERK],
      ['who took its payment', SECOND_CLERK],
    ])('D recovery: %s does not approve it', async (_, by) => {
      const run = await recovering();
      expect(await refusal(approve(run, by))).toBe('FOUR_EYES');
      expect(await acceptedUpdates(run.handle)).not.toContain('approveKeyRecovery');
    });

    it('D recovery: who waived the fee neither reviews nor approves it', async () => {
      world.answer({ openWindowPayment: () => Promise.resolve({ due: false, waivedBy: SUPERVISOR }) });
      const run = await world.startCase({ business: 'reissue', channel: 'window', enteredBy: CLERK });
      await run.reach({ stage: 'review' });
      expect(await refusal(run.decide('approved', 1, SUPERVISOR))).toBe('FOUR_EYES');
      await run.decide('approved', 1, REVIEWER);
      await run.reach({ stage: 'key-recovery' });
      expect(await refusal(approve(run, SUPERVISOR))).toBe('FOUR_EYES');
      expect(await acceptedUpdates(run.handle)).toEqual(['decideReview']);
    });

    it('an approval that arrives twice under one id is one approval', async () => {
      const run = await recovering();
      await approve(run, REVIEWER, 'approval-1');
      expect(await approve(run, REVIEWER, 'approval-1')).toEqual({ approvals: 1 });
      expect(world.inputs('approveKeyRecovery')).toHaveLength(1);
    });

    it('two persons at once: one is recorded after the other, and both count', async () => {
      const gate = world.gate();
      const run = await recovering();
      let approvals = 0;
      world.answer({
        approveKeyRecovery: async () => {
          await gate.wait();
          return { approvals: (approvals += 1) };
        },
      });
      const both = Promise.all([approve(run, REVIEWER), approve(run, SUPERVISOR)]);
      await world.until(() => world.inputs('approveKeyRecovery').length === 1, 'the first approval');
      gate.open();
      await both;
      expect(
        world
          .inputs('approveKeyRecovery')
          .map(({ by }) => by)
          .sort(),
      ).toEqual([REVIEWER, SUPERVISOR].sort());
      await run.reach({ stage: 'hand-over' });
    });

    it('a third person comes too late', async () => {
      const run = await recovering();
      await approve(run, REVIEWER);
      await approve(run, SUPERVISOR);
      expect(await refusal(approve(run, SERVICE))).toBe('STAGE_REFUSES');
    });

    it('D recovery: not approved, a supervisor ends the case; no key has come back', async () => {
      const run = await recovering();
      await approve(run, REVIEWER);
      await run.send(cancelCase, { reason: 'applicant-unreachable', by: SUPERVISOR });
      expect(await run.outcome()).toBe('cancelled');
      expect([world.inputs('makeSigningKey'), world.inputs('issueCertificates')]).toEqual([[], []]);
    });
  });

  it('once issuing has begun nothing is withdrawn', async () => {
    const run = await recovering();
    await approve(run, REVIEWER);
    await approve(run, SUPERVISOR);
    await run.reach({ stage: 'hand-over' });
    expect(await refusal(run.send(withdrawCase, { requestId: 'w' }))).toBe('STAGE_REFUSES');
  });

  it('is handed over once: signed for again, it is refused', async () => {
    const printing = world.gate();
    world.answer({ sendSms: ({ template }) => (template === 'handed-over' ? printing.wait() : Promise.resolve()) });
    const run = await recovering();
    await approve(run, REVIEWER);
    await approve(run, SUPERVISOR);
    await run.reach({ stage: 'hand-over' });
    await run.send(signHandOver, { handOverId: 'signed', by: CLERK });
    expect(await refusal(run.send(signHandOver, { handOverId: 'again', by: SECOND_CLERK }))).toBe('STAGE_REFUSES');
  });

  it('G new, window: paid on the spot, reviewed by a second clerk, issued on the spot, then Friday binding and mailing', async () => {
    const run = await reviewed('new');
    await run.reach({ stage: 'dispatch', waitingFor: 'friday' });
    await run.dispatched({ day: '2026-03-06', step: 'handed-over' });
    expect(await run.outcome()).toBe('dispatched');
    const order = world.calls.map(({ activity }) => activity).filter((name) => name !== 'sendSms' && name !== 'orderInvoice');
    expect(order).toEqual([
      'openWindowPayment',
      'takeWindowPayment',
      'openReview',
      'applyDecision',
      'startIssuance',
      'makeSigningKey',
      'issueCertificates',
      'makeSeal',
      'writeToken',
      'printTokenLabel',
      'completeApplication',
      'closeCase',
    ]);
  });
});
