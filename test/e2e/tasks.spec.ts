/** Tasks for people: phones that no SMS reached. One person at a time, who alone learns the phone, and says what became of it. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { smsTemplates, type SmsTemplate } from '#domain';
import { AuditEntry, recordTaken, SmsMessage, StaffTask } from '#persistence';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { expectRefusal, invalid, notFound } from './refusal.js';

jest.setTimeout(60_000);

const PHONE = '17200000777';

/** What is kept of a message: everything that its text says but a code and a link. */
const keptOf = (template: SmsTemplate): Record<string, string> =>
  Object.fromEntries(
    [...smsTemplates[template].matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) => (['code', 'link'].includes(name) ? [] : [[name, '七']])),
  );

interface TaskView {
  id: string;
  phone: string;
  why: { code: string; zh: string };
  claimedBy: string | null;
  note: { code: string; zh: string } | null;
}

describe('tasks', () => {
  let office: Office;
  let anna: Person;
  let ben: Person;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    await office.addStaff('second-at-the-phone', ['customer-service'], '19000000093');
    [anna, ben] = [await office.staff('customer-service'), await office.staff('second-at-the-phone')];
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const REMINDER = { business: '证书新办', day: '2026-03-30', number: 'ab12cd34' };
  async function opened(template: SmsTemplate = 'draft-reminder', values: Record<string, string> = REMINDER) {
    const [id, messageId] = [randomUUID(), randomUUID()];
    const message = { id: messageId, onceKey: `of-the-spec/${messageId}`, applicationId: null, template, values, phone: PHONE };
    const at = office.clock.now();
    await office.data.transaction((tx) => recordTaken(tx, message, { provider: 'sms', providerId: messageId, at }));
    await office.data.manager.update(SmsMessage, { id: messageId }, { state: 'undelivered' });
    const subject = `message/${messageId}`;
    const nobody = { applicationId: null, claimedBy: null, claimUntil: null, doneAt: null, doneBy: null, note: null };
    await office.data.manager.insert(StaffTask, { ...nobody, id, kind: 'message-undelivered', subject, why: 'phone-off', openedAt: at });
    return { id, subject };
  }
  const claim = (person: Person, id: string) => person.attempt('POST', `/api/v1/tasks/${id}/claim`, { json: {} });
  const done = (person: Person, id: string, note: string) => person.attempt('POST', `/api/v1/tasks/${id}/done`, { json: { note } });
  const listed = async (id: string, state = 'open') =>
    (await anna.get<TaskView[]>(`/api/v1/tasks?state=${state}`)).find((each) => each.id === id) ?? null;
  const open = async () =>
    Number(/xinyin_tasks_open\{kind="message-undelivered"\} (\d+)/.exec(await (await fetch(`${office.api}/metrics`)).text())?.[1] ?? NaN);

  it('is listed with its reason and without the whole phone; who takes it learns whom to call, and what about', async () => {
    const { id } = await opened();
    expect(await listed(id)).toMatchObject({ phone: '172****0777', why: { code: 'phone-off', zh: '关机或不在服务区' }, claimedBy: null });
    const { status, body } = await claim(anna, id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ phone: PHONE, text: expect.stringContaining('草稿（证书新办）25 天未修改') as string });
    expect((await listed(id))?.claimedBy).not.toBeNull();
  });

  it('is one person’s at a time, for half an hour', async () => {
    const { id } = await opened();
    const both = await Promise.all([claim(anna, id), claim(ben, id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [holder, other] = both[0].status === 200 ? [anna, ben] : [ben, anna];
    expectRefusal(await claim(other, id), { status: 409, code: 'CLAIM_HELD' });
    expectRefusal(await done(other, id, 'called'), { status: 409, code: 'CLAIM_REQUIRED' });
    expect((await claim(holder, id)).status).toBe(200);
    office.clock.forward(31 * 60_000);
    expect((await claim(other, id)).status).toBe(200);
    expectRefusal(await done(holder, id, 'called'), { status: 409, code: 'CLAIM_REQUIRED' });
  });

  it('is done once, with what the person did; told again it is the same, and it stands in the audit', async () => {
    const { id, subject } = await opened();
    const before = await open();
    await claim(anna, id);
    expect((await done(anna, id, 'wrong-number')).status).toBe(204);
    expect((await done(anna, id, 'wrong-number')).status).toBe(204);
    expectRefusal(await done(anna, id, 'called'), { status: 409, code: 'ALREADY_DECIDED' });
    expectRefusal(await claim(ben, id), { status: 409, code: 'ALREADY_DECIDED' });
    expect(await listed(id)).toBeNull();
    expect(await listed(id, 'done')).toMatchObject({ note: { code: 'wrong-number', zh: '号码有误' } });
    expect(await open()).toBe(before - 1);
    const entries = await office.data.manager.find(AuditEntry, { where: { subject }, order: { seq: 'ASC' } });
    expect(entries.map(({ action, actorKind, details }) => [action, actorKind, details['code']])).toEqual([
      ['task.claimed', 'staff', undefined],
      ['task.done', 'staff', 'wrong-number'],
    ]);
  });

  it.each(['login-code', 'agent-code', 'agent-change-code', 'unlock-code'] as const)(
    'about %s: nobody of the office is told the code',
    async (template) => {
      const { id } = await opened(template, keptOf(template));
      expect((await claim(anna, id)).body).toMatchObject({ phone: PHONE, text: null });
    },
  );

  it.each((Object.keys(smsTemplates) as SmsTemplate[]).filter((template) => !template.endsWith('-code')))(
    'about %s: can be taken, and tells what to say, without a link',
    async (template) => {
      const { id } = await opened(template, keptOf(template));
      const { status, body } = await claim(anna, id);
      expect(status).toBe(200);
      expect(body).toMatchObject({ phone: PHONE, text: expect.stringMatching(/^【信印】[^{}]+$/) as string });
      expect(JSON.stringify(body)).not.toContain('http');
    },
  );

  it('is not done before it was taken, nor with a note that only the system writes, and only if it exists', async () => {
    const { id } = await opened();
    expectRefusal(await done(anna, id, 'called'), { status: 409, code: 'CLAIM_REQUIRED' });
    await claim(anna, id);
    expectRefusal(await done(anna, id, 'arrived'), invalid({ note: 'FIELD_CHOICE' }));
    expectRefusal(await claim(anna, randomUUID()), notFound);
    expectRefusal(await claim(anna, 'none'), notFound);
    expectRefusal(await anna.attempt('GET', '/api/v1/tasks?state=all'), invalid({ state: 'FIELD_CHOICE' }));
  });
});
