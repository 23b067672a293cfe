/** Every fault as our adapters meet it, over real HTTP. */
import { specWorld } from '../spec/world.js';
import { createFaultBoard } from './faults.js';

let waited: number[] = [];
/** `slow` and `out-of-order` pass their time here: at once, or never where a spec wants to see the other end of a race. */
let wait: (ms: number) => Promise<void>;
const world = specWorld({
  wait: (ms) => {
    waited.push(ms);
    return wait(ms);
  },
});
beforeEach(async () => {
  waited = [];
  wait = () => Promise.resolve();
  await world.start();
});
afterEach(world.close);

const never = () => new Promise<void>(() => undefined);
const SMS = { idempotencyKey: 'case-1/sms', phone: '13800138000', text: '第一', template: 'completed' };
const SECOND = { ...SMS, idempotencyKey: 'case-2/sms', text: '第二' };
const order = (fault: object) => world.people('POST', '/faults', { system: 'sms', ...fault });
const texts = async () => ((await world.people('GET', '/sms/messages')).value as { text: string }[]).map(({ text }) => text).reverse();
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (failure: { code: string; params: { reason?: string; status?: number } }) =>
      `${failure.code} ${failure.params.reason ?? failure.params.status}`,
  );

describe('a fault on demand', () => {
  it('error: nothing is done, and the next attempt succeeds', async () => {
    await order({ kind: 'error', count: 1 });
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('GATEWAY_UNAVAILABLE 503');
    expect(await texts()).toEqual([]);
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('done');
  });

  it('slow: done after the delay', async () => {
    await order({ kind: 'slow', count: 1, delayMs: 1234 });
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('done');
    expect(waited).toEqual([1234]);
  });

  it('slow beyond our patience: unavailable', async () => {
    wait = never;
    await order({ kind: 'slow', count: 1 });
    expect(await reasonOf(world.gatewaysWith({ timeoutMs: 80 }).sms.send(SMS))).toBe('GATEWAY_UNAVAILABLE timeout');
  });

  it('lost answer: done, but the caller sees a timeout; asking again does it no second time', async () => {
    await order({ kind: 'lost-answer', count: 1 });
    expect(await reasonOf(world.gatewaysWith({ timeoutMs: 150 }).sms.send(SMS))).toBe('GATEWAY_UNAVAILABLE timeout');
    expect(await texts()).toEqual(['第一']);
    expect(await world.gateways.sms.send(SMS)).toEqual({ messageId: 'M0000000001' });
    expect(await texts()).toEqual(['第一']);
  });

  it('lost answer by a broken connection: the quick retry gets the answer, and it was done once', async () => {
    await order({ kind: 'lost-answer', count: 1, delayMs: 0 });
    expect(await world.gateways.sms.send(SMS)).toEqual({ messageId: 'M0000000001' });
    expect(await texts()).toEqual(['第一']);
  });

  it('lost answer by two broken connections: unavailable, and it was done once', async () => {
    await order({ kind: 'lost-answer', count: 2, delayMs: 0 });
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('GATEWAY_UNAVAILABLE connection-reset');
    expect(await texts()).toEqual(['第一']);
  });

  it('duplicate: the phone shows the message twice, and the caller gets one answer', async () => {
    await order({ kind: 'duplicate', count: 1 });
    expect(await world.gateways.sms.send(SMS)).toEqual({ messageId: 'M0000000001' });
    expect(await texts()).toEqual(['第一', '第一']);
  });

  it('duplicate at the courier: one parcel', async () => {
    await world.people('POST', '/faults', { system: 'courier', kind: 'duplicate' });
    const receiver = { name: '张三', phone: '13800138000', address: '某路 1 号', organisation: '' };
    await world.gateways.courier.createWaybill({ idempotencyKey: 'case-1/waybill', receiver, contents: '证书盘' });
    expect(world.printed).toHaveLength(1);
  });

  it('out of order: the first is overtaken by the second', async () => {
    wait = never;
    await order({ kind: 'out-of-order', count: 1 });
    const first = world.gateways.sms.send(SMS);
    while (((await world.people('GET', '/faults')).value as unknown[]).length > 0); // the first has been taken
    await world.gateways.sms.send(SECOND);
    await first;
    expect(await texts()).toEqual(['第二', '第一']);
  });

  it('out of order with nobody behind: let go after a while', async () => {
    await order({ kind: 'out-of-order', count: 1, delayMs: 777 });
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('done');
    expect(waited).toEqual([777]);
  });

  it.each(['platform', 'invoice', 'courier', 'bank'])('at the %s touches nothing else', async (system) => {
    await world.people('POST', '/faults', { system, kind: 'error' });
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('done');
  });

  it('error at the bank: no statement', async () => {
    await world.people('POST', '/faults', { system: 'bank', kind: 'error', count: 1 });
    expect(await reasonOf(world.gateways.bank.statement('2026-03-06'))).toBe('GATEWAY_UNAVAILABLE 503');
    expect((await world.gateways.bank.statement('2026-03-06')).toString()).toContain('#TOTAL,0,0');
  });

  it('without a count stays until it is cleared', async () => {
    await order({ kind: 'error' });
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('GATEWAY_UNAVAILABLE 503');
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('GATEWAY_UNAVAILABLE 503');
    expect((await world.people('DELETE', '/faults/sms')).status).toBe(204);
    expect(await reasonOf(world.gateways.sms.send(SMS))).toBe('done');
  });

  it('whoever does not sign uses none up', async () => {
    await order({ kind: 'error', count: 1 });
    await world.people('POST', '/sms/messages', SMS);
    expect((await world.people('GET', '/faults')).value).toEqual([{ system: 'sms', kind: 'error', count: 1 }]);
  });

  it.each([{ system: 'fax', kind: 'slow' }, { system: 'sms', kind: 'odd' }, { system: 'sms', kind: 'slow', count: 0 }, { kind: 'slow' }])(
    '%j is none',
    async (fault) => {
      expect((await world.people('POST', '/faults', fault)).status).toBe(422);
    },
  );
});

describe('the board', () => {
  it('takes the oldest fault that fits, and counts down', () => {
    const board = createFaultBoard();
    board.set({ system: 'bank', kind: 'duplicate', count: 2 });
    board.set({ system: 'bank', kind: 'error' });
    expect(board.take('bank', ['error', 'duplicate'])).toEqual({ kind: 'duplicate', delayMs: undefined, last: false });
    expect(board.take('bank', ['error', 'duplicate'])).toEqual({ kind: 'duplicate', delayMs: undefined, last: true });
    expect(board.take('bank', ['error', 'duplicate'])).toEqual({ kind: 'error', delayMs: undefined, last: false });
    expect(board.take('bank', ['slow'])).toBeUndefined();
  });
});
