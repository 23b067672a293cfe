/** 证书解锁: a call-back, a second person, one code for one answer within the hour. */
import type { UnlockDecision } from '#domain';
import { cancelCase, decideUnlock, redeemUnlock, withdrawCase } from '#workflows/contract';
import { acceptedUpdates, openSkippingWorld, refusal, type CaseRun, type SkippingWorld } from './skipping-world.js';

const OPENED = '0198c0de-0000-7000-8000-0000000000a1';
const SECOND = '0198c0de-0000-7000-8000-0000000000b2';
const CODE = { codeId: '0198c0de-0000-7000-8000-0000000000c3' };
const MINUTE = 60_000;

describe('证书解锁', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  }, 120_000);
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const open = () => world.startCase({ number: 'JS-2026-000001-7', business: 'unlock', channel: 'telephone', enteredBy: OPENED });
  const decide = ({ handle }: CaseRun, decision: UnlockDecision) => handle.executeUpdate(decideUnlock, { args: [decision] });
  const approve = (ticket: CaseRun) => decide(ticket, { outcome: 'approved', by: SECOND });
  const redeem = ({ handle }: CaseRun) => handle.executeUpdate(redeemUnlock, { args: [CODE] });
  const called = () => world.calls.map(({ activity }) => activity);

  async function approved(): Promise<CaseRun> {
    const ticket = await open();
    await ticket.reach({ stage: 'approval', waitingFor: 'supervisor' });
    await approve(ticket);
    await ticket.reach({ stage: 'unlocking', waitingFor: 'assistant' });
    return ticket;
  }

  it('approval, code, answer, completion, in that order; the registered phone is told at the end', async () => {
    const ticket = await approved();
    await redeem(ticket);
    expect(await ticket.outcome()).toBe('unlocked');
    expect(called()).toEqual([
      'openUnlockApproval',
      'decideUnlock',
      'sendUnlockCode',
      'openUnlocking',
      'answerUnlock',
      'finishApplication',
      'sendSms',
      'closeCase',
    ]);
    expect(world.texts()).toEqual(['unlocked']);
  });

  it('no code goes out before a second person has approved', async () => {
    const ticket = await open();
    await ticket.reach({ stage: 'approval' });
    await world.env.sleep(60 * MINUTE);
    expect(called()).toEqual(['openUnlockApproval']);
    expect(await refusal(redeem(ticket))).not.toBe('was not refused');
  });

  it('who opened the ticket does not approve it, and the refusal stands in no history', async () => {
    const ticket = await open();
    await ticket.reach({ stage: 'approval' });
    expect(await refusal(decide(ticket, { outcome: 'approved', by: OPENED }))).toBe('FOUR_EYES');
    expect(await acceptedUpdates(ticket.handle)).toEqual([]);
    expect((await ticket.view()).stage).toBe('approval');
  });

  it('is decided once: of two decisions at the same moment one is taken, and none after it', async () => {
    const ticket = await open();
    await ticket.reach({ stage: 'approval' });
    const rejected = { outcome: 'rejected', reason: 'identity-doubtful', by: SECOND } as const;
    const answers = await Promise.all([refusal(approve(ticket)), refusal(decide(ticket, rejected))]);
    expect(answers.filter((answer) => answer === 'was not refused')).toHaveLength(1);
    expect(world.inputs('decideUnlock')).toHaveLength(1);
  });

  it('once decided it takes no other decision', async () => {
    expect(await refusal(approve(await approved()))).toBe('ALREADY_DECIDED');
  });

  it('refused by the second person: no code, the phone is told, the case is rejected', async () => {
    const ticket = await open();
    await ticket.reach({ stage: 'approval' });
    await decide(ticket, { outcome: 'rejected', reason: 'not-asked-for', by: SECOND });
    expect(await ticket.outcome()).toBe('rejected');
    expect(world.texts()).toEqual(['review-rejected']);
    expect(called()).not.toContain('sendUnlockCode');
  });

  it('a ticket that nobody approves within a day is closed: the call-back is of yesterday', async () => {
    const ticket = await open();
    await ticket.reach({ stage: 'approval' });
    await world.env.sleep(23 * 60 * MINUTE);
    expect((await ticket.view()).stage).toBe('approval');
    expect(await ticket.outcome()).toBe('unlock-expired');
  });

  it('the code is good for 59 minutes', async () => {
    const ticket = await approved();
    await world.env.sleep(59 * MINUTE);
    await redeem(ticket);
    expect(await ticket.outcome()).toBe('unlocked');
  });

  it('after the hour the case is closed, and nothing was answered', async () => {
    const ticket = await approved();
    await world.env.sleep(61 * MINUTE);
    expect(await refusal(redeem(ticket))).not.toBe('was not refused');
    expect(await ticket.outcome()).toBe('unlock-expired');
    expect(called()).not.toContain('answerUnlock');
  });

  it('the hour begins when the code has gone out, not when the unlocking was approved', async () => {
    const gate = world.gate();
    world.answer({ sendUnlockCode: () => gate.wait() });
    const ticket = await open();
    await ticket.reach({ stage: 'approval' });
    await approve(ticket);
    await world.until(() => called().includes('sendUnlockCode'), 'the code on its way');
    expect(called()).not.toContain('openUnlocking');
    gate.open();
    const { since, until } = await ticket.reach({ stage: 'unlocking' });
    expect(Math.round((Date.parse(until ?? '') - Date.parse(since)) / MINUTE)).toBe(60);
  });

  it('a code is redeemed once', async () => {
    const gate = world.gate();
    world.answer({ answerUnlock: () => gate.wait() });
    const ticket = await approved();
    const first = redeem(ticket);
    await world.until(() => called().includes('answerUnlock'), 'the desk at work');
    expect(await refusal(redeem(ticket))).toBe('STAGE_REFUSES');
    gate.open();
    await first;
    expect(await ticket.outcome()).toBe('unlocked');
    expect(called().filter((activity) => activity === 'answerUnlock')).toHaveLength(1);
  });

  it('a desk that is away when the hour ends is waited for: the code was used in time', async () => {
    let away = true;
    world.answer({ answerUnlock: () => (away ? Promise.reject(world.error('UNAVAILABLE')) : Promise.resolve()) });
    const ticket = await approved();
    const answered = redeem(ticket);
    await world.until(() => called().includes('answerUnlock'), 'the desk to be asked');
    await world.env.sleep(61 * MINUTE);
    expect((await ticket.view()).outcome).toBeNull();
    away = false;
    expect(await ticket.outcome()).toBe('unlocked');
    await answered;
  });

  it('a challenge that the desk refuses ends the case, and the assistant hears why', async () => {
    world.answer({ answerUnlock: () => Promise.reject(world.error('TOKEN_CHALLENGE_WRONG')) });
    const ticket = await approved();
    expect(await refusal(redeem(ticket))).toBe('TOKEN_CHALLENGE_WRONG');
    expect(await ticket.outcome()).toBe('unlock-expired');
    expect(world.texts()).toEqual([]);
  });

  it('is cancelled by a supervisor while it waits, and not once the desk is at work; the telephone takes nothing back', async () => {
    const waiting = await approved();
    expect(await refusal(waiting.handle.executeUpdate(withdrawCase, { args: [{ requestId: 'w' }] }))).toBe('STAGE_REFUSES');
    await waiting.handle.executeUpdate(cancelCase, { args: [{ reason: 'duplicate', by: SECOND }] });
    expect(await waiting.outcome()).toBe('cancelled');

    const gate = world.gate();
    world.answer({ answerUnlock: () => gate.wait() });
    const ticket = await approved();
    const answered = redeem(ticket);
    await world.until(() => called().includes('answerUnlock'), 'the desk at work');
    const cancel = ticket.handle.executeUpdate(cancelCase, { args: [{ reason: 'duplicate', by: SECOND }] });
    expect(await refusal(cancel)).toBe('STAGE_REFUSES');
    gate.open();
    await answered;
  });
});
