/** After the hand-over: what the courier tells, a parcel that comes back, one that is lost. Rules: docs/decisions/0040. */
import { AuditEntry, Certificate, CourierEvent, DispatchBatch, FeeOrder, FreeReissue } from '#persistence';
import { bankSignature } from '../e2e/bank-signature.js';
import type { FiledCase } from '../world/cases.js';
import { FEW_PAPERS, nextDay, openDesk, type Desk } from '../world/desk.js';
import { openFridays, type Fridays } from '../world/fridays.js';

interface Letter {
  state: string;
  day: string;
  provisional: boolean;
  trackingNumber: string | null;
  delivery: { code: string } | null;
  sendings: number;
  freeReissues: { serial: string; used: boolean }[];
}
const CALLBACK = '/api/v1/callbacks/courier';

describe('a parcel after the hand-over', () => {
  let world: Fridays;
  let desk: Desk;
  beforeAll(async () => {
    world = await openFridays();
    desk = await openDesk(world.office);
    await world.office.addStaff('second-supervisor', ['supervisor'], '19000000095');
  }, 120_000);
  afterEach(() => world.office.clock.set(new Date()));
  afterAll(() => world.office.close(), 60_000);

  const sent = async (name: string, completedAt: string, day: string): Promise<{ filed: FiledCase; tracking: string }> => {
    const filed = await world.completed(name, completedAt, { certified: true });
    await world.run(day);
    await world.becomes(filed, { state: 'packed' });
    await world.handOver(day);
    await world.cases.reach(filed, 'closed');
    return { filed, tracking: (await world.item(filed)).trackingNumber ?? '' };
  };
  /** Somebody at the courier scans it; the courier tells our API by itself. */
  const happens = async (tracking: string, event: string) => {
    const response = await fetch(`${world.office.sandbox.base}/courier/waybills/${tracking}/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ event }),
    });
    expect(response.status).toBe(201);
  };
  const push = (content: object, key: { keyId: string; secret: string } = world.office.settings.secrets.courierPush) => {
    const body = JSON.stringify(content);
    const headers = bankSignature(body, { ...key, at: world.office.clock.now(), path: CALLBACK });
    return world.office
      .person()
      .attempt('POST', CALLBACK, { file: Buffer.from(body), headers: { 'Content-Type': 'application/json', ...headers } });
  };
  const applied = (id: string) =>
    world.office.until(async () => ((await world.office.data.manager.findOneBy(CourierEvent, { id }))?.appliedAt ? true : null), id);
  const letter = async ({ number }: FiledCase) => (await world.cases.desk('dispatcher')).get<Letter>(`/api/v1/letters/${number}`);
  const resend = async ({ number }: FiledCase, json: object) =>
    (await world.cases.desk('dispatcher')).attempt('POST', `/api/v1/letters/${number}/resending`, { json });
  const grant = async ({ number }: FiledCase) =>
    (await world.cases.desk('supervisor')).attempt('POST', `/api/v1/letters/${number}/free-reissue`, { json: {} });

  it('picked up, then delivered: its state, its timeline, and the agent is told of the delivery', async () => {
    const { filed, tracking } = await sent('成都签收医药有限公司', '2026-03-04T04:00:00.000Z', '2026-03-06');
    await happens(tracking, 'picked-up');
    await world.becomes(filed, { delivery: 'picked-up' });
    await happens(tracking, 'delivered');
    await world.becomes(filed, { delivery: 'delivered' });
    expect(await world.cases.received(filed, 'parcel-delivered')).toEqual([
      `【信印】申请 ${filed.number} 的证书已签收（单号 ${tracking}）。如非本人签收，请立即致电 400-028-1130。`,
    ]);
    const timeline = await filed.agent.get<{ zh: string; who: string }[]>(`/api/v1/applications/${filed.id}/timeline`);
    expect(timeline.filter(({ who }) => who === 'courier').map(({ zh }) => zh)).toEqual([
      `快递已揽收（单号 ${tracking}）`,
      `已签收（单号 ${tracking}）`,
    ]);
    expect((await letter(filed)).delivery?.code).toBe('delivered');
  }, 180_000);

  it('told twice it counts once; an older event that comes late changes nothing; a foreign parcel is taken and ignored', async () => {
    const { filed, tracking } = await sent('成都重复轨迹医药有限公司', '2026-03-11T04:00:00.000Z', '2026-03-13');
    const delivered = { eventId: 'SPEC-0001', trackingNumber: tracking, event: 'delivered', occurredAt: '2026-03-15T02:00:00Z' };
    for (let time = 0; time < 2; time += 1) expect((await push(delivered)).status).toBe(202);
    await applied('SPEC-0001');
    const late = { eventId: 'SPEC-0002', trackingNumber: tracking, event: 'returned', occurredAt: '2026-03-14T02:00:00Z' };
    expect((await push(late)).status).toBe(202);
    const foreign = { eventId: 'SPEC-0003', trackingNumber: 'KD999999999999', event: 'lost', occurredAt: '2026-03-14T02:00:00Z' };
    expect((await push(foreign)).status).toBe(202);
    for (const id of ['SPEC-0002', 'SPEC-0003']) await applied(id);
    expect(await world.item(filed)).toMatchObject({ delivery: 'delivered', deliveryAt: new Date('2026-03-15T02:00:00Z') });
    expect(await world.recorded(filed, 'parcel.told')).toBe(1);
    expect(await world.cases.received(filed, 'parcel-delivered')).toHaveLength(1);
    expect(await push({ ...delivered, event: 'lost' })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  }, 180_000);

  it('signed by anybody else it is refused, and nothing is kept', async () => {
    const event = { eventId: 'SPEC-0009', trackingNumber: 'KD000000000001', event: 'lost', occurredAt: '2026-03-14T02:00:00Z' };
    expect(await push(event, world.office.settings.secrets.bankPush)).toMatchObject({ status: 401, body: { code: 'SIGNATURE_INVALID' } });
    expect(await world.office.data.manager.countBy(CourierEvent, { id: 'SPEC-0009' })).toBe(0);
  });

  it('returned: sent again to the corrected address on the next Friday, under a new waybill, bound as it was', async () => {
    const { filed, tracking } = await sent('成都退回医药有限公司', '2026-04-08T04:00:00.000Z', '2026-04-10');
    const receiver = { recipient: '王更正', phone: '171 0002 0001', address: '四川省成都市武侯区更正路 9 号 901' };
    expect(await resend(filed, receiver)).toMatchObject({ status: 409, body: { code: 'PARCEL_NOT_RETURNED' } });
    await happens(tracking, 'returned');
    await world.becomes(filed, { delivery: 'returned' });
    expect(await world.cases.received(filed, 'parcel-returned')).toHaveLength(1);
    expect(await resend(filed, { ...receiver, phone: '12' })).toMatchObject({ status: 422 });

    // A Wednesday.
    world.office.clock.set(new Date('2026-04-15T02:00:00.000Z'));
    for (let time = 0; time < 2; time += 1)
      expect(await resend(filed, receiver)).toMatchObject({ status: 200, body: { day: '2026-04-17' } });
    expect(await letter(filed)).toMatchObject({ state: 'bound', day: '2026-04-17', sendings: 2, delivery: null, trackingNumber: null });
    await world.run('2026-04-17');
    await world.becomes(filed, { state: 'packed' });
    const second = (await world.item(filed)).trackingNumber;
    expect(second).not.toBe(tracking);
    await world.handOver('2026-04-17');
    expect((await world.cases.received(filed, 'dispatched', 2))[1]).toBe(`【信印】申请 ${filed.number} 的证书已寄出，快递单号 ${second}。`);
    expect((await world.waybills(filed)).map(({ receiver: { address } }) => address)).toContain(receiver.address);
    expect(await world.bindings(filed)).toHaveLength(1);
    expect(await world.recorded(filed, 'dispatch.handed-over')).toBe(2);
    // What is told about the first sending is about a parcel that is no more.
    await push({ eventId: 'SPEC-0100', trackingNumber: tracking, event: 'lost', occurredAt: '2026-04-20T02:00:00Z' });
    await applied('SPEC-0100');
    expect((await world.item(filed)).delivery).toBeNull();
    const entries = await world.office.data.manager.findBy(AuditEntry, { subject: `application/${filed.id}`, action: 'parcel.resent' });
    expect(entries.map(({ actorKind, details }) => [actorKind, details])).toEqual([
      ['staff', { day: '2026-04-17', sending: 2, mark: '', markEn: '' }],
    ]);
  }, 180_000);

  it('D: sent again in a year without published holidays: the day is marked in the answer, the letter and the timeline', async () => {
    const { filed, tracking } = await sent('成都退回暂定医药有限公司', '2026-05-20T04:00:00.000Z', '2026-05-22');
    await happens(tracking, 'returned');
    await world.becomes(filed, { delivery: 'returned' });
    // A Monday, of whose next year nothing is published.
    world.office.clock.set(new Date('2048-12-28T02:00:00.000Z'));
    const receiver = { recipient: '王更正', phone: '171 0002 0001', address: '四川省成都市武侯区更正路 9 号 901' };
    for (let time = 0; time < 2; time += 1)
      expect(await resend(filed, receiver)).toMatchObject({ status: 200, body: { day: '2049-01-01', provisional: true } });
    expect(await letter(filed)).toMatchObject({ day: '2049-01-01', provisional: true });
    const timeline = await (
      await world.cases.desk('dispatcher')
    ).get<{ zh: string; en: string }[]>(`/api/v1/applications/${filed.id}/timeline`);
    expect(timeline.map(({ zh, en }) => [zh, en])).toContainEqual([
      '按更正后的收件信息于 2049-01-01（暂定） 重新寄出',
      'To be sent again on 2049-01-01 (provisional), to the corrected address',
    ]);
  }, 180_000);

  it('sent again and waiting: its address is corrected again, before it is packed and when it was packed and left over, but not in the box', async () => {
    const { filed, tracking } = await sent('成都再更正医药有限公司', '2026-06-24T04:00:00.000Z', '2026-06-26');
    await happens(tracking, 'returned');
    await world.becomes(filed, { delivery: 'returned' });
    world.office.clock.set(new Date('2026-07-01T02:00:00.000Z'));
    const to = (house: number) => ({ recipient: '王更正', phone: '17100020001', address: `四川省成都市武侯区更正路 ${house} 号 901` });
    expect(await resend(filed, to(1))).toMatchObject({ status: 200, body: { day: '2026-07-03' } });
    for (let time = 0; time < 2; time += 1) expect(await resend(filed, to(2))).toMatchObject({ status: 200, body: { day: '2026-07-03' } });
    expect(await letter(filed)).toMatchObject({ state: 'bound', day: '2026-07-03', sendings: 2, trackingNumber: null });
    await world.run('2026-07-03');
    await world.becomes(filed, { state: 'packed' });
    const addresses = async () => (await world.waybills(filed)).map(({ receiver: { address } }) => address);
    expect(await addresses()).toContain(to(2).address);
    expect(await addresses()).not.toContain(to(1).address);
    const boxed = (await world.item(filed)).trackingNumber;
    expect(await resend(filed, to(3))).toMatchObject({ status: 409, body: { code: 'PARCEL_PACKED' } });
    // Nobody handed it over that day, and the batch was closed.
    await world.office.data.manager.update(DispatchBatch, { day: '2026-07-03' }, { closedAt: world.office.clock.now() });
    expect(await resend(filed, to(3))).toMatchObject({ status: 200 });
    expect(await letter(filed)).toMatchObject({ state: 'bound', sendings: 2, trackingNumber: null });
    await world.run('2026-07-10');
    await world.becomes(filed, { state: 'packed' });
    expect((await world.item(filed)).trackingNumber).not.toBe(boxed);
    expect(await addresses()).toContain(to(3).address);
    await world.handOver('2026-07-10');
    expect((await world.cases.received(filed, 'dispatched', 2)).at(-1)).toContain((await world.item(filed)).trackingNumber ?? 'none');
    expect(await resend(filed, to(4))).toMatchObject({ status: 409, body: { code: 'PARCEL_NOT_RETURNED' } });
    const entries = await world.office.data.manager.findBy(AuditEntry, {
      subject: `application/${filed.id}`,
      action: 'parcel.readdressed',
    });
    expect(entries.map(({ actorKind, details }) => [actorKind, details])).toEqual([
      ['staff', { sending: 2 }],
      ['staff', { sending: 2 }],
    ]);
    expect(await world.bindings(filed)).toHaveLength(1);
  }, 180_000);

  it('lost: a supervisor grants the reissue, which costs nothing, once; entered by a clerk, decided by a reviewer', async () => {
    const { filed, tracking } = await sent('成都遗失医药有限公司', '2026-05-13T04:00:00.000Z', '2026-05-15');
    expect(await grant(filed)).toMatchObject({ status: 409, body: { code: 'PARCEL_NOT_LOST' } });
    await happens(tracking, 'lost');
    await world.becomes(filed, { delivery: 'lost' });
    expect(await world.cases.received(filed, 'parcel-lost')).toEqual([
      `【信印】申请 ${filed.number} 的证书在寄送途中遗失（单号 ${tracking}）。请致电 400-028-1130 办理补办，不收补办费。`,
    ]);
    for (let time = 0; time < 2; time += 1) expect((await grant(filed)).status).toBe(204);
    expect(await world.recorded(filed, 'parcel.reissue-granted')).toBe(1);

    nextDay(world.office, '10:00:00');
    const { serial } = await world.office.data.manager.findOneByOrFail(Certificate, { applicationId: filed.id, kind: 'signing' });
    const clerk = await desk.who('clerk');
    const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', { serial }, { cause: 'lost' }, FEW_PAPERS));
    await desk.approve(id);
    await desk.reach(id, 'key-recovery');
    expect(await world.office.data.manager.countBy(FeeOrder, { applicationId: id })).toBe(0);
    expect(await world.office.data.manager.findOneByOrFail(FreeReissue, { serial })).toMatchObject({ usedBy: id });
    expect((await letter(filed)).freeReissues).toEqual([{ serial, used: true }]);
    await desk.atWindow('reviewer', id, 'key-recovery');
    // Nor does whoever waived the fee let the key come back.
    expect((await desk.atWindow('supervisor', id, 'key-recovery')).status).toBe(403);
    await desk.atWindow('second-supervisor', id, 'key-recovery');
    await desk.handOver(id);
    expect(await desk.ended(id)).toBe('handed-over');

    // The next reissue of the same holder is paid for like any other.
    const { signing } = await desk.pair(id);
    const again = await desk.file(clerk, await desk.draft(clerk, 'reissue', signing, { cause: 'damaged' }, FEW_PAPERS));
    await desk.reach(again.id, 'window-payment');
  }, 180_000);
});
