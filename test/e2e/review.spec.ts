/** Review: who may decide, when, with what words, and only once. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import {
  actionsOf,
  applicant,
  claim,
  decide,
  freshPhone,
  inReview,
  reach,
  readCase,
  readyDraft,
  rightForm,
  submit,
  submitted,
  times,
} from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

const MINUTE = 60_000;
const approved = { outcome: 'approved' } as const;
const rejected = { outcome: 'rejected', reasons: [{ field: 'materials/licence', code: 'outdated' }] } as const;
const claimRequired = { status: 409, code: 'CLAIM_REQUIRED' };
const stageRefuses = { status: 409, code: 'STAGE_REFUSES' };
const fourEyes = { status: 403, code: 'FOUR_EYES' };

jest.setTimeout(60_000);

describe('review', () => {
  let office: Office;
  let reviewer: Person;
  let colleague: Person;
  beforeAll(async () => {
    office = await openOffice();
    reviewer = await office.staff('reviewer');
    await office.addStaff('colleague', ['reviewer'], '19100000001');
    colleague = await office.staff('colleague');
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const claimed = async () => {
    const application = await inReview(office);
    expect((await claim(reviewer, application.id)).status).toBe(200);
    return application;
  };
  const decisionsOn = async (id: string) =>
    (await office.data.query('SELECT outcome, applied_at IS NOT NULL AS applied FROM review_decision WHERE application_id = $1', [id])) as {
      outcome: string;
      applied: boolean;
    }[];
  const release = (person: Person, id: string) => person.attempt('DELETE', `/api/v1/reviews/${id}/claim`);

  describe('claims', () => {
    it('a case held by a colleague cannot be claimed, nor decided', async () => {
      const { id } = await claimed();
      await expectUntouched(office, () => claim(colleague, id), { status: 409, code: 'CLAIM_HELD' });
      await expectUntouched(office, () => decide(colleague, id, approved), claimRequired);
    });

    it('of two colleagues who claim at once, one gets it', async () => {
      const { id } = await inReview(office);
      const answers = await Promise.all([claim(reviewer, id), claim(colleague, id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it('without a claim nobody decides', async () => {
      const { id } = await inReview(office);
      const problem = await expectUntouched(office, () => decide(reviewer, id, approved), claimRequired);
      expect(problem.titleEn).toBe('Claim the case first; a claim lasts 30 minutes.');
    });

    it('a claim lasts thirty minutes: then a colleague may take it, and who held it may not decide', async () => {
      const { id } = await claimed();
      office.clock.forward(29 * MINUTE);
      expectRefusal(await claim(colleague, id), { status: 409, code: 'CLAIM_HELD' });
      office.clock.forward(2 * MINUTE);
      await expectUntouched(office, () => decide(reviewer, id, approved), claimRequired);
      expect((await claim(colleague, id)).status).toBe(200);
      await expectUntouched(office, () => decide(reviewer, id, approved), claimRequired);
      expect((await decide(colleague, id, approved)).status).toBe(204);
    });

    it('claiming again renews the lease', async () => {
      reviewer = await office.staff('reviewer');
      const { id } = await claimed();
      office.clock.forward(20 * MINUTE);
      expect((await claim(reviewer, id)).status).toBe(200);
      office.clock.forward(20 * MINUTE);
      expect((await decide(reviewer, id, approved)).status).toBe(204);
      [reviewer, colleague] = [await office.staff('reviewer'), await office.staff('colleague')];
    });

    it('a released case is free; a colleague’s claim cannot be released', async () => {
      const { id } = await claimed();
      await release(colleague, id);
      expectRefusal(await claim(colleague, id), { status: 409, code: 'CLAIM_HELD' });
      expect((await release(reviewer, id)).status).toBe(204);
      expect((await claim(colleague, id)).status).toBe(200);
    });

    it.each(['1', '%00', randomUUID()])('there is no case %j to claim, release, decide or look at', async (id) => {
      await expectUntouched(office, () => claim(reviewer, id), notFound);
      await expectUntouched(office, () => release(reviewer, id), notFound);
      await expectUntouched(office, () => decide(reviewer, id, approved), notFound);
      await expectUntouched(office, () => reviewer.attempt('GET', `/api/v1/reviews/${id}/materials/licence`), notFound);
    });

    it.each(['passport', '__proto__', '%00'])('there is no material %j to look at', async (material) => {
      const { id } = await claimed();
      await expectUntouched(office, () => reviewer.attempt('GET', `/api/v1/reviews/${id}/materials/${material}`), notFound);
    });
  });

  describe('stages', () => {
    it('before review there is nothing to claim or decide', async () => {
      const me = await applicant(office);
      const { draftId } = await readyDraft(me, rightForm(me, freshPhone()));
      const { id } = (await submit(me, draftId)).body as { id: string };
      await office.until(async () => (times(await actionsOf(office, id), 'phone.code-sent') === 1 ? true : null), 'the code');
      const problem = await expectUntouched(office, () => claim(reviewer, id), stageRefuses);
      expect(problem.title).toBe('当前环节不允许此操作（经办人手机验证）。');
      expect(problem.titleEn).toBe('The case does not allow this at its present stage (Verification of the agent’s phone).');
      await expectUntouched(office, () => decide(reviewer, id, approved), stageRefuses);
    });

    it('once decided, it cannot be claimed or decided again', async () => {
      const { id, person } = await claimed();
      expect((await decide(reviewer, id, approved)).status).toBe(204);
      await reach(office, person, id, 'payment');
      await office.until(async () => (times(await actionsOf(office, id), 'sms.sent') === 1 ? true : null), 'the message');
      await expectUntouched(office, () => claim(colleague, id), stageRefuses);
      await expectUntouched(office, () => decide(reviewer, id, rejected), stageRefuses);
      await expectUntouched(office, () => decide(colleague, id, approved), stageRefuses);
    });

    it('a payment, a correction or a proof of the phone does not fit a case in review', async () => {
      const { id, person } = await inReview(office);
      const post = (path: string, json: unknown) => person.attempt('POST', `/api/v1/applications/${id}${path}`, { json });
      await expectUntouched(office, () => post('/phone-verification', { code: '123456' }), stageRefuses);
      await expectUntouched(office, () => post('/phone-verification/code', {}), stageRefuses);
      await expectUntouched(office, () => post('/correction/submission', {}), stageRefuses);
      await expectUntouched(office, () => person.attempt('GET', `/api/v1/applications/${id}/correction`), stageRefuses);
      await expectUntouched(
        office,
        () => person.attempt('PATCH', `/api/v1/applications/${id}/correction`, { json: { form: {} } }),
        stageRefuses,
      );
      await expectUntouched(office, () => person.attempt('GET', `/api/v1/applications/${id}/order`), notFound);
    });
  });

  describe('words of a decision', () => {
    let id: string;
    beforeAll(async () => {
      ({ id } = await claimed());
    });

    it.each(['returned', 'rejected'])('%s needs a reason', async (outcome) => {
      await expectUntouched(office, () => decide(reviewer, id, { outcome }), invalid({ reasons: 'RETURN_NEEDS_REASON' }));
      await expectUntouched(office, () => decide(reviewer, id, { outcome, reasons: [] }), invalid({ reasons: 'RETURN_NEEDS_REASON' }));
    });

    it.each([
      ['an unknown outcome', { outcome: 'maybe' }, { outcome: 'FIELD_CHOICE' }],
      ['no outcome', {}, { outcome: 'FIELD_REQUIRED' }],
      ['an unknown field', { ...approved, payer: 1 }, { payer: 'FIELD_UNKNOWN' }],
      ['a reason about an unknown field', reason({ field: 'organisation/colour' }), { 'reasons/0/field': 'FIELD_CHOICE' }],
      ['a reason about an unknown paper', reason({ field: 'materials/__proto__' }), { 'reasons/0/field': 'FIELD_CHOICE' }],
      ['an unknown reason', reason({ code: 'ugly' }), { 'reasons/0/code': 'FIELD_CHOICE' }],
      ['another reason without saying which', reason({ code: 'other' }), { 'reasons/0/note': 'RETURN_NEEDS_REASON' }],
      ['a blank note for another reason', reason({ code: 'other', note: '  ' }), { 'reasons/0/note': 'RETURN_NEEDS_REASON' }],
      ['a note with control characters', reason({ note: '不清\u0000' }), { 'reasons/0/note': 'TEXT_CONTROL_CHARACTER' }],
      ['a note with half a character', reason({ note: '不清\ud800' }), { 'reasons/0/note': 'TEXT_LONE_SURROGATE' }],
      ['a note of 301 characters', reason({ note: '长'.repeat(301) }), { 'reasons/0/note': 'FIELD_TOO_LONG' }],
      ['31 reasons', { outcome: 'returned', reasons: Array(31).fill(rejected.reasons[0]) }, { reasons: 'FIELD_RANGE' }],
    ])('%s is refused, naming the field', async (_, json, fields) => {
      await expectUntouched(office, () => decide(reviewer, id, json), invalid(fields as Record<string, string>));
    });

    it.each([null, '', 'short'])('the key %j is none: refused', async (key) => {
      await expectUntouched(office, () => decide(reviewer, id, approved, key), { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
    });

    function reason(part: object) {
      return { outcome: 'returned', reasons: [{ field: 'materials/licence', code: 'unreadable', ...part }] };
    }
  });

  describe('once', () => {
    it('a decision sent twice with the same key is one decision, and both answers are the same', async () => {
      const { id, person } = await claimed();
      const key = randomUUID();
      const answers = [await decide(reviewer, id, approved, key), await decide(reviewer, id, approved, key)];
      expect(answers.map(({ status }) => status)).toEqual([204, 204]);
      await reach(office, person, id, 'payment');
      expect((await decide(reviewer, id, approved, key)).status).toBe(204);
      expect(await decisionsOn(id)).toEqual([{ outcome: 'approved', applied: true }]);
      expect(times(await actionsOf(office, id), 'review.approved')).toBe(1);
    });

    it('sent five times at once with the same key too', async () => {
      const { id } = await claimed();
      const key = randomUUID();
      const answers = await Promise.all(Array.from({ length: 5 }, () => decide(reviewer, id, approved, key)));
      expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
      expect(await decisionsOn(id)).toEqual([{ outcome: 'approved', applied: true }]);
    });

    it('two different decisions of one reviewer at once: one takes effect', async () => {
      const { id } = await claimed();
      const answers = await Promise.all([decide(reviewer, id, approved), decide(reviewer, id, rejected)]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([204, 409]);
      expect((await decisionsOn(id)).filter(({ applied }) => applied)).toHaveLength(1);
      expect((await actionsOf(office, id)).filter((action) => ['review.approved', 'review.rejected'].includes(action))).toHaveLength(1);
    });

    it('the same key with another decision, other reasons, or for another case is refused', async () => {
      const [{ id }, other] = [await claimed(), await claimed()];
      const key = randomUUID();
      expect((await decide(reviewer, id, rejected, key)).status).toBe(204);
      const reused = { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' };
      expectRefusal(await decide(reviewer, id, approved, key), reused);
      expectRefusal(await decide(reviewer, id, { outcome: 'rejected', reasons: [{ field: 'remarks', code: 'mismatch' }] }, key), reused);
      expectRefusal(await decide(reviewer, other.id, rejected, key), reused);
      expect(await decisionsOn(other.id)).toEqual([]);
    });

    it('a rejection ends the case, tells the agent, and sent again gets the same answer', async () => {
      const { id, person, phone } = await claimed();
      const key = randomUUID();
      expect((await decide(reviewer, id, rejected, key)).status).toBe(204);
      await reach(office, person, id, 'closed');
      expect((await readCase(person, id)).outcome?.code).toBe('rejected');
      expect((await decide(reviewer, id, rejected, key)).status).toBe(204);
      const texts = ((await office.sandbox.messages(phone)) as { text: string }[]).map(({ text }) => text);
      expect(texts.filter((text) => text.includes('未通过审核'))).toHaveLength(1);
      await expectUntouched(office, () => decide(reviewer, id, approved), stageRefuses);
    });
  });

  describe('four eyes', () => {
    it('nobody claims or decides on what they submitted themselves', async () => {
      const application = await inReview(office);
      await office.addStaff('own-submitter', ['reviewer'], application.phone);
      const person = await office.staff('own-submitter');
      await expectUntouched(office, () => claim(person, application.id), fourEyes);
      await expectUntouched(office, () => decide(person, application.id, approved), fourEyes);
    });

    it('nor on an application whose agent they are', async () => {
      const me = await applicant(office);
      const agentPhone = freshPhone();
      const { draftId } = await readyDraft(me, rightForm(me, agentPhone));
      const { id } = (await submit(me, draftId)).body as { id: string };
      const code = await office.sandbox.codeFor(agentPhone, '验证码 (\\d{6})');
      await me.person.post(`/api/v1/applications/${id}/phone-verification`, { code });
      await reach(office, me.person, id, 'review');
      await office.addStaff('own-agent', ['reviewer'], agentPhone);
      const person = await office.staff('own-agent');
      await expectUntouched(office, () => claim(person, id), fourEyes);
      await expectUntouched(office, () => decide(person, id, approved), fourEyes);
    });

    it.each(['submitter_phone', 'agent_phone'])('the database refuses it too when the API is passed by: %s', async (column) => {
      const { id } = await submitted(office);
      const phones = { submitter_phone: '13800000001', agent_phone: '13800000002', [column]: '13800000009' };
      const insert = office.data.query(
        `INSERT INTO review_decision (id, application_id, round, outcome, reasons, reviewer_id, reviewer_phone, submitter_phone, agent_phone, sent_at)
         VALUES ($1, $2, 1, 'approved', '[]', $3, '13800000009', $4, $5, now())`,
        [randomUUID(), id, randomUUID(), phones.submitter_phone, phones.agent_phone],
      );
      await expect(insert).rejects.toThrow(/ck_review_decision_four_eyes/);
    });
  });
});
