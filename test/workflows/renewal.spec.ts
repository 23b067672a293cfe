/** 证书更新. Rules: business.md, "Renewal online, valid", "Renewal online, expired", and the table "What is applied for". */
import { days } from '#domain';
import { confirmInstallation, requestInstallation, signHandOver, takePayment, withdrawCase, cancelCase } from '#workflows/contract';
import { CLERK, receipt, REVIEWER, SECOND_CLERK, SUPERVISOR } from './people.js';
import { openSkippingWorld, refusal, type CaseRun, type SkippingWorld } from './skipping-world.js';

describe('renewal', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const steps = () =>
    world.calls.map(({ activity, input }) => (activity === 'sendSms' ? `sms ${(input as { template: string }).template}` : activity));
  const request = (run: CaseRun, requestId = 'request-1') => run.send(requestInstallation, { requestId }, requestId);
  const confirm = (run: CaseRun) => run.send(confirmInstallation, { confirmationId: 'confirmation-1' });
  const withdraw = (run: CaseRun) => run.send(withdrawCase, { requestId: 'withdraw-1' });
  const reviewed = async (business: 'renewal-valid' | 'renewal-expired' = 'renewal-valid') => {
    const run = await world.startCase({ business });
    await run.reach({ stage: 'review' });
    await run.decide('approved', 1, REVIEWER);
    return run;
  };
  const installing = async () => {
    const run = await reviewed();
    await run.reach({ stage: 'payment' });
    await run.credit('exact');
    await run.reach({ stage: 'installation', waitingFor: 'assistant' });
    return run;
  };

  it.each(['renewal-valid', 'renewal-expired'] as const)(
    'G %s, online: fee ordered with the submission, review, SMS, payment, installation by the assistant; the old pair goes last',
    async (business) => {
      const run = await reviewed(business);
      await run.reach({ stage: 'payment', waitingFor: 'bank' });
      await run.credit('exact');
      await run.reach({ stage: 'installation', waitingFor: 'assistant' });
      await request(run);
      await confirm(run);
      expect(await run.outcome()).toBe('installed');
      expect(steps()).toEqual([
        'orderFee',
        'openPhoneVerification',
        'openReview',
        'applyDecision',
        'openOrder',
        'sms renewal-approved',
        'confirmPayment',
        'sms payment-confirmed',
        'openInstallation',
        'sms install-ready',
        'issueCertificates',
        'makeSeal',
        'confirmInstallation',
        'revokePredecessor',
        'publishCrl',
        'finishApplication',
        'sms installed',
        'orderInvoice',
        'sms invoice',
        'closeCase',
      ]);
    },
  );

  it('D renewal: paid before the review has ended, it does not wait for the bank', async () => {
    world.answer({ openOrder: () => Promise.resolve('paid') });
    const run = await reviewed();
    await run.reach({ stage: 'installation' });
    expect(world.texts()).toContain('payment-confirmed');
  });

  it('money told during the review counts when the payment opens', async () => {
    const run = await world.startCase({ business: 'renewal-valid' });
    await run.reach({ stage: 'review' });
    await run.credit('exact');
    await run.decide('approved', 1, REVIEWER);
    await run.reach({ stage: 'installation' });
  });

  it('D renewal: the old pair is revoked only after the confirmation, however long that takes', async () => {
    const run = await installing();
    await request(run);
    await world.env.sleep(days(120));
    expect(world.inputs('revokePredecessor')).toEqual([]);
    expect(await run.view()).toMatchObject({ stage: 'installation' });
    await confirm(run);
    expect(await run.outcome()).toBe('installed');
    expect(world.inputs('revokePredecessor')).toEqual([{ applicationId: run.id }]);
  });

  it('an installation that breaks off is resumed: asked again it is answered, and nothing is issued twice', async () => {
    const run = await installing();
    await request(run);
    await request(run, 'request-2');
    await request(run, 'request-2');
    expect(world.inputs('issueCertificates')).toEqual([{ applicationId: run.id, index: 1 }]);
    await confirm(run);
    expect(await run.outcome()).toBe('installed');
  });

  it('a request is answered when certificates and seal are made, not before', async () => {
    const sealing = world.gate();
    world.answer({ makeSeal: () => sealing.wait() });
    const run = await installing();
    let answered = false;
    const asked = request(run).then(() => (answered = true));
    await world.until(() => world.inputs('makeSeal').length === 1, 'the seal');
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
    expect(answered).toBe(false);
    sealing.open();
    await asked;
  });

  it('nothing is confirmed before it was requested', async () => {
    const run = await installing();
    expect(await refusal(confirm(run))).toBe('STAGE_REFUSES');
  });

  it('D renewal: not installed within 90 days it ends, and nothing was issued or revoked', async () => {
    const run = await installing();
    await world.env.sleep(days(89));
    expect((await run.view()).stage).toBe('installation');
    expect(await run.outcome()).toBe('not-installed');
    expect(world.inputs('closeCase')).toEqual([{ applicationId: run.id, outcome: 'not-installed' }]);
    expect([world.inputs('issueCertificates'), world.inputs('revokePredecessor')]).toEqual([[], []]);
  });

  describe('withdrawn', () => {
    it.each(['review', 'correction', 'payment', 'installation'] as const)(
      'in the stage %s: it ends, and nothing is issued',
      async (stage) => {
        const run = stage === 'installation' ? await installing() : await world.startCase({ business: 'renewal-valid' });
        if (stage !== 'installation') await run.reach({ stage: 'review' });
        if (stage === 'correction') await run.decide('returned', 1, REVIEWER);
        if (stage === 'payment') await run.decide('approved', 1, REVIEWER);
        await run.reach({ stage });
        await withdraw(run);
        expect(await run.outcome()).toBe('withdrawn');
        expect(world.inputs('interruptCase')).toEqual([{ applicationId: run.id, outcome: 'withdrawn', by: null }]);
        expect(world.texts()).toContain('withdrawn');
        expect(world.inputs('issueCertificates')).toEqual([]);
      },
    );

    it('once issuing has begun it is refused', async () => {
      const run = await installing();
      await request(run);
      expect(await refusal(withdraw(run))).toBe('STAGE_REFUSES');
      expect(await refusal(run.send(cancelCase, { reason: 'duplicate', by: SUPERVISOR }))).toBe('STAGE_REFUSES');
    });

    it('in the very moment in which the assistant asks: nothing is issued, and the assistant is refused', async () => {
      const recording = world.gate();
      world.answer({ interruptCase: () => recording.wait() });
      const run = await installing();
      const withdrawn = withdraw(run);
      await world.until(() => world.inputs('interruptCase').length === 1, 'the withdrawal');
      const asked = refusal(request(run));
      await world.env.sleep('1 second');
      recording.open();
      await withdrawn;
      expect(await run.outcome()).toBe('withdrawn');
      expect(await asked).toBe('STAGE_REFUSES');
      expect(world.inputs('issueCertificates')).toEqual([]);
    });

    it('twice: the second is refused', async () => {
      const run = await world.startCase({ business: 'renewal-valid' });
      await run.reach({ stage: 'review' });
      const recording = world.gate();
      world.answer({ interruptCase: () => recording.wait() });
      const first = withdraw(run);
      await world.until(() => world.inputs('interruptCase').length === 1, 'the withdrawal');
      expect(await refusal(run.send(cancelCase, { reason: 'duplicate', by: SUPERVISOR }))).toBe('STAGE_REFUSES');
      recording.open();
      await first;
      expect(await run.outcome()).toBe('withdrawn');
    });
  });

  describe('at a window', () => {
    const atWindow = async () => {
      const run = await world.startCase({ business: 'renewal-valid', channel: 'window', enteredBy: CLERK });
      await run.reach({ stage: 'window-payment', waitingFor: 'clerk' });
      await run.send(takePayment, receipt(SECOND_CLERK));
      await run.reach({ stage: 'review' });
      return run;
    };

    it('G renewal, window: payment on the spot, a second person reviews, written on the token brought, handed over, signed for', async () => {
      const run = await atWindow();
      await run.decide('approved', 1, REVIEWER);
      await run.reach({ stage: 'hand-over', waitingFor: 'clerk' });
      await world.until(() => world.inputs('printReceipt').length === 1, 'the receipt');
      await run.send(signHandOver, { handOverId: 'signed', by: CLERK });
      expect(await run.outcome()).toBe('handed-over');
      expect(steps()).toEqual([
        'openWindowPayment',
        'takeWindowPayment',
        'openReview',
        'applyDecision',
        'requireSubject',
        'startIssuance',
        'makeSigningKey',
        'issueCertificates',
        'makeSeal',
        'writeToken',
        'printTokenLabel',
        'revokePredecessor',
        'publishCrl',
        'openHandOver',
        'printReceipt',
        'signHandOver',
        'sms handed-over',
        'finishApplication',
        'orderInvoice',
        'sms invoice',
        'closeCase',
      ]);
    });

    it('a certificate revoked since the case began is not renewed: a person looks, and a supervisor may cancel', async () => {
      world.answer({ requireSubject: () => Promise.reject(world.error('CERTIFICATE_REVOKED')) });
      const run = await atWindow();
      await run.decide('approved', 1, REVIEWER);
      await run.reach({ waitingFor: 'staff', parkedReason: 'CERTIFICATE_REVOKED' });
      await run.send(cancelCase, { reason: 'key-revoked', by: SUPERVISOR });
      expect(await run.outcome()).toBe('cancelled');
      expect(world.inputs('interruptCase')).toEqual([
        { applicationId: run.id, outcome: 'cancelled', by: { reason: 'key-revoked', by: SUPERVISOR } },
      ]);
      expect([world.inputs('startIssuance'), world.inputs('issueCertificates')]).toEqual([[], []]);
      expect(await run.view()).toMatchObject({ stage: 'closed', parkedReason: null });
    });

    it('once it was made, nobody takes it back', async () => {
      const run = await atWindow();
      await run.decide('approved', 1, REVIEWER);
      await run.reach({ stage: 'hand-over' });
      expect(await refusal(withdraw(run))).toBe('STAGE_REFUSES');
    });
  });
});
