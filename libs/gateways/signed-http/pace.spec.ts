import { createPace, retryAfterMs } from './pace.js';

/** A clock that moves only when it is told to. */
function standing() {
  let now = 0;
  const alarms: { at: number; then: () => void }[] = [];
  return {
    now: () => now,
    after: (ms: number, then: () => void) => void alarms.push({ at: now + ms, then }),
    /** Lets what is due happen in its order. */
    forward: async (ms: number) => {
      const end = now + ms;
      for (;;) {
        const next = alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        alarms.splice(alarms.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.then();
        await Promise.resolve();
      }
      now = end;
      await Promise.resolve();
    },
  };
}

describe('a pace', () => {
  const start = (rule: { perSecond: number; burst: number }) => {
    const clock = standing();
    const pace = createPace(rule, clock);
    const gone: number[] = [];
    const call = (name: number) => pace.turn().then(() => void gone.push(name));
    return { clock, pace, gone, call };
  };

  it('lets a burst go at once, and then so many a second, in their order', async () => {
    const { clock, gone, call } = start({ perSecond: 10, burst: 2 });
    for (let name = 0; name < 6; name += 1) void call(name);
    await clock.forward(0);
    expect(gone).toEqual([0, 1]);
    await clock.forward(100);
    expect(gone).toEqual([0, 1, 2]);
    await clock.forward(300);
    expect(gone).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('saves up no more than the burst', async () => {
    const { clock, gone, call } = start({ perSecond: 10, burst: 2 });
    await clock.forward(10_000);
    for (let name = 0; name < 5; name += 1) void call(name);
    await clock.forward(0);
    expect(gone).toEqual([0, 1]);
  });

  it('a pause holds up all, in their places; afterwards they go one by one', async () => {
    const { clock, pace, gone, call } = start({ perSecond: 10, burst: 2 });
    for (let name = 0; name < 5; name += 1) void call(name);
    await clock.forward(0);
    pace.pause(1000);
    await clock.forward(1000);
    expect(gone).toEqual([0, 1]);
    await clock.forward(100);
    expect(gone).toEqual([0, 1, 2]);
    await clock.forward(200);
    expect(gone).toEqual([0, 1, 2, 3, 4]);
  });

  it('a shorter pause does not shorten a longer one', async () => {
    const { clock, pace, gone, call } = start({ perSecond: 10, burst: 1 });
    pace.pause(1000);
    pace.pause(10);
    void call(0);
    await clock.forward(1000);
    expect(gone).toEqual([]);
    await clock.forward(101);
    expect(gone).toEqual([0]);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-03-06T01:00:00.000Z');
  it.each([
    ['2', 2000],
    ['0', 0],
    ['Fri, 06 Mar 2026 01:00:05 GMT', 5000],
    ['Fri, 06 Mar 2026 00:59:00 GMT', 0],
    ['86400', 60_000],
    ['soon', null],
    [null, null],
  ])('%s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
