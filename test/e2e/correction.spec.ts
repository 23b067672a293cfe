/** A return: only what was returned may be changed, all of it must be, and the case goes on from there; any number of rounds. */
import { jest } from '@jest/globals';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import {
  actionsOf,
  applicant,
  claim,
  decide,
  freshPhone,
  identityCard,
  inReview,
  licence,
  onePagePdf,
  reach,
  readCase,
  times,
  type Decision,
  type Submitted,
} from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

interface CorrectionView {
  round: number;
  reasons: { field: string; code: string; note?: string }[];
  editable: string[];
  form: Record<string, unknown>;
  until: string | null;
}

const stageRefuses = { status: 409, code: 'STAGE_REFUSES' };

jest.setTimeout(60_000);

describe('correction', () => {
  let office: Office;
  let reviewer: Person;
  beforeAll(async () => {
    office = await openOffice();
    reviewer = await office.staff('reviewer');
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  async function giveBack({ id, person }: Submitted, reasons: NonNullable<Decision['reasons']>) {
    await claim(reviewer, id);
    const before = times(await actionsOf(office, id), 'sms.sent');
    expect((await decide(reviewer, id, { outcome: 'returned', reasons })).status).toBe(204);
    await reach(office, person, id, 'correction');
    // The message is the last thing a return does: after it the case only waits.
    await office.until(async () => (times(await actionsOf(office, id), 'sms.sent') > before ? true : null), 'the message');
  }
  async function returned(...reasons: NonNullable<Decision['reasons']>): Promise<Submitted> {
    const application = await inReview(office);
    await giveBack(application, reasons);
    return application;
  }
  const nameAndLicence = [
    { field: 'organisation/certificateName', code: 'mismatch', note: '与执照不一致' },
    { field: 'materials/licence', code: 'unreadable' },
  ];
  const path = (id: string) => `/api/v1/applications/${id}/correction`;
  const view = ({ person, id }: Submitted) => person.get<CorrectionView>(path(id));
  const edit = ({ person, id }: Submitted, form: unknown) => person.attempt('PATCH', path(id), { json: { form } });
  const upload = ({ person, id }: Submitted, material: string, file: Uint8Array, name: string) =>
    person.attempt('PUT', `/api/v1/applications/${id}/materials/${material}?fileName=${name}`, { file });
  const send = ({ person, id }: Submitted) => person.attempt('POST', `${path(id)}/submission`, { json: {} });

  it('tells the agent what was returned and why, and what may be changed', async () => {
    const application = await returned(...nameAndLicence);
    const { reasons, editable, round, form } = await view(application);
    expect({ reasons, round, form }).toEqual({ reasons: nameAndLicence, round: 1, form: {} });
    // A name that was wrong stands on the stamped form too.
    expect([...editable].sort()).toEqual(['materials/application-form', 'materials/licence', 'organisation/certificateName']);
    const messages = (await office.sandbox.messages(application.phone)) as { text: string }[];
    expect(messages[0]?.text).toMatch(/需补正 2 项/);
  });

  it('a field that was not returned cannot be changed, and the right one beside it is not taken either', async () => {
    const application = await returned(...nameAndLicence);
    const change = { organisation: { certificateName: '成都正名医药有限公司', uscc: '91350100M000100Y43' }, remarks: '改' };
    const fields = { 'organisation/uscc': 'FIELD_NOT_RETURNED', remarks: 'FIELD_NOT_RETURNED' };
    await expectUntouched(office, () => edit(application, change), invalid(fields));
    expect((await view(application)).form).toEqual({});
  });

  it('a file that was not returned cannot be replaced', async () => {
    const application = await returned(...nameAndLicence);
    const attempt = () => upload(application, 'agent-id', identityCard, 'a.png');
    await expectUntouched(office, attempt, invalid({ 'materials/agent-id': 'FIELD_NOT_RETURNED' }));
    await expectUntouched(office, () => upload(application, 'passport', identityCard, 'a.png'), notFound);
  });

  it('what comes in is checked as in a draft', async () => {
    const application = await returned(...nameAndLicence);
    const name = (certificateName: unknown) => ({ organisation: { certificateName } });
    const field = 'organisation/certificateName';
    for (const [value, code] of [
      ['成都\u0000医药', 'TEXT_CONTROL_CHARACTER'],
      ['成都\ud842医药', 'TEXT_LONE_SURROGATE'],
      ['医'.repeat(60), 'SEAL_NAME_TOO_LONG'],
      ['成都𠮷医药有限公司', 'SEAL_GLYPH_MISSING'],
      ['', 'FIELD_REQUIRED'],
      [7, 'FIELD_TYPE'],
    ] as const)
      await expectUntouched(office, () => edit(application, name(value)), invalid({ [field]: code }));
    await expectUntouched(office, () => edit(application, { colour: 'red' }), invalid({ colour: 'FIELD_UNKNOWN' }));
    await expectUntouched(
      office,
      () => upload(application, 'licence', licence, 'a.pdf'),
      invalid({ 'materials/licence': 'FILE_CONTENT_MISMATCH' }),
    );
    await expectUntouched(
      office,
      () => upload(application, 'licence', Buffer.alloc(0), 'a.png'),
      invalid({ 'materials/licence': 'FILE_EMPTY' }),
    );
  });

  it('sent before everything returned was corrected, it is refused, naming what is open; what was corrected stays', async () => {
    const application = await returned(...nameAndLicence);
    const both = { 'organisation/certificateName': 'CORRECTION_INCOMPLETE', 'materials/licence': 'CORRECTION_INCOMPLETE' };
    await expectUntouched(office, () => send(application), invalid(both));
    await edit(application, { organisation: { certificateName: '成都正名医药有限公司' } });
    await expectUntouched(office, () => send(application), invalid({ 'materials/licence': 'CORRECTION_INCOMPLETE' }));
    expect((await view(application)).form).toEqual({ organisation: { certificateName: '成都正名医药有限公司' } });
    expect((await readCase(application.person, application.id)).certificateName).toBe('成都甲乙丙医药有限公司');
  });

  it('goes through rounds: returned, corrected, returned again, corrected, approved; the order is made out to the corrected name', async () => {
    const application = await returned(...nameAndLicence);
    const { id, person } = application;
    expect((await edit(application, { organisation: { certificateName: '成都正名医药有限公司' } })).status).toBe(200);
    expect((await upload(application, 'licence', licence, 'b.png')).status).toBe(200);
    expect((await upload(application, 'application-form', await onePagePdf(), 'b.pdf')).status).toBe(200);
    expect((await send(application)).status).toBe(202);
    await reach(office, person, id, 'review');
    expect((await readCase(person, id)).certificateName).toBe('成都正名医药有限公司');

    await giveBack(application, [{ field: 'materials/agent-id', code: 'stamp-missing' }]);
    expect(await view(application)).toMatchObject({ round: 2, editable: ['materials/agent-id'], form: {} });
    // The round before does not open its fields again.
    const name = { organisation: { certificateName: '成都又名医药有限公司' } };
    await expectUntouched(office, () => edit(application, name), invalid({ 'organisation/certificateName': 'FIELD_NOT_RETURNED' }));
    await expectUntouched(office, () => send(application), invalid({ 'materials/agent-id': 'CORRECTION_INCOMPLETE' }));
    expect((await upload(application, 'agent-id', identityCard, 'c.png')).status).toBe(200);
    expect((await send(application)).status).toBe(202);
    await reach(office, person, id, 'review');

    await claim(reviewer, id);
    expect((await decide(reviewer, id, { outcome: 'approved' })).status).toBe(204);
    await reach(office, person, id, 'payment');
    expect((await person.get<{ payerName: string }>(`/api/v1/applications/${id}/order`)).payerName).toBe('成都正名医药有限公司');
    expect((await actionsOf(office, id)).filter((action) => /^(review|correction)\.(?!claimed)/.test(action))).toEqual([
      'review.opened',
      'review.returned',
      'correction.opened',
      'correction.submitted',
      'review.opened',
      'review.returned',
      'correction.opened',
      'correction.submitted',
      'review.opened',
      'review.approved',
    ]);
  });

  it('sent five times at once it is applied once', async () => {
    const application = await returned({ field: 'materials/licence', code: 'unreadable' });
    await upload(application, 'licence', licence, 'b.png');
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(application)));
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(0);
    for (const answer of answers.filter(({ status }) => status !== 202)) expectRefusal(answer, stageRefuses);
    await reach(office, application.person, application.id, 'review');
    expect(times(await actionsOf(office, application.id), 'correction.submitted')).toBe(1);
  });

  it('once sent, nothing can be changed any more', async () => {
    const application = await returned({ field: 'materials/licence', code: 'unreadable' });
    await upload(application, 'licence', licence, 'b.png');
    expect((await send(application)).status).toBe(202);
    await reach(office, application.person, application.id, 'review');
    await expectUntouched(office, () => upload(application, 'licence', licence, 'c.png'), stageRefuses);
    await expectUntouched(office, () => edit(application, {}), stageRefuses);
    await expectUntouched(office, () => send(application), stageRefuses);
  });

  it('a file of the first submission does not count as a correction', async () => {
    const application = await returned({ field: 'materials/agent-id', code: 'outdated' });
    await expectUntouched(office, () => send(application), invalid({ 'materials/agent-id': 'CORRECTION_INCOMPLETE' }));
  });

  it('a returned case cannot be decided, and strangers find no correction', async () => {
    const application = await returned(...nameAndLicence);
    await expectUntouched(office, () => decide(reviewer, application.id, { outcome: 'approved' }), stageRefuses);
    const stranger = { ...application, ...(await applicant(office)) };
    await expectUntouched(office, () => stranger.person.attempt('GET', path(application.id)), notFound);
    await expectUntouched(office, () => edit(stranger, { organisation: {} }), notFound);
    await expectUntouched(office, () => upload(stranger, 'licence', licence, 'a.png'), notFound);
    await expectUntouched(office, () => send(stranger), notFound);
  });

  it('corrected to an organisation that has an open application, it is asked to confirm an additional certificate', async () => {
    const other = await inReview(office);
    const { number, form } = await other.person.get<{ number: string; form: { organisation: { uscc: string } } }>(
      `/api/v1/applications/${other.id}`,
    );
    const application = await returned({ field: 'organisation/uscc', code: 'mismatch' });
    expect((await edit(application, { organisation: { uscc: form.organisation.uscc } })).status).toBe(200);
    const problem = await expectUntouched(office, () => send(application), { status: 409, code: 'APPLICATION_OPEN' });
    expect(problem.titleEn).toContain(number);
    const confirmed = await application.person.attempt('POST', `${path(application.id)}/submission`, { json: { additional: true } });
    expect(confirmed.status).toBe(202);
    await reach(office, application.person, application.id, 'review');
  });

  it('a corrected phone of the agent is proven like the first one', async () => {
    const application = await returned({ field: 'agent/phone', code: 'mismatch' });
    const next = freshPhone();
    expect((await edit(application, { agent: { phone: next } })).status).toBe(200);
    expect((await send(application)).status).toBe(202);
    const code = await office.sandbox.codeFor(next, '验证码 (\\d{6})');
    const { id, person } = application;
    expect((await readCase(person, id)).stage.code).toBe('phone-verification');
    expect((await person.attempt('POST', `/api/v1/applications/${id}/phone-verification`, { json: { code } })).status).toBe(204);
    await reach(office, person, id, 'review');
  });
});
