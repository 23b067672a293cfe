/** 周五寄送, with the platform and the courier of the sandbox. Rules and days: business.md, "Friday dispatch". */
import { DispatchBatch } from '#persistence';
import type { FiledCase } from '../world/cases.js';
import { openFridays, type Fridays } from '../world/fridays.js';
import { openOffice, type Office } from '../world/office.js';

/** 15:59:59 UTC is one second before midnight in Shanghai. */
const THURSDAY = '2026-03-05T15:59:59.000Z';
const FRIDAY = '2026-03-05T16:00:00.000Z';

describe('the Friday dispatch', () => {
  let world: Fridays;
  beforeAll(async () => {
    world = await openFridays();
  }, 120_000);
  afterAll(() => world.office.close(), 60_000);

  it.each([
    ['Thursday 23:59:59', THURSDAY, '2026-03-06', '周一至周四办结，当周周五寄送'],
    ['Friday 00:00:00', FRIDAY, '2026-03-13', '周五办结，下周五寄送'],
    ['Thursday before a Friday of 劳动节', '2026-04-30T04:00:00.000Z', '2026-05-08', '遇法定节假日（2026-05-01），顺延至下一个工作周五'],
  ])(
    'G: completed on %s Shanghai, and told so',
    async (_, at, day, reason) => {
      const filed = await world.completed(`成都办结${day.replaceAll('-', '')}医药有限公司`, at);
      const view = await filed.agent.get<{ dispatch: { day: string; reason: string } }>(`/api/v1/applications/${filed.id}`);
      expect(view.dispatch).toMatchObject({ day, reason });
      expect(await world.cases.received(filed, 'completed')).toEqual([
        `【信印】申请 ${filed.number} 已办结，预计 ${day}（周五）绑定账号后寄出：${reason}。请在此前的周四确认平台角色账号已认证。`,
      ]);
      expect((await world.batch(day)).items.map(({ number }) => number)).toContain(filed.number);
    },
    60_000,
  );

  it('D: an account that is not certified is carried to the next Friday, the agent is told, and it is bound the week after', async () => {
    const [late, ready] = [
      await world.completed('成都未认证医药有限公司', THURSDAY),
      await world.completed('成都已认证医药有限公司', THURSDAY),
    ];
    await world.certify(ready);
    await world.run('2026-03-06');
    await world.becomes(ready, { state: 'packed' });
    expect(await world.becomes(late, { day: '2026-03-13' })).toMatchObject({ state: 'due', timesCarried: 1, carriedReason: 'uncertified' });
    expect(await world.cases.received(late, 'carried')).toEqual([
      `【信印】申请 ${late.number} 未能寄出，改为 2026-03-13（周五）。原因：平台角色账号尚未认证，请尽快完成认证。`,
    ]);
    expect(await world.bindings(late)).toEqual([]);
    await world.handOver('2026-03-06');
    expect(await world.cases.reach(ready, 'closed')).toMatchObject({ outcome: 'dispatched' });
    expect(await world.cases.row(late)).toMatchObject({ stage: 'dispatch', dispatchDay: '2026-03-13', closedAt: null });

    await world.certify(late);
    await world.run('2026-03-13');
    await world.becomes(late, { state: 'packed' });
    await world.handOver('2026-03-13');
    await world.cases.reach(late, 'closed');
    expect(await world.bindings(late)).toHaveLength(1);
    expect(await world.waybills(late)).toHaveLength(1);
    expect((await world.cases.messages(late)).filter(({ template }) => template === 'carried')).toHaveLength(1);
  }, 90_000);

  it('D: an account certified on Friday at 08:30, before the batch looks, is carried and told why; one of Thursday 23:59:59 goes', async () => {
    const completedAt = '2026-05-13T04:00:00.000Z';
    const [late, ready] = [
      await world.completed('成都周五认证医药有限公司', completedAt),
      await world.completed('成都周四认证医药有限公司', completedAt),
    ];
    await world.certify(late, '2026-05-15T00:30:00.000Z');
    await world.certify(ready, '2026-05-14T15:59:59.000Z');
    await world.run('2026-05-15');
    await world.becomes(ready, { state: 'packed' });
    expect(await world.becomes(late, { day: '2026-05-22' })).toMatchObject({
      state: 'due',
      timesCarried: 1,
      carriedReason: 'certified-late',
    });
    expect(await world.cases.received(late, 'carried')).toEqual([
      `【信印】申请 ${late.number} 未能寄出，改为 2026-05-22（周五）。原因：平台角色账号在周四 24:00 之后才认证。`,
    ]);
    expect(await world.bindings(late)).toEqual([]);
    await world.handOver('2026-05-15');
    await world.run('2026-05-22');
    await world.becomes(late, { state: 'packed' });
    await world.handOver('2026-05-22');
    await world.cases.reach(late, 'closed');
  }, 90_000);

  it('an item that fails, fails alone: the others go, and it is carried with its reason', async () => {
    const all = [];
    for (const each of ['甲', '乙', '丙']) all.push(await world.completed(`成都单败${each}医药有限公司`, '2026-03-18T04:00:00.000Z'));
    const [first, failing, last] = all as [FiledCase, FiledCase, FiledCase];
    for (const each of all) await world.certify(each);
    // The courier knows this key by another parcel: it refuses, and asking again would not help.
    await world.office.gateways.courier.createWaybill({
      idempotencyKey: `${failing.id}/waybill`,
      receiver: { name: '王某', phone: '17100029999', address: '成都市某路 1 号', organisation: '另一家公司' },
      contents: '别的东西',
    });
    await world.run('2026-03-20');
    for (const each of [first, last]) await world.becomes(each, { state: 'packed' });
    expect(await world.becomes(failing, { day: '2026-03-27' })).toMatchObject({ carriedReason: 'failed', timesCarried: 1 });
    expect(await world.cases.received(failing, 'carried')).toEqual([
      `【信印】申请 ${failing.number} 未能寄出，改为 2026-03-27（周五）。原因：平台或快递系统暂时无法办理。`,
    ]);
    await world.handOver('2026-03-20');
    for (const each of [first, last]) expect(await world.cases.reach(each, 'closed')).toMatchObject({ outcome: 'dispatched' });
    expect(await world.cases.row(failing)).toMatchObject({ stage: 'dispatch', dispatchDay: '2026-03-27' });
  }, 90_000);

  it('a batch started twice, and handed over twice at once, sends every letter once', async () => {
    const day = '2026-04-10';
    const filed = await world.completed('成都两次医药有限公司', '2026-04-08T04:00:00.000Z');
    await world.certify(filed);
    await Promise.all([world.run(day), world.run(day), world.run(day)]);
    await world.becomes(filed, { state: 'packed' });
    const dispatcher = await world.cases.desk('dispatcher');
    const [mine, other] = [dispatcher.key(), dispatcher.key()];
    await world.office.until(async () => ((await world.batch(day)).items.length > 0 ? true : null), 'the batch');
    const answers = await world.office.until(async () => {
      const both = await Promise.all([world.tryHandOver(day, mine), world.tryHandOver(day, other)]);
      return both.some(({ status }) => status === 200) ? both : null;
    }, 'the hand-over');
    expect(answers.filter(({ status, body }) => status === 200 && (body as { handedOver: number }).handedOver > 0)).toHaveLength(1);
    await world.cases.reach(filed, 'closed');

    await world.run(day);
    await world.office.until(
      async () => ((await world.tryHandOver(day, dispatcher.key())).status === 409 ? true : null),
      'nothing more to hand over',
    );
    expect([(await world.bindings(filed)).length, (await world.waybills(filed)).length]).toEqual([1, 1]);
    expect(await world.recorded(filed, 'dispatch.handed-over')).toBe(1);
    expect(await world.cases.received(filed, 'dispatched')).toEqual([
      `【信印】申请 ${filed.number} 的证书已寄出，快递单号 ${(await world.item(filed)).trackingNumber}。`,
    ]);
  }, 90_000);

  it('a hand-over whose answer was lost answers the same when it is asked again', async () => {
    const day = '2026-04-17';
    const filed = await world.completed('成都重问医药有限公司', '2026-04-15T04:00:00.000Z');
    await world.certify(filed);
    await world.run(day);
    await world.becomes(filed, { state: 'packed' });
    const key = (await world.cases.desk('dispatcher')).key();
    const first = await world.office.until(async () => {
      const answer = await world.tryHandOver(day, key);
      return answer.status === 200 ? answer : null;
    }, 'the hand-over');
    await world.cases.reach(filed, 'closed');
    expect(await world.tryHandOver(day, key)).toMatchObject({ status: 200, body: first.body as object });
  }, 90_000);
});

describe('a dispatch by hand for a day that is not the one', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ demo: false, workers: false });
    await office.addStaff('packer', ['dispatcher'], '19000000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const start = async (at: string, day = '2026-03-06') => {
    office.clock.stopAt(new Date(at));
    return (await office.staff('packer')).attempt('POST', `/api/v1/dispatches/${day}`, { json: {} });
  };

  it('that has not come is refused outside the demo, by the calendar of Shanghai', async () => {
    expect(await start(THURSDAY)).toMatchObject({ status: 422, body: { code: 'DISPATCH_FUTURE' } });
    expect(await start(FRIDAY)).toMatchObject({ status: 202 });
  });

  it('that nobody began in time is refused from Saturday 09:00 on; begun in time it may be run again', async () => {
    expect(await start('2026-03-07T01:00:00.000Z')).toMatchObject({ status: 202 });
    const refused = await start('2026-03-07T01:00:00.001Z');
    expect(refused).toMatchObject({ status: 409, body: { code: 'DISPATCH_MISSED' } });
    await office.data.manager.insert(DispatchBatch, { day: '2026-03-06', openedAt: new Date('2026-03-06T01:00:00.000Z'), closedAt: null });
    expect(await start('2026-03-09T01:00:00.000Z')).toMatchObject({ status: 202 });
  });

  it('that is no Friday is refused: a Monday would take the letters of the Friday before', async () => {
    const refused = await start('2026-03-09T01:00:00.000Z', '2026-03-09');
    expect(refused).toMatchObject({ status: 422, body: { code: 'DISPATCH_NOT_FRIDAY' } });
  });
});
