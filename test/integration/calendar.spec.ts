/** The calendar changes: a supervisor sets a day, or takes it back. Rules: business.md, "Friday dispatch" and "Windows and hours". */
import { createBusinessActivities } from '#activities';
import { publishedHolidays } from '#config';
import type { OfficeCalendar } from '#domain';
import { AuditEntry, CalendarData, CalendarDayRow } from '#persistence';
import { noteHolidayData } from '../../apps/worker/src/seed.js';
import type { FiledCase } from '../world/cases.js';
import { openFridays, type Fridays } from '../world/fridays.js';

interface View {
  dispatch: { day: string; reason: string; provisional: boolean };
}

describe('the calendar of the office', () => {
  let world: Fridays;
  beforeAll(async () => {
    world = await openFridays();
  }, 120_000);
  // Certificates are made by the true clock, since the CA's own was; a day is set when it is still to come.
  afterEach(() => world.office.clock.set(new Date()));
  afterAll(() => world.office.close(), 120_000);

  const supervisor = () => world.cases.desk('supervisor');
  const set = async (day: string, kind: string, reason: string) =>
    (await supervisor()).attempt('PUT', `/api/v1/calendar/days/${day}`, { json: { kind, reason } });
  const takeBack = async (day: string, reason: string) =>
    (await supervisor()).attempt('POST', `/api/v1/calendar/days/${day}/withdrawal`, { json: { reason } });
  const view = (filed: FiledCase) => filed.agent.get<View>(`/api/v1/applications/${filed.id}`);
  const moves = async (filed: FiledCase) =>
    (await world.cases.messages(filed)).filter(({ template }) => template === 'dispatch-moved').map(({ text }) => text);

  it('a Friday made a holiday moves the letters of that Friday, whose agents are told once, with the reason; no other is told', async () => {
    const moved = await world.completed('成都改期医药有限公司', '2026-04-15T04:00:00.000Z');
    const other = await world.completed('成都不改期医药有限公司', '2026-04-22T04:00:00.000Z');
    world.office.clock.set(new Date('2026-04-13T02:00:00.000Z'));
    expect([(await view(moved)).dispatch.day, (await view(other)).dispatch.day]).toEqual(['2026-04-17', '2026-04-24']);

    expect((await set('2026-04-17', 'holiday', '大楼停电检修')).status).toBe(204);
    await world.becomes(moved, { day: '2026-04-24' });
    expect(await world.cases.received(moved, 'dispatch-moved')).toEqual([
      `【信印】申请 ${moved.number} 原定 2026-04-17 寄出，现改为 2026-04-24（周五）。原因：放假安排有调整，遇法定节假日（2026-04-17），顺延至下一个工作周五。`,
    ]);
    expect((await view(moved)).dispatch).toEqual(
      expect.objectContaining({ day: '2026-04-24', reason: '遇法定节假日（2026-04-17），顺延至下一个工作周五' }),
    );
    expect(await moves(other)).toEqual([]);
    expect(await world.recorded(other, 'dispatch.moved')).toBe(0);

    // Set to the same again: nothing changes, nobody is told.
    expect((await set('2026-04-17', 'holiday', '再说一次')).status).toBe(204);
    expect(await world.office.data.manager.countBy(CalendarDayRow, { day: '2026-04-17' })).toBe(1);

    expect((await takeBack('2026-04-17', '检修取消')).status).toBe(204);
    await world.becomes(moved, { day: '2026-04-17' });
    expect((await world.cases.received(moved, 'dispatch-moved', 2))[1]).toBe(
      `【信印】申请 ${moved.number} 原定 2026-04-24 寄出，现改为 2026-04-17（周五）。原因：放假安排有调整，周一至周四办结，当周周五寄送。`,
    );
    expect(await world.recorded(moved, 'dispatch.moved')).toBe(2);
    expect(await moves(other)).toEqual([]);
  }, 180_000);

  it('a carried letter moves by the day it was carried from', async () => {
    const filed = await world.completed('成都顺延改期医药有限公司', '2026-05-13T04:00:00.000Z');
    await world.run('2026-05-15');
    await world.becomes(filed, { day: '2026-05-22', carriedFrom: '2026-05-15' });
    world.office.clock.set(new Date('2026-05-18T02:00:00.000Z'));
    await set('2026-05-22', 'holiday', '系统割接');
    await world.becomes(filed, { day: '2026-05-29', movedFrom: '2026-05-22' });
    expect(await world.cases.received(filed, 'dispatch-moved')).toHaveLength(1);
  }, 180_000);

  it('who, when and why stand in the row and in the audit', async () => {
    world.office.clock.set(new Date('2026-08-17T02:00:00.000Z'));
    await set('2026-08-21', 'holiday', '消防演练');
    await takeBack('2026-08-21', '演练改期');
    const year = await (await supervisor()).get<{ published: boolean; days: object[] }>('/api/v1/calendar/2026');
    expect(year.published).toBe(true);
    expect(year.days).toContainEqual(
      expect.objectContaining({ day: '2026-08-21', kind: 'holiday', reason: '消防演练', withdrawnAt: expect.any(String) as string }),
    );
    const entries = await world.office.data.manager.find(AuditEntry, { where: { subject: 'calendar/2026-08-21' }, order: { seq: 'ASC' } });
    expect(entries.map(({ action, actorKind, details }) => [action, actorKind, details['reason']])).toEqual([
      ['calendar.day-set', 'staff', '消防演练'],
      ['calendar.day-withdrawn', 'staff', '演练改期'],
    ]);
  }, 120_000);

  it.each([
    ['a day that is over', 'PUT', '/api/v1/calendar/days/2026-03-01', { kind: 'holiday', reason: 'x' }, 422],
    ['without a reason', 'PUT', '/api/v1/calendar/days/2026-09-04', { kind: 'holiday', reason: ' ' }, 422],
    ['for a reason that no row takes', 'PUT', '/api/v1/calendar/days/2026-09-04', { kind: 'holiday', reason: '停\u0000电' }, 422],
    ['of another kind', 'PUT', '/api/v1/calendar/days/2026-09-04', { kind: 'feast', reason: 'x' }, 422],
    ['taking back what was not set', 'POST', '/api/v1/calendar/days/2026-09-04/withdrawal', { reason: 'x' }, 404],
  ] as const)('refused: %s', async (_, method, path, json, status) => {
    world.office.clock.set(new Date('2026-03-02T02:00:00.000Z'));
    expect((await (await supervisor()).attempt(method, path, { json })).status).toBe(status);
  });

  it('two supervisors who set a day at once, for which nothing was set: one after the other, and it is set once', async () => {
    world.office.clock.set(new Date('2026-03-02T02:00:00.000Z'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => set('2026-09-11', 'holiday', '消防演练')));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204));
    expect(await world.office.data.manager.countBy(CalendarDayRow, { day: '2026-09-11' })).toBe(1);
  });

  it('the hours of a window go by the same calendar', async () => {
    const ticket = () => world.office.person().attempt('POST', '/api/v1/windows/chengnan/queue', { json: {} });
    world.office.clock.set(new Date('2026-03-04T02:00:00.000Z'));
    expect((await ticket()).status).toBe(201);
    await set('2026-03-04', 'holiday', '盘点');
    expect(await ticket()).toMatchObject({ status: 409, body: { code: 'WINDOW_CLOSED' } });
    // A Saturday made a working day.
    world.office.clock.set(new Date('2026-03-07T02:00:00.000Z'));
    expect((await ticket()).status).toBe(409);
    await set('2026-03-07', 'working', '补班');
    expect((await ticket()).status).toBe(201);
  }, 120_000);

  it('data of holidays is noted when it is seen for the first time', async () => {
    const { data, clock } = world.office;
    expect([await noteHolidayData(data, '9.9.9', clock.now()), await noteHolidayData(data, '9.9.9', clock.now())]).toEqual([true, false]);
    expect(await data.manager.countBy(CalendarData, { version: '9.9.9' })).toBe(1);
    expect(await data.manager.countBy(AuditEntry, { subject: 'calendar/data', action: 'calendar.data-seen' })).toBe(1);
  });

  it('when a year is published, its dates move or stand; what stands loses its mark, and nobody is told of that', async () => {
    const [newYear, later] = [
      await world.completed('成都元旦医药有限公司', '2026-12-29T04:00:00.000Z'),
      await world.completed('成都元旦后医药有限公司', '2027-01-13T04:00:00.000Z'),
    ];
    expect([(await view(newYear)).dispatch, (await view(later)).dispatch]).toMatchObject([
      { day: '2027-01-01', provisional: true },
      { day: '2027-01-15', provisional: true },
    ]);
    const { data, gateways, settings, objects } = world.office;
    // Before either date, whenever the test runs: nothing is moved to a day that is over.
    const now = () => new Date('2026-12-29T08:00:00.000Z');
    const published: OfficeCalendar = {
      isHoliday: (day) => day === '2027-01-01' || publishedHolidays.isHoliday(day),
      isWorkingDay: (day) => day !== '2027-01-01' && publishedHolidays.isWorkingDay(day),
      isPublished: () => true,
    };
    const deps = { ...settings, apiUrl: settings.urls.api, data, now, holidays: published, gateways, objects };
    const activities = createBusinessActivities(deps);
    const moves = (await activities.promisesToMove({ after: null })).moves.filter((move) => move.applicationId === newYear.id);
    expect(moves.map(({ to }) => to)).toEqual(['2027-01-08']);
    for (const move of moves)
      expect([await activities.moveItem(move), await activities.moveItem(move)]).toEqual([{ time: 1 }, { time: 1 }]);
    expect((await view(newYear)).dispatch).toMatchObject({ day: '2027-01-08', provisional: false });
    expect((await view(later)).dispatch).toMatchObject({ day: '2027-01-15', provisional: false });
    expect([await world.recorded(newYear, 'dispatch.moved'), await world.recorded(later, 'dispatch.moved')]).toEqual([1, 0]);
  }, 180_000);

  it('a year without published holidays: marked in the catalogue, the application, the texts and the list', async () => {
    world.office.clock.set(new Date('2026-12-30T16:00:00.000Z'));
    const catalogue = await world.office
      .person()
      .get<{ businesses: { dispatchIfCompletedNow: { day: string; provisional: boolean; reason: string } }[] }>('/api/v1/catalogue');
    expect(catalogue.businesses[0]?.dispatchIfCompletedNow).toMatchObject({ day: '2027-01-01', provisional: true });
    world.office.clock.set(new Date());
    const filed = await world.completed('成都暂定医药有限公司', '2026-12-30T16:00:00.000Z');
    expect((await view(filed)).dispatch).toMatchObject({ day: '2027-01-01', provisional: true });
    expect(await world.cases.received(filed, 'completed')).toEqual([expect.stringContaining('该年放假安排尚未公布，日期为暂定')]);
    expect(await world.batch('2027-01-01')).toMatchObject({ provisional: true });
    await world.run('2027-01-01');
    expect(await world.cases.received(filed, 'carried')).toEqual([
      `【信印】申请 ${filed.number} 未能寄出，改为 2027-01-08（暂定）（周五）。原因：平台角色账号尚未认证，请尽快完成认证。`,
    ]);
    expect((await view(filed)).dispatch).toMatchObject({ day: '2027-01-08', provisional: true });
    const dispatcher = await world.cases.desk('dispatcher');
    expect(await dispatcher.get(`/api/v1/letters/${filed.number}`)).toMatchObject({ day: '2027-01-08', provisional: true });
    const { carried } = await dispatcher.get<{ carried: { number: string }[] }>('/api/v1/dispatches/2027-01-01/report');
    expect(carried).toContainEqual(expect.objectContaining({ number: filed.number, to: '2027-01-08', provisional: true }));
    const timeline = await filed.agent.get<{ zh: string; en: string }[]>(`/api/v1/applications/${filed.id}/timeline`);
    expect(timeline.map(({ zh, en }) => [zh, en])).toContainEqual([
      '改为 2027-01-08（暂定） 寄送：平台角色账号尚未认证，请尽快完成认证',
      'Carried to 2027-01-08 (provisional): the role account is not certified on the platform yet',
    ]);
  }, 180_000);
});
