/** The proof of the agent's phone, which is the first stage of a case. */
import { jest } from '@jest/globals';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { openOffice, type Office } from '../world/office.js';
import {
  actionsOf,
  applicant,
  freshPhone,
  reach,
  readCase,
  readyDraft,
  rightForm,
  submit,
  submitted,
  times,
  type Applicant,
} from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound, type Answer } from './refusal.js';

interface Receipt {
  id: string;
  number: string;
}
const receipt = ({ body }: Answer) => body as Receipt;

jest.setTimeout(60_000);

describe('phone of the agent', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const codeOf = (phone: string) => office.sandbox.codeFor(phone, '验证码 (\\d{6})');
  const messagesTo = async (phone: string) => (await office.sandbox.messages(phone)).length;
  const prove = ({ person }: Applicant, id: string, code: unknown) =>
    person.attempt('POST', `/api/v1/applications/${id}/phone-verification`, { json: { code } });
  const resend = ({ person }: Applicant, id: string) =>
    person.attempt('POST', `/api/v1/applications/${id}/phone-verification/code`, { json: {} });
  const otherThan = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0');
  const wrong = { status: 422, code: 'CODE_WRONG', fields: { code: 'CODE_WRONG' } };

  /** Submitted by somebody else than the agent. */
  async function forAgent() {
    const me = await applicant(office);
    const agentPhone = freshPhone();
    const { draftId } = await readyDraft(me, rightForm(me, agentPhone));
    const { id } = receipt(await submit(me, draftId));
    return { me, agentPhone, id, code: await codeOf(agentPhone) };
  }

  it('is proven by the session when the agent submits in person: no code is sent', async () => {
    const { person, phone, id } = await submitted(office);
    await reach(office, person, id, 'review');
    expect(await actionsOf(office, id)).toEqual(['application.submitted', 'phone.verified', 'review.opened']);
    expect(await messagesTo(phone)).toBe(1);
  });

  it('otherwise the case waits for the code sent to the agent; a wrong one is refused, a new one asked for, the right one lets it go on', async () => {
    const { me, agentPhone, id, code } = await forAgent();
    expect((await readCase(me.person, id)).waitingFor.code).toBe('agent');
    expectRefusal(await prove(me, id, otherThan(code)), wrong);
    expect((await readCase(me.person, id)).stage.code).toBe('phone-verification');
    expect((await resend(me, id)).status).toBe(202);
    const next = await office.until(async () => ((await messagesTo(agentPhone)) === 2 ? codeOf(agentPhone) : null), 'the second code');
    if (code !== next) expectRefusal(await prove(me, id, code), wrong);
    expect((await prove(me, id, next)).status).toBe(204);
    await reach(office, me.person, id, 'review');
    expect(times(await actionsOf(office, id), 'phone.verified')).toBe(1);
  });

  it.each(['12345', '1234567', 'abcdef', ''])('%j is no code: refused, naming the field, and no attempt is spent', async (code) => {
    const { me, id } = await forAgent();
    expectRefusal(await prove(me, id, code), invalid({ code: 'FIELD_FORMAT' }));
    const rows: { attempts: number }[] = await office.data.query('SELECT attempts FROM sms_code WHERE subject = $1', [`application/${id}`]);
    expect(rows).toEqual([{ attempts: 0 }]);
  });

  it('takes five guesses, twenty at once or not; then a new code is needed', async () => {
    const { me, agentPhone, id, code } = await forAgent();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => prove(me, id, otherThan(code, index + 1))));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(4);
    expectRefusal(await prove(me, id, code), { status: 429, code: 'CODE_EXHAUSTED' });
    expect((await resend(me, id)).status).toBe(202);
    const next = await office.until(async () => ((await messagesTo(agentPhone)) === 2 ? codeOf(agentPhone) : null), 'the second code');
    expect((await prove(me, id, next)).status).toBe(204);
  });

  it('one code a minute: asked again sooner, it is refused and no message is sent', async () => {
    const { me, agentPhone, id } = await forAgent();
    expect((await resend(me, id)).status).toBe(202);
    await office.until(async () => ((await messagesTo(agentPhone)) === 2 ? true : null), 'the second code');
    expectRefusal(await resend(me, id), { status: 429, code: 'CODE_TOO_SOON' });
    expect(await messagesTo(agentPhone)).toBe(2);
  });

  it('a login code of the agent does not prove the phone for the case', async () => {
    const { me, agentPhone, id, code } = await forAgent();
    const agent = office.person();
    await agent.post('/api/v1/login/codes', { phone: agentPhone });
    const login = await office.sandbox.codeFor(agentPhone, '登录验证码 (\\d{6})');
    if (login !== code) expectRefusal(await prove(me, id, login), wrong);
    expect((await readCase(me.person, id)).stage.code).toBe('phone-verification');
  });

  it('strangers find no case to prove a phone for', async () => {
    const { id, code } = await forAgent();
    const stranger = await applicant(office);
    await expectUntouched(office, () => prove(stranger, id, code), notFound);
    await expectUntouched(office, () => resend(stranger, id), notFound);
  });

  it('once proven, another code is refused: the stage is over', async () => {
    const { me, id, code } = await forAgent();
    expect((await prove(me, id, code)).status).toBe(204);
    await reach(office, me.person, id, 'review');
    await expectUntouched(office, () => prove(me, id, code), { status: 409, code: 'STAGE_REFUSES' });
    await expectUntouched(office, () => resend(me, id), { status: 409, code: 'STAGE_REFUSES' });
  });

  it('the code is good for a day; after it a new one is needed, and the case is still there', async () => {
    const { me, agentPhone, id, code } = await forAgent();
    office.clock.forward(86_400_000 + 60_000);
    await logIn(me.person, office.sandbox, me.phone);
    expectRefusal(await prove(me, id, code), { status: 422, code: 'CODE_EXPIRED' });
    expect((await resend(me, id)).status).toBe(202);
    const next = await office.until(async () => ((await messagesTo(agentPhone)) === 2 ? codeOf(agentPhone) : null), 'the second code');
    expect((await prove(me, id, next)).status).toBe(204);
    await reach(office, me.person, id, 'review');
  });
});
