/** Wednesday's reminder to have the role account certified by Thursday. Rules: business.md, "Friday dispatch"; the office's calendar of reminders (D). */
import { queues, workflowTypes } from '#workflows/contract';
import { openFridays, type Fridays } from '../world/fridays.js';

/** Monday, 2 March 2026: to be sent on Friday the 6th. */
const MONDAY = '2026-03-02T04:00:00.000Z';

describe('the reminder of Wednesday', () => {
  let world: Fridays;
  beforeAll(async () => {
    world = await openFridays();
  }, 120_000);
  afterAll(() => world.office.close(), 60_000);

  let runs = 0;
  async function runAt(clock: string): Promise<void> {
    const { office } = world;
    office.clock.set(new Date(`${clock}+08:00`));
    await office.engine.client.workflow.execute<() => Promise<object>>(workflowTypes.remind, {
      workflowId: `remind/${(runs += 1)}`,
      taskQueue: queues.business,
    });
  }

  it('D reminders: an account that is not certified, on the Wednesday before its Friday, once', async () => {
    const [late, ready, later] = [
      await world.completed('成都未认证医药有限公司', MONDAY),
      await world.completed('成都已认证医药有限公司', MONDAY, { certified: true }),
      // Completed on a Friday: due a week later, and reminded of that Friday then.
      await world.completed('成都下周医药有限公司', '2026-03-06T04:00:00.000Z'),
    ];
    const told = async (filed: typeof late) =>
      (await world.cases.messages(filed)).filter(({ template }) => template === 'certify-reminder').map(({ text }) => text);
    const words = (number: string, day: string) =>
      `【信印】申请 ${number} 计划 ${day}（周五）寄出，但平台角色账号尚未认证。请在周四前完成认证，否则顺延。`;

    await runAt('2026-03-03T12:00:00');
    await runAt('2026-03-04T07:59:00');
    expect(await told(late)).toEqual([]);
    await runAt('2026-03-04T08:15:00');
    await runAt('2026-03-04T09:15:00');
    await runAt('2026-03-05T12:00:00');
    expect(await told(late)).toEqual([words(late.number, '2026-03-06')]);
    expect(await told(ready)).toEqual([]);
    expect(await told(later)).toEqual([]);
    await runAt('2026-03-11T12:00:00');
    expect(await told(later)).toEqual([words(later.number, '2026-03-13')]);
  }, 90_000);
});
