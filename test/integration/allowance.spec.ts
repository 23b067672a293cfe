/** Limits that hold across processes. */
import { randomUUID } from 'node:crypto';
import { days, minutes, shanghaiDay, startOfShanghaiDay } from '#domain';
import { takeAllowance, type AllowanceRule } from '#persistence';
import type { DataSource } from 'typeorm';
import { migratedDatabase } from './rows.js';

let data: DataSource;
beforeAll(async () => {
  data = await migratedDatabase();
}, 60_000);
afterAll(() => data.destroy());

const shanghai = (text: string) => new Date(`${text}+08:00`);
const NOON = shanghai('2026-03-02T12:00:00');
const later = (at: Date, ms: number) => new Date(at.getTime() + ms);
const take = (rule: AllowanceRule, now: Date) => data.transaction((tx) => takeAllowance(tx, rule, now));
const answers = async (calls: Promise<{ granted: boolean }>[]) => (await Promise.all(calls)).filter(({ granted }) => granted).length;

/** D: one code a minute and ten a day, by the Shanghai calendar. */
const phoneRule = (now: Date, key: string): AllowanceRule => ({
  key,
  limit: 10,
  windowMs: days(1),
  gapMs: minutes(1),
  windowStart: startOfShanghaiDay(shanghaiDay(now)),
});
const phone = () => {
  const key = `sms/phone/${randomUUID()}`;
  return (now: Date) => take(phoneRule(now, key), now);
};
/** A window that begins with its first use, without a gap. */
const rolling = (limit: number, key: string = randomUUID()): AllowanceRule => ({ key, limit, windowMs: minutes(15), gapMs: 0 });

describe('one a minute', () => {
  it('D codes: the second within the minute is refused, with the seconds that are left', async () => {
    const send = phone();
    expect(await send(NOON)).toEqual({ granted: true });
    expect(await send(NOON)).toEqual({ granted: false, because: 'gap', retryAfterSeconds: 60 });
    expect(await send(later(NOON, 20_500))).toEqual({ granted: false, because: 'gap', retryAfterSeconds: 40 });
    expect(await send(later(NOON, 59_999))).toEqual({ granted: false, because: 'gap', retryAfterSeconds: 1 });
    expect(await send(later(NOON, 60_000))).toEqual({ granted: true });
  });

  it('D codes: a refusal does not put the next one off', async () => {
    const send = phone();
    await send(NOON);
    await send(later(NOON, 59_000));
    expect(await send(later(NOON, 60_000))).toEqual({ granted: true });
  });

  it('D codes: the minute counts over midnight', async () => {
    const send = phone();
    await send(shanghai('2026-03-02T23:59:30'));
    expect(await send(shanghai('2026-03-03T00:00:10'))).toEqual({ granted: false, because: 'gap', retryAfterSeconds: 20 });
    expect(await send(shanghai('2026-03-03T00:00:30'))).toEqual({ granted: true });
  });
});

describe('ten a day', () => {
  it('D codes: the eleventh waits for midnight in Shanghai, and no longer', async () => {
    const send = phone();
    const from = shanghai('2026-03-02T20:00:00');
    for (let count = 0; count < 10; count++) expect(await send(later(from, minutes(count)))).toEqual({ granted: true });
    expect(await send(shanghai('2026-03-02T20:10:00'))).toEqual({ granted: false, because: 'limit', retryAfterSeconds: 13_800 });
    expect(await send(shanghai('2026-03-02T23:59:59.500'))).toEqual({ granted: false, because: 'limit', retryAfterSeconds: 1 });
    expect(await send(shanghai('2026-03-03T00:00:00'))).toEqual({ granted: true });
  });

  it('D codes: 08:00 in Shanghai, when the day changes in UTC, changes nothing', async () => {
    const send = phone();
    const from = shanghai('2026-03-02T07:50:00');
    for (let count = 0; count < 10; count++) await send(later(from, minutes(count)));
    expect(await send(shanghai('2026-03-02T08:05:00'))).toMatchObject({ granted: false, because: 'limit' });
  });

  it('D codes: the new day has its full ten', async () => {
    const send = phone();
    for (let count = 0; count < 10; count++) await send(later(shanghai('2026-03-02T20:00:00'), minutes(count)));
    const next = shanghai('2026-03-03T09:00:00');
    for (let count = 0; count < 10; count++) expect(await send(later(next, minutes(count)))).toEqual({ granted: true });
    expect(await send(later(next, minutes(10)))).toMatchObject({ granted: false, because: 'limit' });
  });

  it('D codes: another phone has its own ten', async () => {
    await Promise.all([phone()(NOON), phone()(NOON)].map(async (answer) => expect(await answer).toEqual({ granted: true })));
  });
});

describe('a window that begins with its first use', () => {
  it('ends when its length has passed, and begins again', async () => {
    const rule = rolling(2);
    expect(await take(rule, NOON)).toEqual({ granted: true });
    expect(await take(rule, later(NOON, minutes(10)))).toEqual({ granted: true });
    expect(await take(rule, later(NOON, minutes(14)))).toEqual({ granted: false, because: 'limit', retryAfterSeconds: 60 });
    expect(await take(rule, later(NOON, minutes(15) - 1))).toEqual({ granted: false, because: 'limit', retryAfterSeconds: 1 });
    expect(await take(rule, later(NOON, minutes(15)))).toEqual({ granted: true });
    expect(await take(rule, later(NOON, minutes(29)))).toEqual({ granted: true });
    expect(await take(rule, later(NOON, minutes(29)))).toMatchObject({ granted: false });
  });

  it('spends nothing in a transaction that fails', async () => {
    const rule = rolling(1);
    const failing = data.transaction(async (tx) => {
      await takeAllowance(tx, rule, NOON);
      throw new Error('not sent');
    });
    await expect(failing).rejects.toThrow('not sent');
    expect(await take(rule, NOON)).toEqual({ granted: true });
  });
});

describe('fifty at once', () => {
  it('D codes: of one phone get exactly one', async () => {
    const send = phone();
    expect(await answers(Array.from({ length: 50 }, () => send(NOON)))).toBe(1);
  }, 30_000);

  it('get exactly as many as the limit', async () => {
    const rule = rolling(10);
    expect(await answers(Array.from({ length: 50 }, () => take(rule, NOON)))).toBe(10);
  }, 30_000);

  it('get exactly as many as the limit, although their clocks do not run in the order in which they come', async () => {
    const rule = rolling(10);
    const calls = Array.from({ length: 50 }, (_, place) => take(rule, later(NOON, (place * 37) % 50)));
    expect(await answers(calls)).toBe(10);
    expect(await take(rule, NOON)).toMatchObject({ granted: false, because: 'limit' });
  }, 30_000);

  it('where all may, nobody is refused for an earlier clock', async () => {
    const rule = rolling(50);
    const calls = Array.from({ length: 50 }, (_, place) => take(rule, later(NOON, 50 - place)));
    expect(await answers(calls)).toBe(50);
  }, 30_000);
});
