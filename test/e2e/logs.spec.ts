/** What the API's own process says while people use it, rightly and wrongly: nothing about them, and no secret. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { startApi } from '../world/own-process.js';
import { fillDraft, freshPhone, openDraft, rightForm, submit } from './applicants.js';
import { expectRefusal } from './refusal.js';

jest.setTimeout(60_000);

describe('log of the API', () => {
  let office: Office;
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    office = await openOffice();
    api = await startApi(office.environment);
  }, 120_000);
  afterAll(async () => {
    await api.kill();
    await office.close();
  }, 60_000);

  it('holds no phone, code, name, number, password, cookie or secret, also where something unexpected fails', async () => {
    const [phone, agentPhone] = [freshPhone(), freshPhone()];
    const address = '203.0.113.77';
    const person = new Person(api.url, address);
    const me = { person, phone };
    const form = rightForm(me, agentPhone);
    const note = '机密备注七七七';

    await person.post('/api/v1/login/codes', { phone });
    const code = await office.sandbox.codeFor(phone, '登录验证码 (\\d{6})');
    const wrongCode = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    await person.attempt('POST', '/api/v1/login', { json: { phone, code: wrongCode } });
    const login = await person.attempt('POST', '/api/v1/login', { json: { phone, code } });
    const token = /xinyin_session=([\w-]+)/.exec(login.headers.getSetCookie()[0] ?? '')?.[1] ?? 'no token';
    const draftId = await openDraft(me);
    await fillDraft(me, { ...form, remarks: note }, draftId);
    await person.attempt('PATCH', `/api/v1/drafts/${draftId}`, { json: { form: { organisation: { certificateName: '成都\u0000' } } } });
    const { id } = (await submit(me, draftId)).body as { id: string };
    const agentCode = await office.sandbox.codeFor(agentPhone, '验证码 (\\d{6})');
    await person.attempt('POST', `/api/v1/applications/${id}/phone-verification`, { json: { code: agentCode } });

    const staff = new Person(api.url, address);
    const { password } = office.accounts.find(({ username }) => username === 'reviewer') ?? { password: 'none' };
    await staff.attempt('POST', '/api/v1/login/staff', { json: { username: 'reviewer', password: `${password}x` } });
    await staff.post('/api/v1/login/staff', { username: 'reviewer', password });
    await office.until(
      async () => ((await staff.attempt('POST', `/api/v1/reviews/${id}/claim`)).status === 200 ? true : null),
      'the claim',
    );
    const decision = { outcome: 'returned', reasons: [{ field: 'materials/licence', code: 'other', note }] };
    await staff.post(`/api/v1/reviews/${id}/decision`, decision, randomUUID());

    // A column that is gone: the database's own words quote the row that could not be written.
    await office.data.query('ALTER TABLE draft RENAME COLUMN form TO form_gone');
    try {
      const failed = await person.attempt('POST', '/api/v1/drafts', { json: { business: 'new', system: 'sichuan-medicine-procurement' } });
      const { requestId } = expectRefusal(failed, { status: 500, code: 'INTERNAL' });
      expect(JSON.stringify(failed.body)).not.toMatch(/column|select|insert|typeorm|\.ts|\.js/i);
      await office.until(() => Promise.resolve(api.said().includes(requestId) ? true : null), 'the log line of the failure');
    } finally {
      await office.data.query('ALTER TABLE draft RENAME COLUMN form_gone TO form');
    }

    const said = api.said();
    expect(said).toContain('correction submitted'.slice(0, 0) + 'review decided');
    expect(said).toContain(id);
    const { secrets, codeKey } = office.settings;
    const never = {
      phone,
      agentPhone,
      address,
      code,
      wrongCode,
      agentCode,
      token,
      password,
      note,
      name: form.organisation.certificateName,
      uscc: form.organisation.uscc,
      agent: form.agent.name,
      identityNumber: form.agent.identityNumber,
      delivery: form.delivery.address,
      objectKey: secrets.objectKey,
      sessionSecret: secrets.sessionSecret,
      smsSecret: secrets.sms.secret,
      bankPushSecret: secrets.bankPush.secret,
      codeKey: codeKey.toString('hex'),
    };
    for (const [what, value] of Object.entries(never)) expect([what, said.includes(value)]).toEqual([what, false]);
  });
});
