/** A login code has a person waiting: the second operator is asked in the same breath. */
import { openOffice, type Office } from '../world/office.js';
import { freshPhone } from './applicants.js';
import { countOf, expectRefusal } from './refusal.js';

describe('a login code when an operator is away', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
  }, 120_000);
  afterAll(async () => office.close(), 60_000);
  afterEach(async () => {
    await office.clearFaults('sms');
    await office.clearFaults('sms2');
  });

  const ask = (phone: string) => office.person().attempt('POST', '/api/v1/login/codes', { json: { phone } });
  const texts = async (operator: string, phone: string) => {
    const shown = (await (await fetch(`${office.sandbox.base}/${operator}/messages?phone=${phone}`)).json()) as { text: string }[];
    return shown.map(({ text }) => text);
  };

  it('the second sends it within the same request, and it works', async () => {
    await office.fault('sms', 'error');
    const phone = freshPhone();
    expect((await ask(phone)).status).toBe(202);
    const [text = '', ...more] = await texts('sms2', phone);
    expect([await texts('sms', phone), more]).toEqual([[], []]);
    const code = /验证码 (\d{6})/.exec(text)?.[1];
    expect((await office.person().attempt('POST', '/api/v1/login', { json: { phone, code } })).status).toBe(200);
  });

  it('one that works is asked alone', async () => {
    const phone = freshPhone();
    expect((await ask(phone)).status).toBe(202);
    expect([(await texts('sms', phone)).length, (await texts('sms2', phone)).length]).toEqual([1, 0]);
  });

  it('when neither takes it, the person is told, and nobody else has to do anything', async () => {
    await office.fault('sms', 'error');
    await office.fault('sms2', 'error');
    expectRefusal(await ask(freshPhone()), { status: 503, code: 'GATEWAY_UNAVAILABLE' });
    expect([await countOf(office, 'staff_task'), await countOf(office, 'sms_message')]).toEqual([0, 0]);
  });
});
