/** Submission, once. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { openOffice, type Office } from '../world/office.js';
import {
  actionsOf,
  applicant,
  licence,
  openDraft,
  readDraft,
  readyDraft,
  rightForm,
  submit,
  submitted,
  times,
  type Applicant,
} from './applicants.js';
import { countOf, expectRefusal, expectUntouched, invalid, notFound, type Answer } from './refusal.js';

interface Receipt {
  id: string;
  number: string;
}
const receipt = ({ body }: Answer) => body as Receipt;
const keyMissing = { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' };
const alreadySubmitted = { status: 409, code: 'DRAFT_SUBMITTED' };

jest.setTimeout(60_000);

describe('submission', () => {
  let office: Office;
  beforeAll(async () => {
    // Cases begin, and wait: nothing but the submissions moves a row.
    office = await openOffice({ workers: false });
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const applicationsOf = async (draftId: string) =>
    (await office.data.query('SELECT id, number FROM application WHERE draft_id = $1', [draftId])) as Receipt[];

  it('is told as submitted until the case has begun: its first stage is not open yet', async () => {
    const { person, id } = await submitted(office);
    const told = {
      stage: { code: 'submitted', zh: '已提交，等待系统受理', en: 'Submitted, to be taken up by the system' },
      waitingFor: { code: 'system' },
      until: null,
    };
    expect(await person.get(`/api/v1/applications/${id}`)).toMatchObject(told);
    expect(await person.get('/api/v1/applications')).toMatchObject([told]);
  });

  describe('what is lacking', () => {
    it('an empty draft: everything that is missing is named at once', async () => {
      const me = await applicant(office);
      const draftId = await openDraft(me);
      const missing = {
        'organisation/certificateName': 'FIELD_REQUIRED',
        'organisation/uscc': 'FIELD_REQUIRED',
        'organisation/province': 'FIELD_REQUIRED',
        'organisation/city': 'FIELD_REQUIRED',
        'agent/name': 'FIELD_REQUIRED',
        'agent/identityNumber': 'FIELD_REQUIRED',
        'agent/phone': 'FIELD_REQUIRED',
        'delivery/recipient': 'FIELD_REQUIRED',
        'delivery/phone': 'FIELD_REQUIRED',
        'delivery/address': 'FIELD_REQUIRED',
        'roleAccount/kind': 'FIELD_REQUIRED',
        'roleAccount/account': 'FIELD_REQUIRED',
        'certificates/count': 'FIELD_REQUIRED',
        'certificates/years': 'FIELD_REQUIRED',
        'materials/application-form': 'MATERIAL_MISSING',
        'materials/licence': 'MATERIAL_MISSING',
        'materials/agent-id': 'MATERIAL_MISSING',
        'consents/subscriber-agreement': 'CONSENT_MISSING',
        'consents/personal-data': 'CONSENT_MISSING',
      };
      await expectUntouched(office, () => submit(me, draftId), invalid(missing));
      const view = await readDraft(me, draftId);
      expect(Object.fromEntries(view.missing.map(({ field, code }) => [field, code]))).toEqual(missing);
    });

    it('one paper and one consent: just these are named', async () => {
      const me = await applicant(office);
      const draftId = await openDraft(me);
      await me.person.patch(`/api/v1/drafts/${draftId}`, { form: rightForm(me) });
      await me.person.put(`/api/v1/drafts/${draftId}/consents/personal-data`, { version: '2026-01' });
      for (const material of ['licence', 'agent-id'])
        await me.person.upload(`/api/v1/drafts/${draftId}/materials/${material}?fileName=a.png`, licence);
      const missing = { 'materials/application-form': 'MATERIAL_MISSING', 'consents/subscriber-agreement': 'CONSENT_MISSING' };
      await expectUntouched(office, () => submit(me, draftId), invalid(missing));
    });
  });

  describe('idempotency key', () => {
    it.each([null, '', 'short', 'x'.repeat(65), 'with space 123', 'ünïcode-key', 'semi;colon1'])(
      '%j is none: refused, and nothing is submitted',
      async (key) => {
        const me = await applicant(office);
        const { draftId } = await readyDraft(me);
        const header = key === null ? null : Buffer.from(key, 'utf8').toString('latin1');
        await expectUntouched(office, () => submit(me, draftId, header), keyMissing);
      },
    );

    it('the same submission twice gets the same answer and is one application', async () => {
      const me = await applicant(office);
      const { draftId } = await readyDraft(me);
      const key = randomUUID();
      const [first, again] = [await submit(me, draftId, key), await submit(me, draftId, key)];
      expect([first.status, again.status]).toEqual([202, 202]);
      expect(receipt(again)).toEqual(receipt(first));
      expect(await applicationsOf(draftId)).toEqual([receipt(first)]);
      expect(times(await actionsOf(office, receipt(first).id), 'application.submitted')).toBe(1);
    });

    it('ten submissions at once with one key get one answer and are one application', async () => {
      const me = await applicant(office);
      const { draftId } = await readyDraft(me);
      const key = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => submit(me, draftId, key)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map((each) => receipt(each).id)).size).toBe(1);
      expect(await applicationsOf(draftId)).toHaveLength(1);
    });

    it('of ten submissions at once, each with a key of its own, one is taken', async () => {
      const me = await applicant(office);
      const { draftId } = await readyDraft(me);
      const answers = await Promise.all(Array.from({ length: 10 }, () => submit(me, draftId)));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 202)) expectRefusal(answer, alreadySubmitted);
      expect(await applicationsOf(draftId)).toHaveLength(1);
    });

    it('used for one draft, it is refused for another', async () => {
      const me = await applicant(office);
      const [one, other] = [await readyDraft(me), await readyDraft(me)];
      const key = randomUUID();
      expect((await submit(me, one.draftId, key)).status).toBe(202);
      await expectUntouched(office, () => submit(me, other.draftId, key), { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('two people may use the same key', async () => {
      const key = randomUUID();
      for (const me of [await applicant(office), await applicant(office)])
        expect((await submit(me, (await readyDraft(me)).draftId, key)).status).toBe(202);
    });
  });

  describe('while one is open', () => {
    it('another submission for the organisation is asked to confirm an additional certificate', async () => {
      const me = await applicant(office);
      const first = await readyDraft(me);
      const { number } = receipt(await submit(me, first.draftId));
      const colleague = await applicant(office);
      const second = await readyDraft(colleague, { ...rightForm(colleague), organisation: first.form.organisation });
      const problem = await expectUntouched(office, () => submit(colleague, second.draftId), { status: 409, code: 'APPLICATION_OPEN' });
      expect(problem.title).toBe(`该单位已有一件在办的新办申请 ${number}。`);
      await expectUntouched(office, () => submit(colleague, second.draftId, randomUUID(), { additional: false }), {
        status: 409,
        code: 'APPLICATION_OPEN',
      });
      expect((await submit(colleague, second.draftId, randomUUID(), { additional: true })).status).toBe(202);
    });

    it('of two first submissions for one organisation at once, one is taken and the other asked', async () => {
      const [one, other] = [await applicant(office), await applicant(office)];
      const first = await readyDraft(one);
      const second = await readyDraft(other, { ...rightForm(other), organisation: first.form.organisation });
      const answers = await Promise.all([submit(one, first.draftId), submit(other, second.draftId)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    });

    it.each([
      [{ additional: 'yes' }, { additional: 'FIELD_TYPE' }],
      [{ confirm: true }, { confirm: 'FIELD_UNKNOWN' }],
      [[], { '': 'FIELD_TYPE' }],
    ])('%j confirms nothing: refused', async (json, fields) => {
      const me = await applicant(office);
      const { draftId } = await readyDraft(me);
      await expectUntouched(office, () => submit(me, draftId, randomUUID(), json), invalid(fields));
    });
  });

  it('the submitted draft takes no edit, no file and no consent any more', async () => {
    const me = await applicant(office);
    const { draftId } = await readyDraft(me);
    await submit(me, draftId);
    const draft = `/api/v1/drafts/${draftId}`;
    const edit = () => me.person.attempt('PATCH', draft, { json: { form: { remarks: '改' } } });
    const upload = () => me.person.attempt('PUT', `${draft}/materials/licence?fileName=a.png`, { file: licence });
    const consent = () => me.person.attempt('PUT', `${draft}/consents/personal-data`, { json: { version: '2026-01' } });
    for (const attempt of [edit, upload, consent, () => submit(me, draftId)]) await expectUntouched(office, attempt, alreadySubmitted);
  });

  it('numbers have no gap, whatever was refused or tried at once in between', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => applicant(office)));
    const drafts: { me: Applicant; draftId: string }[] = [];
    for (const me of people) drafts.push({ me, draftId: (await readyDraft(me)).draftId });
    const empty = await openDraft(people[0] as Applicant);
    await Promise.all([...drafts.map(({ me, draftId }) => submit(me, draftId)), submit(people[0] as Applicant, empty)]);
    const rows: { number: string }[] = await office.data.query('SELECT number FROM application ORDER BY number');
    const year = new Date(office.clock.now().getTime() + 8 * 3_600_000).getUTCFullYear();
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => `XB-${year}-${String(index + 1).padStart(6, '0')}`));
    expect(await countOf(office, 'application_counter')).toBe(1);
  });

  it('an application of others answers exactly like one that does not exist', async () => {
    const theirs = await submitted(office);
    const stranger = await applicant(office);
    const paths = ['', '/timeline', '/order', '/correction', '/certificates/1/signing.pem', '/seals/1/seal.png'];
    for (const path of paths) {
      const answerFor = async (id: string) => {
        const problem = expectRefusal(await stranger.person.attempt('GET', `/api/v1/applications/${id}${path}`), notFound);
        return { ...problem, requestId: '', instance: '' };
      };
      expect(await answerFor(theirs.id)).toEqual(await answerFor(randomUUID()));
      expect(await answerFor('1')).toEqual(await answerFor(randomUUID()));
    }
    expect(await stranger.person.get('/api/v1/applications')).toEqual([]);
  });
});
