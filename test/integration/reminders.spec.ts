/** Reminders as the Schedule's runs send them, hour by hour, with the office's clock moved on. Rules: the office's calendar of reminders (D). */
import { Draft } from '#persistence';
import { queues, workflowTypes } from '#workflows/contract';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

const DAY_MS = 86_400_000;
const NOON = '12:00:00+08:00';
const on = (day: string, clock = NOON) => new Date(`${day}T${clock}`);

describe('reminders', () => {
  let office: Office;
  let cases: Cases;
  let runs = 0;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
    office.clock.set(on('2026-03-02'));
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const run = () =>
    office.engine.client.workflow.execute<() => Promise<{ sent: number; failed: number; deleted: number }>>(workflowTypes.remind, {
      workflowId: `remind/${(runs += 1)}`,
      taskQueue: queues.business,
    });
  const received = async (phone: string, template: string) =>
    ((await office.sandbox.messages(phone)) as { template: string; text: string }[]).filter((each) => each.template === template);

  it('D reminders: an unpaid order after 3 days and after 7, once each, and never at night', async () => {
    const filed = await cases.awaitingPayment({ name: '成都忘缴医药有限公司' });
    office.clock.set(on('2026-03-04'));
    await run();
    expect(await received(filed.phone, 'order-reminder')).toHaveLength(0);

    office.clock.set(on('2026-03-05', '20:00:01+08:00'));
    await run();
    expect(await received(filed.phone, 'order-reminder')).toHaveLength(0);

    office.clock.set(on('2026-03-06', '08:15:00+08:00'));
    await run();
    await run();
    const [first, ...more] = await received(filed.phone, 'order-reminder');
    expect(more).toEqual([]);
    expect(first?.text).toContain(`还差 250.00 元，附言 ${filed.number.replaceAll('-', '')}`);

    office.clock.set(on('2026-03-09'));
    await run();
    expect(await received(filed.phone, 'order-reminder')).toHaveLength(2);
  }, 60_000);

  it('D reminders: not to a phone that wants none, which still gets what its case needs', async () => {
    office.clock.set(on('2026-04-01'));
    const filed = await cases.awaitingPayment({ name: '成都勿扰医药有限公司' });
    await filed.agent.put('/api/v1/notifications', { reminders: false });
    office.clock.set(on('2026-04-05'));
    await run();
    expect(await received(filed.phone, 'order-reminder')).toHaveLength(0);
    await cases.pay(filed);
    expect(await cases.received(filed, 'payment-confirmed')).toHaveLength(1);
  }, 60_000);

  it('D reminders: an outage loses none and sends none twice', async () => {
    office.clock.set(on('2026-05-06'));
    const filed = await cases.awaitingPayment({ name: '成都断线医药有限公司' });
    office.clock.set(on('2026-05-10'));
    await office.fault('sms', 'lost-answer', { count: 1 });
    await run();
    await run();
    await office.clearFaults('sms');
    expect(await received(filed.phone, 'order-reminder')).toHaveLength(1);
  }, 60_000);

  it('D reminders: what was returned for correction after 7 days, once, and not after it was corrected', async () => {
    office.clock.set(on('2026-08-03'));
    const [left, corrected] = [await cases.file({ name: '成都待补正医药有限公司' }), await cases.file({ name: '成都已补正医药有限公司' })];
    for (const filed of [left, corrected]) {
      const reviewer = await cases.claim(filed);
      const returned = { outcome: 'returned', reasons: [{ field: 'materials/licence', code: 'unreadable' }] };
      await reviewer.post(`/api/v1/reviews/${filed.id}/decision`, returned, reviewer.key());
      await cases.reach(filed, 'correction');
    }
    office.clock.set(on('2026-08-09'));
    await run();
    expect(await received(left.phone, 'correction-reminder')).toEqual([]);

    await logIn(corrected.agent, office.sandbox, corrected.phone);
    await corrected.agent.upload(`/api/v1/applications/${corrected.id}/materials/licence?fileName=licence.png`, scannedPicture('licence'));
    await corrected.agent.post(`/api/v1/applications/${corrected.id}/correction/submission`);
    await cases.reach(corrected, 'review');
    office.clock.set(on('2026-08-10', '08:15:00+08:00'));
    await run();
    await run();
    office.clock.set(on('2026-08-17'));
    await run();
    const [reminder, ...more] = await received(left.phone, 'correction-reminder');
    expect(reminder?.text).toContain(`申请 ${left.number} 仍待补正`);
    expect(more).toEqual([]);
    expect(await received(corrected.phone, 'correction-reminder')).toEqual([]);
  }, 60_000);

  it('D reminders: a certificate that ends, once a threshold', async () => {
    office.clock.set(new Date());
    const now = office.clock.now();
    const phone = '17100019911';
    const anybody: Person = office.person();
    const end = new Date(Math.floor((now.getTime() + 20 * DAY_MS) / 1000) * 1000);
    await anybody.post('/api/v1/demo/holders', { form: demoForm({ name: '成都将期医药有限公司' }, phone), notAfter: end.toISOString() });
    const noon = (days: number) => on(new Date(now.getTime() + 8 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10));
    office.clock.set(noon(1));
    await run();
    await run();
    const soon = await received(phone, 'expiry-soon');
    expect(soon).toHaveLength(1);
    expect(soon[0]?.text).toContain('还有 19 天');
    office.clock.set(noon(21));
    await run();
    expect(await received(phone, 'expiry-passed')).toHaveLength(1);
  }, 60_000);

  it('D reminders: a draft is announced after 25 days and deleted after 30; touched, it stays', async () => {
    office.clock.set(on('2026-06-01'));
    const phone = '17100019922';
    const person = office.person();
    await logIn(person, office.sandbox, phone);
    const draft = () => person.post<{ id: string }>('/api/v1/drafts', { business: 'new', system: 'sichuan-medicine-procurement' });
    const [left, touched] = [await draft(), await draft()];
    office.clock.set(on('2026-06-26'));
    await run();
    expect(await received(phone, 'draft-reminder')).toHaveLength(2);
    await logIn(person, office.sandbox, phone);
    await person.patch(`/api/v1/drafts/${touched.id}`, { form: { remarks: '仍要' } });
    office.clock.set(on('2026-07-01'));
    expect((await run()).deleted).toBe(1);
    expect(await office.data.manager.existsBy(Draft, { id: left.id })).toBe(false);
    expect(await office.data.manager.existsBy(Draft, { id: touched.id })).toBe(true);
  }, 60_000);
});
