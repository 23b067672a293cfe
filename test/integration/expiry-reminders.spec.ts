/** What the holder of a certificate is told before and after its end, as the Schedule's runs send it. Rules: the office's calendar of reminders (D). */
import { queues, workflowTypes } from '#workflows/contract';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { holderOf, waiting } from '../e2e/bindings-world.js';
import { nextDay, openDesk, type Desk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';

const DAY_MS = 86_400_000;

describe('reminders before a certificate ends', () => {
  let office: Office;
  let desk: Desk;
  let today: string;
  let runs = 0;
  beforeAll(async () => {
    office = await openOffice();
    desk = await openDesk(office);
  }, 120_000);
  beforeEach(() => {
    office.clock.set(new Date());
    nextDay(office, '10:00:00');
    today = office.clock.now().toISOString().slice(0, 10);
  });
  afterAll(() => office.close(), 60_000);

  /** An end at noon, so many days from now. */
  const endIn = (days: number) => new Date(Date.parse(`${today}T12:00:00+08:00`) + days * DAY_MS);
  /** Moves on to ten o'clock of the day, and runs as the Schedule does every hour. */
  async function runOn(day: number): Promise<void> {
    office.clock.set(new Date(Date.parse(`${today}T10:00:00+08:00`) + day * DAY_MS));
    await office.engine.client.workflow.execute<() => Promise<object>>(workflowTypes.remind, {
      workflowId: `remind/${(runs += 1)}`,
      taskQueue: queues.business,
    });
  }
  async function told(phone: string): Promise<[string, string | undefined][]> {
    const all = (await office.sandbox.messages(phone)) as { template: string; text: string }[];
    const expiry = all.filter(({ template }) => template.startsWith('expiry-')).reverse();
    return expiry.map(({ template, text }) => [template, /还有 \d+ 天/.exec(text)?.[0]]);
  }

  it('D reminders: at 60, 30, 7 and 1 days and 1 after, once each and at no other time', async () => {
    const { phone } = await desk.holder(endIn(62));
    const steps: [number, number][] = [];
    for (const day of [1, 2, 2, 3, 31, 32, 33, 54, 55, 56, 60, 61, 62, 63, 63, 64, 69, 71]) {
      await runOn(day);
      steps.push([day, (await told(phone)).length]);
    }
    expect(steps).toEqual([
      [1, 0],
      [2, 1],
      [2, 1],
      [3, 1],
      [31, 1],
      [32, 2],
      [33, 2],
      [54, 2],
      [55, 3],
      [56, 3],
      [60, 3],
      [61, 4],
      [62, 4],
      [63, 5],
      [63, 5],
      [64, 5],
      [69, 5],
      [71, 5],
    ]);
    expect(await told(phone)).toEqual([
      ['expiry-soon', '还有 60 天'],
      ['expiry-soon', '还有 30 天'],
      ['expiry-soon', '还有 7 天'],
      ['expiry-soon', '还有 1 天'],
      ['expiry-passed', undefined],
    ]);
  }, 60_000);

  it('D reminders: an account that waits for the platform silences none', async () => {
    const holder = await holderOf(office, '成都待绑医药有限公司', { endsIn: 20 * DAY_MS });
    await waiting(office, holder, 'drug-production');
    await runOn(1);
    expect(await told(holder.phone)).toEqual([['expiry-soon', '还有 19 天']]);
  }, 60_000);

  it('D reminders: a renewal that is open does, until it has ended without one', async () => {
    const holder = await desk.holder(endIn(20));
    const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
    const { id } = await desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) });
    await desk.reach(id, 'review');
    await runOn(1);
    expect(await told(holder.phone)).toEqual([]);
    await logIn(holder.agent, office.sandbox, holder.phone);
    await holder.agent.post(`/api/v1/applications/${id}/withdrawal`);
    await desk.ended(id);
    await runOn(2);
    expect(await told(holder.phone)).toEqual([['expiry-soon', '还有 18 天']]);
  }, 60_000);
});
