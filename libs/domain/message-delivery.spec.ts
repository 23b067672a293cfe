import fc from 'fast-check';
import {
  nextDelivery,
  nobodysMessage,
  otherProvider,
  receiptFinding,
  settledBy,
  whyWords,
  type HandedOver,
  type HandOverState,
  type Receipt,
} from './message-delivery.js';

const at = (text: string) => new Date(`2026-03-02T${text}+08:00`);
const TAKEN: HandedOver = { provider: 'sms', state: 'taken', at: at('12:00:00'), settledAt: null, code: null };
const delivered = (clock = '12:00:05'): Receipt => ({ status: 'delivered', at: at(clock), code: null });
const failed = (code = 'phone-off', clock = '12:00:07'): Receipt => ({ status: 'failed', at: at(clock), code });
const stands = (state: HandOverState, more: Partial<HandedOver> = {}): HandedOver => ({ ...TAKEN, state, ...more });

describe('D receipts: what one makes of a message that was handed over', () => {
  it('delivered, or failed with its code', () => {
    expect(settledBy(TAKEN, delivered())).toEqual({ ...TAKEN, state: 'delivered', settledAt: at('12:00:05'), code: null });
    expect(settledBy(TAKEN, failed())).toEqual({ ...TAKEN, state: 'failed', settledAt: at('12:00:07'), code: 'phone-off' });
  });

  it('what the phone has it keeps: failed after delivered changes nothing, delivered after failed does', () => {
    const arrived = settledBy(TAKEN, delivered());
    expect(settledBy(arrived, failed())).toEqual(arrived);
    expect(settledBy(settledBy(TAKEN, failed()), delivered())).toEqual(arrived);
  });

  it('of two that say the same the earlier stands', () => {
    expect(settledBy(settledBy(TAKEN, failed('blocked', '12:09:00')), failed('phone-off', '12:01:00'))).toMatchObject({
      code: 'phone-off',
      settledAt: at('12:01:00'),
    });
  });

  const receipt = fc.record({
    status: fc.constantFrom('delivered' as const, 'failed' as const),
    at: fc.integer({ min: 0, max: 3 }).map((second) => new Date(TAKEN.at.getTime() + second * 1000)),
    code: fc.constantFrom('phone-off', 'blocked', 'number-unknown'),
  });
  const receiptsAndShuffled = fc
    .array(receipt, { minLength: 1, maxLength: 6 })
    .chain((receipts) =>
      fc.tuple(
        fc.constant(receipts),
        fc.shuffledSubarray([...receipts, ...receipts], { minLength: receipts.length * 2, maxLength: receipts.length * 2 }),
      ),
    );
  it('property: in whatever order, and however often they come, the same receipts end in one state', () => {
    fc.assert(
      fc.property(receiptsAndShuffled, ([once, shuffled]) => {
        expect(shuffled.reduce(settledBy, TAKEN)).toEqual(once.reduce(settledBy, TAKEN));
      }),
    );
  });

  it.each<[HandOverState, Receipt, string, string]>([
    ['taken', delivered(), '12:00:06', 'first'],
    ['taken', failed(), '12:10:00', 'first'],
    ['taken', delivered(), '12:10:01', 'late'],
    ['failed', failed(), '12:00:08', 'repeated'],
    ['delivered', delivered(), '13:00:00', 'repeated'],
    ['delivered', failed(), '12:00:08', 'contradicts'],
    ['failed', delivered(), '12:00:08', 'contradicts'],
  ])('%s, then %j at %s: %s', (state, told, now, finding) => {
    expect(receiptFinding(stands(state), told, at(now))).toBe(finding);
  });
});

describe('D delivery: the second operator once, then a person', () => {
  const next = (handedOver: HandedOver[], now: string) => nextDelivery('completed', handedOver, at(now));
  const second = (state: HandOverState, code: string | null = null): HandedOver =>
    stands(state, { provider: 'sms2', at: at('12:11:00'), code });

  it('a receipt is waited for ten minutes', () => {
    expect(next([TAKEN], '12:09:59')).toEqual({ do: 'wait', until: at('12:10:00') });
    expect(next([TAKEN], '12:10:00')).toEqual({ do: 'hand-over', provider: 'sms2' });
  });

  it.each<[HandOverState]>([['failed'], ['not-taken']])('%s by the first: the second at once', (state) => {
    expect(next([stands(state)], '12:00:08')).toEqual({ do: 'hand-over', provider: 'sms2' });
  });

  it('whichever is the first by its setting, the other is the second', () => {
    expect(next([stands('failed', { provider: 'sms2' })], '12:00:08')).toEqual({ do: 'hand-over', provider: 'sms' });
    expect([otherProvider('sms'), otherProvider('sms2')]).toEqual(['sms2', 'sms']);
  });

  it('the second is waited for as the first was, and there is no third', () => {
    expect(next([stands('failed'), second('taken')], '12:12:00')).toEqual({ do: 'wait', until: at('12:21:00') });
    expect(next([stands('failed'), second('taken')], '12:21:00')).toEqual({ do: 'task', why: 'no-receipt' });
    expect(next([second('not-taken'), stands('failed', { code: 'blocked' })], '12:12:00')).toEqual({ do: 'task', why: 'not-taken' });
    expect(next([stands('not-taken'), second('failed', 'number-unknown')], '12:12:00')).toEqual({ do: 'task', why: 'number-unknown' });
  });

  it('delivered by either, also after we had stopped waiting for it: nothing is left to do', () => {
    expect(next([stands('delivered')], '12:30:00')).toEqual({ do: 'nothing' });
    expect(next([stands('delivered'), second('failed', 'blocked')], '12:30:00')).toEqual({ do: 'nothing' });
  });

  it('never at night: a reminder waits for the morning, what a case needs does not', () => {
    const evening = stands('failed', { at: at('19:58:00') });
    expect(nextDelivery('order-reminder', [evening], at('20:08:00'))).toEqual({ do: 'wait', until: new Date('2026-03-03T08:00:00+08:00') });
    expect(nextDelivery('order-reminder', [evening], new Date('2026-03-03T07:59:59+08:00'))).toEqual({
      do: 'wait',
      until: new Date('2026-03-03T08:00:00+08:00'),
    });
    expect(nextDelivery('order-reminder', [evening], new Date('2026-03-03T08:00:00+08:00'))).toMatchObject({ do: 'hand-over' });
    expect(nextDelivery('completed', [evening], at('20:08:00'))).toEqual({ do: 'hand-over', provider: 'sms2' });
  });

  it.each([
    ['number-unknown', '空号'],
    ['E4711', '其他原因'],
    ['toString', '其他原因'],
  ])('the code %s is said as %s', (code, zh) => {
    expect(whyWords(code).zh).toBe(zh);
  });
});

describe('D: a message that nobody tries any more', () => {
  it.each([
    ['of a case that goes on goes through the other operator', at('12:00:00'), null, 'not-taken'],
    ['that a case had to say before it ended is not sent', at('12:00:00'), at('12:00:01'), 'not-sent'],
    ['of the very instant in which it ended is not sent', at('12:00:00'), at('12:00:00'), 'not-sent'],
    ['that tells of the end itself goes through the other operator', at('12:00:02'), at('12:00:01'), 'not-taken'],
  ] as const)('%s', (_, sentAt, closedAt, becomes) => {
    expect(nobodysMessage({ sentAt }, closedAt)).toBe(becomes);
  });
});
