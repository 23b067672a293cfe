/** Who shares a run, and who waits for the next. */
import { sharingTheNext } from './sharing.js';

/** Work whose runs end when they are told to; each answers which run it was. */
function told() {
  const ends: (() => void)[] = [];
  const work = () => {
    const number = ends.length + 1;
    return new Promise<number>((done) => ends.push(() => done(number)));
  };
  return { ask: sharingTheNext(work), runs: () => ends.length, end: (run: number) => ends[run - 1]?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('work that is shared', () => {
  it('who asks while a run is under way waits for the next, and shares it', async () => {
    const { ask, runs, end } = told();
    const first = ask();
    const second = ask();
    const third = ask();
    expect(runs()).toBe(1);
    end(1);
    expect(await first).toBe(1);
    await settled();
    expect(runs()).toBe(2);
    end(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    expect(runs()).toBe(2);
  });

  it('who asks after a run has ended gets one of their own', async () => {
    const { ask, end } = told();
    const first = ask();
    end(1);
    await first;
    await settled();
    const second = ask();
    end(2);
    expect(await second).toBe(2);
  });

  it('a run that failed fails for those who shared it, and for nobody after', async () => {
    let runs = 0;
    const ask = sharingTheNext(() => {
      runs += 1;
      return runs === 2 ? Promise.reject(new Error('away')) : Promise.resolve(runs);
    });
    const first = ask();
    const failing = [ask(), ask()];
    expect(await first).toBe(1);
    for (const each of failing) await expect(each).rejects.toThrow('away');
    await settled();
    expect(await ask()).toBe(3);
  });
});
