/** 证书变更, and what all businesses at a window share: the fee, the payment, four eyes. Rules: business.md, "Change, reissue, revocation". */
import { days } from '#domain';
import { cancelCase, confirmFee, signHandOver, takePayment, withdrawCase } from '#workflows/contract';
import { CLERK, FILER, receipt, REVIEWER, SECOND_CLERK, SERVICE, SUPERVISOR } from './people.js';
import { acceptedUpdates, openSkippingWorld, refusal, type CaseRun, type SkippingWorld } from './skipping-world.js';

describe('change', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const fee = (by: string, amountFen = 3_000) => ({ amountFen, by });
  const atFee = async () => {
    const run = await world.startCase({ business: 'change', channel: 'window', enteredBy: CLERK });
    await run.reach({ stage: 'fee-confirmation', waitingFor: 'supervisor' });
    return run;
  };
  const atPayment = async () => {
    const run = await atFee();
    await run.send(confirmFee, fee(SUPERVISOR));
    await run.reach({ stage: 'window-payment', waitingFor: 'clerk' });
    return run;
  };
  const atReview = async () => {
    const run = await atPayment();
    await run.send(takePayment, receipt(SECOND_CLERK));
    await run.reach({ stage: 'review', waitingFor: 'reviewer' });
    return run;
  };
  const sent = (run: CaseRun) => acceptedUpdates(run.handle);

  it('G change: fee set by a supervisor, paid on the spot, reviewed, issued, the old pair revoked, handed over at the window', async () => {
    const run = await atReview();
    await run.decide('approved', 1, REVIEWER);
    await run.reach({ stage: 'hand-over' });
    await world.until(() => world.inputs('printReceipt').length === 1, 'the receipt');
    await run.send(signHandOver, { handOverId: 'signed', by: CLERK });
    expect(await run.outcome()).toBe('handed-over');
    expect(world.calls.map(({ activity }) => activity).filter((name) => name !== 'sendSms')).toEqual([
      'openFeeConfirmation',
      'confirmFee',
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
      'rebindAccounts',
      'openHandOver',
      'printReceipt',
      'signHandOver',
      'finishApplication',
      'orderInvoice',
      'closeCase',
    ]);
    expect(world.inputs('confirmFee')).toEqual([{ applicationId: run.id, amountFen: 3_000, by: SUPERVISOR }]);
  });

  describe('the fee', () => {
    it('D change: once the tariff publishes it, nobody sets it', async () => {
      world.answer({ openFeeConfirmation: () => Promise.resolve({ published: true }) });
      const run = await world.startCase({ business: 'change', channel: 'window', enteredBy: CLERK });
      await run.reach({ stage: 'window-payment' });
      expect(await refusal(run.send(confirmFee, fee(SUPERVISOR)))).toBe('STAGE_REFUSES');
    });

    it('is not set by who entered the case', async () => {
      const run = await atFee();
      expect(await refusal(run.send(confirmFee, fee(CLERK)))).toBe('FOUR_EYES');
      expect(await sent(run)).toEqual([]);
    });

    it('set by two supervisors at once: one amount counts, and the other is told', async () => {
      const writing = world.gate();
      world.answer({ confirmFee: () => writing.wait() });
      const run = await atFee();
      const first = run.send(confirmFee, fee(SUPERVISOR, 3_000));
      await world.until(() => world.inputs('confirmFee').length === 1, 'the first');
      expect(await refusal(run.send(confirmFee, fee(REVIEWER, 9_000)))).toBe('ALREADY_DECIDED');
      writing.open();
      await first;
      // However often the step is tried, it is one amount.
      expect(new Set(world.inputs('confirmFee').map(({ amountFen }) => amountFen))).toEqual(new Set([3_000]));
    });

    it('of nothing: no payment is waited for', async () => {
      world.answer({ openWindowPayment: () => Promise.resolve({ due: false }) });
      const run = await atFee();
      await run.send(confirmFee, fee(SUPERVISOR, 0));
      await run.reach({ stage: 'review' });
      expect(world.inputs('takeWindowPayment')).toEqual([]);
    });
  });

  describe('the payment', () => {
    it('arrives twice under one id: taken once, answered twice', async () => {
      const run = await atPayment();
      await run.send(takePayment, receipt(CLERK), 'payment-1');
      await run.send(takePayment, receipt(CLERK), 'payment-1');
      expect(world.inputs('takeWindowPayment')).toHaveLength(1);
    });

    it('arrives twice under two ids: the second is refused', async () => {
      const writing = world.gate();
      world.answer({ takeWindowPayment: () => writing.wait() });
      const run = await atPayment();
      const first = run.send(takePayment, receipt(CLERK));
      await world.until(() => world.inputs('takeWindowPayment').length === 1, 'the first');
      expect(await refusal(run.send(takePayment, receipt(SECOND_CLERK, 'POS-0002')))).toBe('ALREADY_DECIDED');
      writing.open();
      await first;
      expect(await refusal(run.send(takePayment, receipt(SECOND_CLERK, 'POS-0002')))).toMatch(/STAGE_REFUSES|ALREADY_DECIDED/);
    });

    it('with a slip that was used elsewhere is refused, and the right one is taken after it', async () => {
      world.answer({ takeWindowPayment: () => Promise.reject(world.error('SLIP_USED')) });
      const run = await atPayment();
      expect(await refusal(run.send(takePayment, receipt(CLERK)))).toBe('SLIP_USED');
      world.answer({ takeWindowPayment: () => Promise.resolve() });
      await run.send(takePayment, receipt(CLERK, 'POS-0002'));
      await run.reach({ stage: 'review' });
    });

    it('D window: not paid within a day, the case ends', async () => {
      const run = await atPayment();
      await world.env.sleep(days(1) - 60_000);
      expect((await run.view()).stage).toBe('window-payment');
      expect(await run.outcome()).toBe('order-expired');
    });
  });

  describe('four eyes, by the engine', () => {
    it.each([
      ['who entered it', CLERK],
      ['who took the payment', SECOND_CLERK],
      ['who set the fee', SUPERVISOR],
      ['nobody by name', undefined],
    ])('D window: %s does not review it', async (_, by) => {
      const run = await atReview();
      expect(await refusal(run.decide('approved', 1, by))).toBe('FOUR_EYES');
      expect(await sent(run)).not.toContain('decideReview');
      await run.decide('approved', 1, REVIEWER);
      await run.reach({ stage: 'hand-over' });
    });

    it('a second round changes nothing in that', async () => {
      const run = await atReview();
      await run.decide('returned', 1, REVIEWER);
      await run.reach({ stage: 'correction' });
      await run.correct();
      await run.reach({ stage: 'review' });
      expect(await refusal(run.decide('approved', 2, CLERK))).toBe('FOUR_EYES');
      expect(await refusal(run.decide('approved', 2, SECOND_CLERK))).toBe('FOUR_EYES');
    });

    it.each([
      ['who sent the correction off', SERVICE],
      ['who filed a scan in it', FILER],
    ])('D window: %s does not review it', async (_, by) => {
      world.answer({ applyCorrection: () => Promise.resolve({ hands: [CLERK, SERVICE, FILER] }) });
      const run = await atReview();
      await run.decide('returned', 1, REVIEWER);
      await run.reach({ stage: 'correction' });
      await run.correct();
      await run.reach({ stage: 'review' });
      expect(await refusal(run.decide('approved', 2, by))).toBe('FOUR_EYES');
      await run.decide('approved', 2, REVIEWER);
      await run.reach({ stage: 'hand-over' });
    });
  });

  it.each(['fee-confirmation', 'window-payment', 'review', 'correction'] as const)(
    'may be withdrawn or cancelled in the stage %s',
    async (stage) => {
      const run = stage === 'fee-confirmation' ? await atFee() : stage === 'window-payment' ? await atPayment() : await atReview();
      if (stage === 'correction') await run.decide('returned', 1, REVIEWER);
      await run.reach({ stage });
      await run.send(cancelCase, { reason: 'wrong-business', by: SUPERVISOR });
      expect(await run.outcome()).toBe('cancelled');
      expect(world.texts()).toContain('cancelled');
      expect(world.inputs('startIssuance')).toEqual([]);
    },
  );

  it('is withdrawn by nobody while the token is made', async () => {
    const writing = world.gate();
    world.answer({ writeToken: () => writing.wait() });
    const run = await atReview();
    await run.decide('approved', 1, REVIEWER);
    await world.until(() => world.inputs('writeToken').length === 1, 'the token');
    expect(await refusal(run.send(withdrawCase, { requestId: 'w' }))).toBe('STAGE_REFUSES');
  });
});
