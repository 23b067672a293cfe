/**
 * A year of letters drawn at random: completed at any moment, certified in time or late, some returned and sent again. Each is promised,
 * carried and sent by a second, small rule that is written down here. More: `XINYIN_FRIDAY_LETTERS=200 XINYIN_FRIDAY_SEED=7`.
 */
import { createBusinessActivities } from '#activities';
import { publishedHolidays } from '#config';
import { Application, DispatchBatch, DispatchItem, DispatchOutcome } from '#persistence';
import * as fc from 'fast-check';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import { openFridays, type Fridays } from '../world/fridays.js';
import { aCertificate, anApplication } from './rows.js';

const LETTERS = Number(process.env['XINYIN_FRIDAY_LETTERS'] ?? 24);
const SEED = Number(process.env['XINYIN_FRIDAY_SEED'] ?? 20_260_306);

/** Every Friday of 2026; those on which nothing goes out stand below, from the arrangement published for that year. */
const FRIDAYS = [
  ...['2026-01-02', '2026-01-09', '2026-01-16', '2026-01-23', '2026-01-30', '2026-02-06', '2026-02-13', '2026-02-20', '2026-02-27'],
  ...['2026-03-06', '2026-03-13', '2026-03-20', '2026-03-27', '2026-04-03', '2026-04-10', '2026-04-17', '2026-04-24', '2026-05-01'],
  ...['2026-05-08', '2026-05-15', '2026-05-22', '2026-05-29', '2026-06-05', '2026-06-12', '2026-06-19', '2026-06-26', '2026-07-03'],
  ...['2026-07-10', '2026-07-17', '2026-07-24', '2026-07-31', '2026-08-07', '2026-08-14', '2026-08-21', '2026-08-28', '2026-09-04'],
  ...['2026-09-11', '2026-09-18', '2026-09-25', '2026-10-02', '2026-10-09', '2026-10-16', '2026-10-23', '2026-10-30', '2026-11-06'],
  ...['2026-11-13', '2026-11-20', '2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18', '2026-12-25'],
];
const CLOSED = ['2026-01-02', '2026-02-20', '2026-05-01', '2026-06-19', '2026-09-25', '2026-10-02'];

interface Life {
  /** A day and a time of day in Shanghai. */
  completed: string;
  time: string;
  certified: string;
  /** The day on which a corrected address came, where the first sending came back. */
  corrected: (sent: string) => string | null;
}

/** The second rule: after the day of completion, after the day of certification, after the day of the correction: the next open Friday. */
const nextFriday = (day: string) => FRIDAYS.find((friday) => friday > day && !CLOSED.includes(friday)) ?? 'none';
const later = (...days: string[]) => days.sort().at(-1) ?? '';
function told({ completed, certified, corrected }: Life) {
  const promised = nextFriday(completed);
  const sent = nextFriday(later(completed, certified));
  const carried = FRIDAYS.filter((friday) => friday >= promised && friday < sent && !CLOSED.includes(friday));
  const again = corrected(sent);
  return { promised, sent, carried, again, sentAgain: again === null ? null : nextFriday(again) };
}

const dayAfter = (day: string, count: number) => new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
/** Half of the days lie around a Friday that is closed; the times lie on the edges of days and between. */
const life: fc.Arbitrary<Life> = fc
  .record({
    day: fc.oneof(
      fc.integer({ min: 0, max: 290 }).map((count) => dayAfter('2026-01-01', count)),
      fc.tuple(fc.constantFrom(...CLOSED), fc.integer({ min: -8, max: 7 })).map(([friday, count]) => dayAfter(friday, count)),
    ),
    time: fc.constantFrom('00:00:00.000', '00:00:00.001', '09:00:00.000', '15:30:00.000', '23:59:59.999'),
    certified: fc.oneof(fc.constant(-3), fc.integer({ min: -2, max: 24 })),
    corrected: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 2 }),
  })
  .map(({ day, time, certified, corrected }) => {
    const completed = later(day, '2026-01-01');
    return {
      ...{ completed, time, certified: dayAfter(completed, certified) },
      corrected: (sent: string) => (corrected === null ? null : dayAfter(sent, corrected)),
    };
  });

describe('a year of Fridays', () => {
  let world: Fridays;
  beforeAll(async () => {
    world = await openFridays();
  }, 120_000);
  afterAll(() => world.office.close(), 60_000);

  const at = (day: string, time: string) => new Date(`${day}T${time}+08:00`);

  async function completed({ completed: day, time }: Life, place: number) {
    const { data, clock, gateways, settings, objects } = world.office;
    const phone = `1710003${String(place).padStart(4, '0')}`;
    const form = demoForm({ name: `成都全年第${place}号医药有限公司` }, phone);
    const { certificateName, uscc } = form.organisation;
    const number = `XB-2026-${String(900_000 + place)}`;
    const names = { number, certificateName, uscc, agentPhone: phone };
    const id = await anApplication(data, { ...names, stage: 'issuance', waitingFor: 'system', startedAt: clock.now() });
    await data.manager.update(Application, { id }, { form: form as never });
    // As the platform takes it: hexadecimal.
    await aCertificate(data, { applicationId: id, serial: id.replaceAll('-', '') });
    const { now } = clock;
    const deps = { ...settings, apiUrl: settings.urls.api, data, now, holidays: publishedHolidays, gateways, objects };
    await createBusinessActivities(deps).completeApplication({ applicationId: id, completedAt: at(day, time).toISOString() });
    return { id, number, form, phone };
  }
  type Letter = Awaited<ReturnType<typeof completed>> & { life: Life; expected: ReturnType<typeof told> };

  const row = ({ id }: Letter) => world.office.data.manager.findOneByOrFail(Application, { id });
  const item = ({ id: applicationId }: Letter) => world.office.data.manager.findOneByOrFail(DispatchItem, { applicationId });
  const dispatcher = () => world.cases.desk('dispatcher');

  async function batch(day: string): Promise<void> {
    world.office.clock.set(at(day, '09:00:00.000'));
    await world.run(day);
    const still = async () => (await (await dispatcher()).get<{ working: boolean }>(`/api/v1/dispatches/${day}`)).working;
    await world.office.until(async () => ((await still()) ? null : true), `the batch of ${day}`);
    if (CLOSED.includes(day)) return;
    const { manager } = world.office.data;
    if (await manager.existsBy(DispatchItem, { state: 'packed' })) await world.handOver(day);
    await world.office.until(async () => (await manager.findOneBy(DispatchBatch, { day }))?.closedAt ?? null, `the end of ${day}`);
  }

  async function cameBack(letter: Letter, day: string): Promise<void> {
    world.office.clock.set(at(day, '11:00:00.000'));
    const { trackingNumber } = await item(letter);
    await world.office.sandbox.scan(trackingNumber ?? '', 'returned');
    await world.office.until(async () => ((await item(letter)).delivery === 'returned' ? true : null), `${letter.number} to come back`);
    const json = { recipient: '王更正', phone: letter.phone, address: '四川省成都市武侯区更正路 9 号 901' };
    expect(await (await dispatcher()).attempt('POST', `/api/v1/letters/${letter.number}/resending`, { json })).toMatchObject({
      status: 200,
      body: { day: letter.expected.sentAgain },
    });
  }

  it('property: promised, carried and sent on the days of the second rule, each letter told as often as it was carried and sent', async () => {
    const lives = fc.sample(life, { numRuns: LETTERS, seed: SEED });
    const letters: Letter[] = [];
    let waiting = lives.map((each, place) => ({ life: each, place, expected: told(each) }));
    const certified = new Set<string>();
    const corrected = new Set<string>();
    for (const friday of FRIDAYS) {
      // What was completed on the Friday itself stands in its row before the batch looks, and is not in it.
      for (const { life: each, place, expected } of waiting.filter((one) => one.life.completed <= friday)) {
        const letter = { ...(await completed(each, place)), life: each, expected };
        letters.push(letter);
        expect([letter.life.completed, (await row(letter)).dispatchDay]).toEqual([letter.life.completed, expected.promised]);
      }
      waiting = waiting.filter((one) => one.life.completed > friday);
      for (const { form, life: each } of letters)
        // So is an account that was certified on the Friday itself, before its batch looks.
        if (each.certified <= friday && !certified.has(form.organisation.uscc)) {
          certified.add(form.organisation.uscc);
          await world.office.sandbox.certify(form.organisation.uscc, form.roleAccount, at(each.certified, '08:30:00.000'));
        }
      for (const letter of letters) {
        const { again } = letter.expected;
        if (again === null || again >= friday || corrected.has(letter.id)) continue;
        corrected.add(letter.id);
        await cameBack(letter, again);
      }
      const due = await world.office.data.manager.findBy(DispatchItem, [{ state: 'due' }, { state: 'bound' }]);
      if (due.length > 0) await batch(friday);
    }

    const { manager } = world.office.data;
    for (const letter of letters) {
      const { sent, carried, sentAgain } = letter.expected;
      const outcomes = await manager.find(DispatchOutcome, { where: { applicationId: letter.id }, order: { day: 'ASC' } });
      const ways = [...carried, sent];
      expect({ ...letter.life, found: outcomes.map(({ day, carriedReason, carriedTo }) => [day, carriedReason, carriedTo]) }).toEqual({
        ...letter.life,
        found: [
          ...carried.map((day, place) => [day, day === letter.life.certified ? 'certified-late' : 'uncertified', ways[place + 1]]),
          [sent, null, null],
          ...(sentAgain === null ? [] : [[sentAgain, null, null]]),
        ],
      });
      const { day, state, timesCarried, sendings } = await item(letter);
      expect({ day, state, timesCarried, sendings }).toEqual({
        day: sentAgain ?? sent,
        state: 'handed-over',
        timesCarried: carried.length,
        sendings: sentAgain === null ? 1 : 2,
      });
      const texts = (await world.office.sandbox.messages(letter.phone)) as { template: string }[];
      const count = (template: string) => texts.filter((text) => text.template === template).length;
      expect([count('carried'), count('dispatched')]).toEqual([carried.length, sentAgain === null ? 1 : 2]);
    }
    // The draw holds what it is for.
    expect(letters.filter(({ expected }) => expected.carried.length > 0).length).toBeGreaterThan(LETTERS / 6);
    expect(letters.filter(({ expected }) => expected.sentAgain !== null).length).toBeGreaterThan(LETTERS / 6);
  }, 600_000);
});
