/** Fridays when something is late: the batch, the row of a letter, the office itself. Rules: business.md, "Friday dispatch". */
import { DispatchBatch, DispatchItem } from '#persistence';
import { dispatchWorkflowId, queues, workflowTypes, type DispatchView, type WatchResult } from '#workflows/contract';
import { openFridays, type Fridays } from '../world/fridays.js';

interface Report {
  closedAt: string | null;
  counts: { handedOver: number; carried: number; failed: number };
  handedOver: { number: string; trackingNumber: string }[];
  carried: { number: string; reason: { code: string; zh: string }; to: string }[];
  failed: { number: string; reason: { code: string }; to: string }[];
}

describe('a Friday kept late', () => {
  let world: Fridays;
  beforeAll(async () => {
    world = await openFridays();
  }, 120_000);
  afterEach(() => world.office.clock.set(new Date()));
  afterAll(() => world.office.close(), 60_000);

  const report = async (day: string) => (await world.cases.desk('dispatcher')).get<Report>(`/api/v1/dispatches/${day}/report`);
  const closed = (day: string) =>
    world.office.until(async () => {
      const batch = await world.office.data.manager.findOneBy(DispatchBatch, { day });
      return batch?.closedAt ? batch : null;
    }, `the end of the batch of ${day}`);
  const watch = (name: string) =>
    world.office.engine.client.workflow.execute(workflowTypes.watchFridays, {
      workflowId: `watch-fridays/${name}`,
      taskQueue: queues.business,
      args: [{}],
    }) as Promise<WatchResult>;

  it('completed on the Friday at 00:00:00 is not in its batch, however late that runs and whatever day stands in the row', async () => {
    const day = '2026-06-05';
    const [friday, thursday] = [
      await world.completed('成都周五零时医药有限公司', '2026-06-04T16:00:00.000Z'),
      await world.completed('成都周四末秒医药有限公司', '2026-06-04T15:59:59.000Z'),
    ];
    expect(await world.item(friday)).toMatchObject({ day: '2026-06-12' });
    // A row that says otherwise, as a clock that was wrong would have written it.
    await world.office.data.manager.update(DispatchItem, { applicationId: friday.id }, { day });
    for (const each of [friday, thursday]) await world.certify(each);
    await world.run(day);
    await world.becomes(thursday, { state: 'packed' });
    expect(await world.handOver(day)).toBe(1);
    await closed(day);
    expect(await world.item(friday)).toMatchObject({ state: 'due', timesCarried: 0 });
    expect(await world.bindings(friday)).toEqual([]);

    await world.run('2026-06-12');
    await world.becomes(friday, { state: 'packed' });
    expect(await world.handOver('2026-06-12')).toBe(1);
  }, 180_000);

  it('completed on Thursday at 23:59:59 is in the batch, though its row came when the batch waited for the hand-over', async () => {
    const day = '2026-07-03';
    const first = await world.completed('成都先到医药有限公司', '2026-07-01T04:00:00.000Z');
    await world.certify(first);
    await world.run(day);
    await world.becomes(first, { state: 'packed' });
    const late = await world.completed('成都迟到医药有限公司', '2026-07-02T15:59:59.000Z', { certified: true });
    await world.becomes(late, { state: 'packed', day });
    expect(await world.handOver(day)).toBe(2);
    for (const each of [first, late]) expect(await world.cases.reach(each, 'closed')).toMatchObject({ outcome: 'dispatched' });
  }, 180_000);

  it('closes with a report: what went out, what was carried and why, what failed', async () => {
    const day = '2026-07-10';
    const at = '2026-07-08T04:00:00.000Z';
    const [good, late, failing] = [
      await world.completed('成都报告寄出医药有限公司', at),
      await world.completed('成都报告未认证医药有限公司', at),
      await world.completed('成都报告失败医药有限公司', at),
    ];
    for (const each of [good, failing]) await world.certify(each);
    await world.office.gateways.courier.createWaybill({
      idempotencyKey: `${failing.id}/waybill`,
      receiver: { name: '王某', phone: '17100029999', address: '成都市某路 1 号', organisation: '另一家公司' },
      contents: '别的东西',
    });
    await world.run(day);
    await world.becomes(good, { state: 'packed' });
    await world.handOver(day);
    await closed(day);
    const { trackingNumber } = await world.item(good);
    expect(await report(day)).toMatchObject({
      counts: { handedOver: 1, carried: 1, failed: 1 },
      handedOver: [{ number: good.number, trackingNumber }],
      carried: [{ number: late.number, reason: { code: 'uncertified', zh: '平台角色账号尚未认证，请尽快完成认证' }, to: '2026-07-17' }],
      failed: [{ number: failing.number, reason: { code: 'failed' }, to: '2026-07-17' }],
    });
  }, 180_000);

  it('a Friday missed by an outage is made up within 24 hours of its hour', async () => {
    const day = '2026-08-07';
    const filed = await world.completed('成都补办医药有限公司', '2026-08-05T04:00:00.000Z');
    await world.certify(filed);
    // 2026-08-07 08:59:59 in Shanghai: its hour has not struck. One second before 09:00 on Saturday it is still made up.
    world.office.clock.stopAt(new Date('2026-08-07T00:59:59.000Z'));
    expect((await watch('before')).madeUp).toEqual([]);
    world.office.clock.stopAt(new Date('2026-08-08T00:59:59.000Z'));
    expect(await watch('within')).toMatchObject({ madeUp: [day] });
    await world.becomes(filed, { state: 'packed', day });
    expect((await watch('in hand')).madeUp).toEqual([]);
    await world.handOver(day);
    await world.cases.reach(filed, 'closed');
  }, 180_000);

  it('asked for in time and begun by nobody until Monday, it is missed: no letter goes out, and no more by hand', async () => {
    const day = '2026-09-04';
    const filed = await world.completed('成都停工医药有限公司', '2026-09-02T04:00:00.000Z');
    await world.certify(filed);
    // Friday 09:00: the engine has the batch, and no worker is there to begin it.
    await world.office.stopWorkers();
    world.office.clock.stopAt(new Date('2026-09-04T01:00:00.000Z'));
    await world.run(day);
    // Monday 09:00.
    world.office.clock.stopAt(new Date('2026-09-07T01:00:00.000Z'));
    await world.office.startWorkers();
    const batch = world.office.engine.client.workflow.getHandle(dispatchWorkflowId(day)).result() as Promise<DispatchView>;
    expect(await batch).toMatchObject({ state: 'closed', items: { due: 0, packed: 0 } });
    expect(await world.office.data.manager.countBy(DispatchBatch, { day })).toBe(0);
    const again = await (await world.cases.desk('dispatcher')).attempt('POST', `/api/v1/dispatches/${day}`, { json: {} });
    expect(again).toMatchObject({ status: 409, body: { code: 'DISPATCH_MISSED' } });
    expect((await watch('after the outage')).madeUp).toEqual([]);
    expect(await world.item(filed)).toMatchObject({ day: '2026-09-11', carriedReason: 'missed', state: 'due' });
    expect(await world.bindings(filed)).toEqual([]);
  }, 180_000);

  it('later than that it is carried to the Friday that comes, and the agent is told once', async () => {
    const filed = await world.completed('成都错过医药有限公司', '2026-08-12T04:00:00.000Z');
    // Ten days after its Friday, on a Monday.
    world.office.clock.stopAt(new Date('2026-08-24T01:00:00.000Z'));
    expect(await watch('late')).toMatchObject({ madeUp: [] });
    expect(await world.item(filed)).toMatchObject({ day: '2026-08-28', carriedReason: 'missed', timesCarried: 1, state: 'due' });
    expect(await world.cases.received(filed, 'carried')).toEqual([
      `【信印】申请 ${filed.number} 未能寄出，改为 2026-08-28（周五）。原因：系统故障，当周未能办理寄送。`,
    ]);
    expect((await watch('late again')).missed).toBe(0);
    const row = (await report('2026-08-14')).carried.find(({ number }) => number === filed.number);
    expect(row).toMatchObject({ reason: { code: 'missed' }, to: '2026-08-28' });
  }, 180_000);
});
