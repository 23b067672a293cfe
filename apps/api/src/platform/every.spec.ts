import { jest } from '@jest/globals';
import { every } from './every.js';

describe('what is done again and again', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Work that ends when the test says so. */
  function held() {
    const begun: { ending: AbortSignal; end: () => void; fail: (error: Error) => void }[] = [];
    const work = (ending: AbortSignal) => new Promise<void>((end, fail) => begun.push({ ending, end, fail }));
    return { begun, work };
  }

  it('is done each time, and one that takes long is not overtaken', async () => {
    const { begun, work } = held();
    const repeating = every(1000, work, () => undefined);
    await jest.advanceTimersByTimeAsync(3500);
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await jest.advanceTimersByTimeAsync(1000);
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await repeating.end();
  });

  it('goes on after one that failed, and tells of it', async () => {
    const { begun, work } = held();
    const told: unknown[] = [];
    const repeating = every(1000, work, (error) => told.push(error));
    await jest.advanceTimersByTimeAsync(1000);
    begun[0]?.fail(new Error('away'));
    await jest.advanceTimersByTimeAsync(1000);
    expect(told).toEqual([new Error('away')]);
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await repeating.end();
  });

  it('ended, it is told so and waited for, and nothing begins any more', async () => {
    const { begun, work } = held();
    const repeating = every(1000, work, () => undefined);
    await jest.advanceTimersByTimeAsync(1000);
    let over = false;
    const ended = repeating.end().then(() => (over = true));
    await jest.advanceTimersByTimeAsync(5000);
    expect([begun.length, begun[0]?.ending.aborted, over]).toEqual([1, true, false]);
    begun[0]?.end();
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  });
});
