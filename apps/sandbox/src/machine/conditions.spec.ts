/** How a system is today, as our adapters meet it, over real HTTP. */
import { NOON, specWorld } from '../spec/world.js';
import { createConditionBoard } from './conditions.js';

let waited: number[] = [];
const world = specWorld({ wait: (ms) => Promise.resolve(void waited.push(ms)) });
beforeEach(async () => {
  waited = [];
  await world.start();
});
afterEach(world.close);

const QUERY = { uscc: '91510100MA62KX8R5Y', account: 'SC-YP-000123' };
const ask = () =>
  world.gateways.platform.roleAccount(QUERY).then(
    () => 'done',
    (failure: { code: string; params: { status?: number; retryAfterMs?: number } }) =>
      [failure.code, failure.params.status, failure.params.retryAfterMs].filter((each) => each !== undefined).join(' '),
  );
const order = (conditions: object) => world.people('PUT', '/conditions', { system: 'platform', ...conditions });

describe('conditions', () => {
  it('latency: every answer takes its time', async () => {
    await order({ latencyMs: 300 });
    expect([await ask(), await ask()]).toEqual(['done', 'done']);
    expect(waited).toEqual([300, 300]);
  });

  it('a share of errors is counted out: of 0.25 every fourth fails', async () => {
    await order({ errorShare: 0.25 });
    const answers = [];
    for (let request = 0; request < 8; request += 1) answers.push(await ask());
    const error = 'GATEWAY_UNAVAILABLE 503';
    expect(answers).toEqual(['done', 'done', 'done', error, 'done', 'done', 'done', error]);
  });

  it('beyond its limit it answers 429 and when to come again; what is asked for is not done meanwhile', async () => {
    await order({ perSecond: 2 });
    expect([await ask(), await ask(), await ask()]).toEqual(['done', 'done', 'GATEWAY_UNAVAILABLE 429 1000']);
    expect((await world.people('GET', '/conditions')).value).toEqual([
      { system: 'platform', latencyMs: 0, errorShare: 0, perSecond: 2, met: { requests: 3, errors: 0, limited: 1 } },
    ]);
  });

  it('touches no other system, and is over when it is taken back', async () => {
    await order({ perSecond: 1 });
    const sms = { idempotencyKey: 'case-1/sms', phone: '13800138000', text: '一', template: 'completed' };
    for (let request = 0; request < 3; request += 1) await world.gateways.sms.send(sms);
    await ask();
    expect(await ask()).toBe('GATEWAY_UNAVAILABLE 429 1000');
    expect((await world.people('DELETE', '/conditions/platform')).status).toBe(204);
    expect(await ask()).toBe('done');
  });

  it.each([{ system: 'fax' }, { errorShare: 2 }, { perSecond: 0 }, { latencyMs: -1 }])('%j is none', async (conditions) => {
    expect((await order(conditions)).status).toBe(422);
  });
});

describe('the limit', () => {
  it('gives so many each second, and saves up no more than a second’s worth', () => {
    let now = NOON.getTime();
    const board = createConditionBoard(() => new Date(now));
    board.set({ system: 'platform', latencyMs: 0, errorShare: 0, perSecond: 4 });
    const taken = (tries: number) =>
      Array.from({ length: tries }, () => board.meet('platform').becomes).filter((becomes) => becomes === 'work').length;
    expect(taken(10)).toBe(4);
    now += 500;
    expect(taken(10)).toBe(2);
    now += 60_000;
    expect(taken(10)).toBe(4);
  });
});
