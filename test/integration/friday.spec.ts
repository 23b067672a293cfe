/** 周五寄送, with the platform and the courier of the sandbox. Rules and days: business.md, "Friday dispatch". */
import { AuditEntry, DispatchItem } from '#persistence';
import type { AuditAction } from '#domain';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

interface Batch {
  day: string;
  items: { number: string; state: string; timesCarried: number }[];
}
type Complete = (input: { applicationId: string; completedAt: string }) => Promise<void>;

/** 15:59:59 UTC is one second before midnight in Shanghai. */
const THURSDAY = '2026-03-05T15:59:59.000Z';
const FRIDAY = '2026-03-05T16:00:00.000Z';

describe('the Friday dispatch', () => {
  let office: Office;
  let cases: Cases;
  let completedAt = THURSDAY;
  beforeAll(async () => {
    office = await openOffice({
      activities: {
        // The engine says when a case was completed; here it says what the test wants.
        business: (real) => {
          const { completeApplication, ...others } = real as { completeApplication: Complete };
          return { ...others, completeApplication: (input: Parameters<Complete>[0]) => completeApplication({ ...input, completedAt }) };
        },
      },
    });
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  /** Completed at this instant, and waiting for its Friday. */
  const completed = async (name: string, at: string): Promise<FiledCase> => {
    const filed = await cases.awaitingPayment({ name });
    completedAt = at;
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    return filed;
  };
  const item = (filed: FiledCase) => office.data.manager.findOneByOrFail(DispatchItem, { applicationId: filed.id });
  const becomes = (filed: FiledCase, want: Partial<DispatchItem>) =>
    office.until(
      async () => {
        const found = await item(filed);
        return Object.entries(want).every(([name, value]) => found[name as keyof DispatchItem] === value) ? found : null;
      },
      `${filed.number} to be ${JSON.stringify(want)}`,
    );
  const run = async (day: string) => (await cases.desk('dispatcher')).post(`/api/v1/dispatches/${day}`);
  const batch = async (day: string) => (await cases.desk('dispatcher')).get<Batch>(`/api/v1/dispatches/${day}`);
  const tryHandOver = async (day: string, key: string) =>
    (await cases.desk('dispatcher')).attempt('POST', `/api/v1/dispatches/${day}/hand-over`, {
      json: {},
      headers: { 'Idempotency-Key': key },
    });
  /** The list is still being printed for a moment after the last letter is packed. */
  const handOver = async (day: string) =>
    office.until(async () => {
      const { status, body } = await tryHandOver(day, (await cases.desk('dispatcher')).key());
      return status === 200 ? (body as { handedOver: number }).handedOver : null;
    }, 'the hand-over');
  const recorded = (filed: FiledCase, action: AuditAction) =>
    office.data.manager.countBy(AuditEntry, { subject: `application/${filed.id}`, action });
  const outside = async <T>(path: string): Promise<T[]> => (await (await fetch(`${office.sandbox.base}${path}`)).json()) as T[];
  const bindings = async ({ form }: FiledCase) =>
    (await outside<{ uscc: string }>('/platform/bindings')).filter(({ uscc }) => uscc === form.organisation.uscc);
  const waybills = async ({ form }: FiledCase) =>
    (await outside<{ receiver: { organisation: string } }>('/courier/waybills')).filter(
      ({ receiver }) => receiver.organisation === form.organisation.certificateName,
    );

  it.each([
    ['Thursday 23:59:59', THURSDAY, '2026-03-06', '周一至周四办结，当周周五寄送'],
    ['Friday 00:00:00', FRIDAY, '2026-03-13', '周五办结，下周五寄送'],
    ['Thursday before a Friday of 劳动节', '2026-04-30T04:00:00.000Z', '2026-05-08', '遇法定节假日（2026-05-01），顺延至下一个工作周五'],
  ])(
    'G: completed on %s Shanghai, and told so',
    async (_, at, day, reason) => {
      const filed = await completed(`成都办结${day.replaceAll('-', '')}医药有限公司`, at);
      const view = await filed.agent.get<{ dispatch: { day: string; reason: string } }>(`/api/v1/applications/${filed.id}`);
      expect(view.dispatch).toMatchObject({ day, reason });
      expect(await cases.received(filed, 'completed')).toEqual([
        `【信印】申请 ${filed.number} 已办结，预计 ${day}（周五）绑定账号后寄出：${reason}。请在此前的周四确认平台角色账号已认证。`,
      ]);
      expect((await batch(day)).items.map(({ number }) => number)).toContain(filed.number);
    },
    60_000,
  );

  it('D: an account that is not certified is carried to the next Friday, the agent is told, and it is bound the week after', async () => {
    const [late, ready] = [await completed('成都未认证医药有限公司', THURSDAY), await completed('成都已认证医药有限公司', THURSDAY)];
    await cases.certify(ready);
    await run('2026-03-06');
    await becomes(ready, { state: 'packed' });
    expect(await becomes(late, { day: '2026-03-13' })).toMatchObject({ state: 'due', timesCarried: 1, carriedReason: 'uncertified' });
    expect(await cases.received(late, 'carried')).toEqual([
      `【信印】申请 ${late.number} 未能寄出，改为 2026-03-13（周五）。原因：平台角色账号尚未认证，请尽快完成认证。`,
    ]);
    expect(await bindings(late)).toEqual([]);
    await handOver('2026-03-06');
    expect(await cases.reach(ready, 'closed')).toMatchObject({ outcome: 'dispatched' });
    expect(await cases.row(late)).toMatchObject({ stage: 'dispatch', dispatchDay: '2026-03-13', closedAt: null });

    await cases.certify(late);
    await run('2026-03-13');
    await becomes(late, { state: 'packed' });
    await handOver('2026-03-13');
    await cases.reach(late, 'closed');
    expect(await bindings(late)).toHaveLength(1);
    expect(await waybills(late)).toHaveLength(1);
    expect((await cases.messages(late)).filter(({ template }) => template === 'carried')).toHaveLength(1);
  }, 90_000);

  it('an item that fails, fails alone: the others go, and it is carried with its reason', async () => {
    const all = [];
    for (const each of ['甲', '乙', '丙']) all.push(await completed(`成都单败${each}医药有限公司`, '2026-03-18T04:00:00.000Z'));
    const [first, failing, last] = all as [FiledCase, FiledCase, FiledCase];
    await Promise.all(all.map((each) => cases.certify(each)));
    // The courier knows this key by another parcel: it refuses, and asking again would not help.
    await office.gateways.courier.createWaybill({
      idempotencyKey: `${failing.id}/waybill`,
      receiver: { name: '王某', phone: '17100029999', address: '成都市某路 1 号', organisation: '另一家公司' },
      contents: '别的东西',
    });
    await run('2026-03-20');
    for (const each of [first, last]) await becomes(each, { state: 'packed' });
    expect(await becomes(failing, { day: '2026-03-27' })).toMatchObject({ carriedReason: 'failed', timesCarried: 1 });
    expect(await cases.received(failing, 'carried')).toEqual([
      `【信印】申请 ${failing.number} 未能寄出，改为 2026-03-27（周五）。原因：平台或快递系统暂时无法办理。`,
    ]);
    await handOver('2026-03-20');
    for (const each of [first, last]) expect(await cases.reach(each, 'closed')).toMatchObject({ outcome: 'dispatched' });
    expect(await cases.row(failing)).toMatchObject({ stage: 'dispatch', dispatchDay: '2026-03-27' });
  }, 90_000);

  it('a batch started twice, and handed over twice at once, sends every letter once', async () => {
    const day = '2026-04-10';
    const filed = await completed('成都两次医药有限公司', '2026-04-08T04:00:00.000Z');
    await cases.certify(filed);
    await Promise.all([run(day), run(day), run(day)]);
    await becomes(filed, { state: 'packed' });
    const dispatcher = await cases.desk('dispatcher');
    const [mine, other] = [dispatcher.key(), dispatcher.key()];
    await office.until(async () => ((await batch(day)).items.length > 0 ? true : null), 'the batch');
    const answers = await office.until(async () => {
      const both = await Promise.all([tryHandOver(day, mine), tryHandOver(day, other)]);
      return both.some(({ status }) => status === 200) ? both : null;
    }, 'the hand-over');
    expect(answers.filter(({ status, body }) => status === 200 && (body as { handedOver: number }).handedOver > 0)).toHaveLength(1);
    await cases.reach(filed, 'closed');

    await run(day);
    await office.until(async () => ((await tryHandOver(day, dispatcher.key())).status === 409 ? true : null), 'nothing more to hand over');
    expect([(await bindings(filed)).length, (await waybills(filed)).length]).toEqual([1, 1]);
    expect(await recorded(filed, 'dispatch.handed-over')).toBe(1);
    expect(await cases.received(filed, 'dispatched')).toEqual([
      `【信印】申请 ${filed.number} 的证书已寄出，快递单号 ${(await item(filed)).trackingNumber}。`,
    ]);
  }, 90_000);

  it('a hand-over whose answer was lost answers the same when it is asked again', async () => {
    const day = '2026-04-17';
    const filed = await completed('成都重问医药有限公司', '2026-04-15T04:00:00.000Z');
    await cases.certify(filed);
    await run(day);
    await becomes(filed, { state: 'packed' });
    const key = (await cases.desk('dispatcher')).key();
    const first = await office.until(async () => {
      const answer = await tryHandOver(day, key);
      return answer.status === 200 ? answer : null;
    }, 'the hand-over');
    await cases.reach(filed, 'closed');
    expect(await tryHandOver(day, key)).toMatchObject({ status: 200, body: first.body as object });
  }, 90_000);
});

describe('a dispatch for a day that has not come', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ demo: false, workers: false });
    await office.addStaff('packer', ['dispatcher'], '19000000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  it('is refused outside the demo, by the calendar of Shanghai', async () => {
    const start = async (at: string) => {
      office.clock.stopAt(new Date(at));
      return (await office.staff('packer')).attempt('POST', '/api/v1/dispatches/2026-03-06', { json: {} });
    };
    expect(await start(THURSDAY)).toMatchObject({ status: 422, body: { code: 'DISPATCH_FUTURE' } });
    expect(await start(FRIDAY)).toMatchObject({ status: 202 });
  });
});
