import { publishedHolidays } from '#config';
import { type StaffId } from '#domain';
import { Desk } from './desk.js';
import { randomness } from './randomness.js';
import { Mailbox, Timeline, type Life } from './timeline.js';
import { endOf, WorkingTime } from './working-time.js';

const at = (shanghai: string) => new Date(`${shanghai}+08:00`);
const HOURS = [
  ['09:00', '12:00'],
  ['13:00', '17:30'],
] as const;

describe('working time', () => {
  const time = new WorkingTime(HOURS, publishedHolidays);

  it.each([
    ['in the morning it is now', '2026-03-02T10:00:00', '2026-03-02T10:00:00'],
    ['at noon it is one o’clock', '2026-03-02T12:00:00', '2026-03-02T13:00:00'],
    ['on Friday evening it is Monday', '2026-03-06T17:30:00', '2026-03-09T09:00:00'],
    ['before a Saturday made working by 调休, it is that Saturday', '2026-02-13T18:00:00', '2026-02-14T09:00:00'],
    ['in the Spring Festival it is the day after it', '2026-02-15T10:00:00', '2026-02-24T09:00:00'],
  ])('%s', (_, from, next) => {
    expect(time.next(at(from))).toEqual(at(next));
  });

  it('work lies still at noon, at night and at the weekend', () => {
    expect(time.after(at('2026-03-06T11:50:00'), 30)).toEqual(at('2026-03-06T13:20:00'));
    expect(time.after(at('2026-03-06T17:20:00'), 30)).toEqual(at('2026-03-09T09:20:00'));
  });

  it('and while the system is down', () => {
    const down = [{ from: at('2026-03-02T10:00:00'), to: at('2026-03-02T11:00:00') }];
    expect(new WorkingTime(HOURS, publishedHolidays, down).after(at('2026-03-02T09:50:00'), 20)).toEqual(at('2026-03-02T11:10:00'));
    expect(endOf(down, at('2026-03-02T10:30:00'))).toEqual(at('2026-03-02T11:00:00'));
  });
});

describe('a desk', () => {
  const [anna, ben] = ['anna' as StaffId, 'ben' as StaffId];
  const desk = () => new Desk('reviewer', [anna, ben], new WorkingTime(HOURS, publishedHolidays));

  it('whoever is free first takes it; the third waits', () => {
    const open = desk();
    const nine = at('2026-03-02T09:00:00');
    expect(open.serve(nine, 10)).toMatchObject({ by: anna, ends: at('2026-03-02T09:10:00') });
    expect(open.serve(nine, 20)).toMatchObject({ by: ben, ends: at('2026-03-02T09:20:00') });
    expect(open.serve(nine, 5)).toEqual({ by: anna, begins: at('2026-03-02T09:10:00'), ends: at('2026-03-02T09:15:00') });
    expect(open.worked.get('2026-03')).toBe(35);
  });

  it('nobody decides on what they had in hand', () => {
    const open = desk();
    expect(open.serve(at('2026-03-02T09:00:00'), 10, [anna]).by).toBe(ben);
    expect(() => open.serve(at('2026-03-02T09:00:00'), 10, [anna, ben])).toThrow(RangeError);
  });
});

describe('the timeline', () => {
  it('a life waits for a time, or for a message that comes before it', () => {
    const timeline = new Timeline(at('2026-03-02T09:00:00'));
    const mail = new Mailbox<string>();
    const seen: string[] = [];
    function* life(): Life {
      seen.push(`${(yield* mail.next(at('2026-03-02T10:00:00'))) ?? 'too late'} at ${timeline.now.toISOString()}`);
      seen.push(`${(yield* mail.next(at('2026-03-02T11:00:00'))) ?? 'too late'} at ${timeline.now.toISOString()}`);
    }
    timeline.live(life());
    timeline.at(at('2026-03-02T09:30:00'), () => mail.post('early'));
    timeline.run(at('2026-03-03T00:00:00'));
    expect(seen).toEqual(['early at 2026-03-02T01:30:00.000Z', 'too late at 2026-03-02T03:00:00.000Z']);
  });

  it('an interruption breaks it off where it waits, and the time it waited for changes nothing', () => {
    const timeline = new Timeline(at('2026-03-02T09:00:00'));
    const seen: string[] = [];
    function* life(): Life {
      try {
        yield { until: at('2026-03-02T10:00:00') };
        seen.push('went on');
      } catch (error) {
        seen.push(String(error));
      }
    }
    const living = timeline.live(life());
    timeline.at(at('2026-03-02T09:30:00'), () => living.interrupt(new Error('withdrawn')));
    timeline.run(at('2026-03-03T00:00:00'));
    expect(seen).toEqual(['Error: withdrawn']);
  });

  it('of two for one moment the one planned first, whatever else was planned', () => {
    const timeline = new Timeline(new Date(0));
    const seen: number[] = [];
    for (const when of [50, 10, 30, 10, 20, 40, 10]) timeline.at(new Date(when), () => seen.push(when));
    timeline.run(new Date(45));
    expect(seen).toEqual([10, 10, 10, 20, 30, 40]);
  });
});

describe('chance', () => {
  const draws = (seed: string) => Array.from({ length: 5 }, () => randomness(seed).whole(0, 1_000_000)).join();
  const many = (seed: string) => {
    const chance = randomness(seed);
    return Array.from({ length: 10_000 }, () => chance.unit());
  };

  it('the same seed draws the same, another draws other', () => {
    expect(draws('xinyin/1')).toBe(draws('xinyin/1'));
    expect(draws('xinyin/1')).not.toBe(draws('xinyin/2'));
  });

  it('a stream of its own is not moved by what others draw', () => {
    const one = randomness('xinyin/1');
    const other = randomness('xinyin/1');
    one.unit();
    expect(one.stream('case/7').unit()).toBe(other.stream('case/7').unit());
  });

  it('is spread evenly, and waits as long as it should on average', () => {
    const values = many('xinyin/1');
    expect(values.reduce((sum, each) => sum + each, 0) / values.length).toBeCloseTo(0.5, 1);
    const chance = randomness('xinyin/1');
    const waits = Array.from({ length: 10_000 }, () => chance.waiting(3));
    expect(Math.abs(waits.reduce((sum, each) => sum + each, 0) / waits.length - 3)).toBeLessThan(0.15);
  });
});
