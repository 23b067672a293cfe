/** 经办人变更 over HTTP: handing over with a letter, a lost phone, and who may do what on the way. Rules: docs/decisions/0030 and 0031. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { ApplicationForm } from '#domain';
import { AgentChange, Application, AuditEntry, brokenLink } from '#persistence';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { changesOf } from '../world/agent-changes.js';
import { nextDay } from '../world/desk.js';
import {
  actionsOf,
  applicant,
  claim,
  decide,
  freshPhone,
  inReview,
  onePagePdf,
  reach,
  readCase,
  rightForm,
  readyDraft,
  submit,
  times,
} from './applicants.js';
import { expectRefusal, notFound } from './refusal.js';

jest.setTimeout(120_000);

describe('经办人变更', () => {
  let office: Office;
  let changes: ReturnType<typeof changesOf>;
  beforeAll(async () => {
    office = await openOffice();
    // A window is open.
    nextDay(office, '10:00:00');
    changes = changesOf(office);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const approveCase = async (id: string) => {
    const reviewer = await office.staff('reviewer');
    await claim(reviewer, id);
    expect((await decide(reviewer, id, { outcome: 'approved' })).status).toBe(204);
  };
  const row = (id: string) => office.data.manager.findOneByOrFail(Application, { id });

  describe('handed over to another agent', () => {
    it('with a letter, a second person and the new phone’s code the case is the new agent’s, and the old one’s no longer', async () => {
      const case_ = await inReview(office);
      const { id, person: before, number, phone } = case_;
      const next = await changes.newAgent();
      expect((await changes.letter(before, id)).status).toBe(204);
      const answer = await changes.ask(before, id, changes.other(next));
      expect(answer.status).toBe(202);

      const [toDecide] = await (await office.staff('supervisor')).get<object[]>('/api/v1/agent-changes');
      expect(toDecide).toMatchObject({ id, state: 'asked', agent: { name: next.name, phone: next.phone } });
      // Until the new phone is proven everything stays with the agent of before.
      expectRefusal(await next.person.attempt('GET', `/api/v1/applications/${id}`), notFound);
      expect((await changes.decide(await office.staff('supervisor'), id)).status).toBe(204);
      expect((await changes.texts(phone, 'agent-change-announced'))[0]).toMatch(/移交其他经办人.*400-028-1130/);
      expectRefusal(await next.person.attempt('GET', `/api/v1/applications/${id}`), notFound);
      const [waiting] = await next.person.get<{ id: string; kind: { code: string }; phoneOfBefore: string }[]>('/api/v1/agent-changes');
      expect(waiting).toMatchObject({ id, number, kind: { code: 'other-agent' }, agent: null });
      expect(waiting?.phoneOfBefore).toBe(`${phone.slice(0, 3)}****${phone.slice(-4)}`);

      expect((await changes.confirm(next.person, id, await changes.codeFor(next.phone))).status).toBe(204);
      const read = await readCase(next.person, id);
      expect(read.form.agent).toEqual({ name: next.name, identityNumber: next.identityNumber, phone: next.phone });
      expect(read.stage.code).toBe('review');
      for (const path of ['', '/timeline', '/order', '/correction'])
        expectRefusal(await before.attempt('GET', `/api/v1/applications/${id}${path}`), notFound);
      expectRefusal(await before.attempt('GET', `/api/v1/drafts/${case_.draftId}`), notFound);
      expectRefusal(await before.attempt('POST', `/api/v1/applications/${id}/withdrawal`, { json: {} }), notFound);
      expect(await before.get<unknown[]>('/api/v1/applications')).toEqual([]);
      expect((await next.person.get<{ id: string }[]>('/api/v1/applications')).map((each) => each.id)).toEqual([id]);
      expect((await changes.texts(phone, 'agent-changed'))[0]).toContain(number);
      expect((await changes.texts(next.phone, 'agent-welcome'))[0]).toContain(number);

      await approveCase(id);
      await reach(office, next.person, id, 'payment');
      await changes.texts(next.phone, 'review-approved');
      expect((await changes.sent(phone)).filter((template) => template === 'review-approved')).toEqual([]);
      expect((await next.person.attempt('GET', `/api/v1/applications/${id}/order`)).status).toBe(200);
    });

    it('the timeline tells each step, what comes next and until when; the audit holds no name, number or phone', async () => {
      const { id, person, phone } = await inReview(office);
      const next = await changes.approved(id, person);
      await changes.confirm(next.person, id, await changes.codeFor(next.phone));
      await changes.texts(next.phone, 'agent-welcome');
      const told = await next.person.get<{ action: string; zh: string; next: { zh: string } | null; until: string | null }[]>(
        `/api/v1/applications/${id}/timeline`,
      );
      const steps = told.filter(({ action }) => action.startsWith('agent.'));
      expect(steps.map(({ zh, next: who, until }) => [zh, who?.zh ?? null, until !== null])).toEqual([
        ['已申请移交其他经办人，等待审批', '人工处理', true],
        ['移交其他经办人已批准，等待新手机验证', '经办人', true],
        ['已向新手机发送验证码', '经办人', true],
        ['新手机已验证，移交其他经办人生效', '审核人员', true],
      ]);
      const entries = await office.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
      expect(brokenLink(entries)).toBeNull();
      const text = JSON.stringify(entries);
      for (const personal of [phone, next.phone, next.name, next.identityNumber]) expect(text).not.toContain(personal);
    });

    it('a clerk enters it for somebody who comes with the letter', async () => {
      const { id } = await inReview(office);
      const next = await changes.newAgent();
      const clerk = await office.staff('clerk');
      expect((await changes.letter(clerk, id)).status).toBe(204);
      expect((await changes.ask(clerk, id, changes.atWindow(changes.other(next)))).status).toBe(202);
      expect((await changes.decide(await office.staff('reviewer'), id)).status).toBe(204);
      expect((await changes.confirm(next.person, id, await changes.codeFor(next.phone))).status).toBe(204);
      expect(await row(id)).toMatchObject({ agentPhone: next.phone, form: { agent: { name: next.name } } });
    });

    it('whoever submitted it for the agent reads it no longer either: one phone opens the case', async () => {
      const me = await applicant(office);
      const agent = await applicant(office);
      const { draftId } = await readyDraft(me, rightForm(me, agent.phone));
      const { id } = (await submit(me, draftId)).body as { id: string };
      await office.until(async () => ((await row(id)).waitingFor === 'agent' ? true : null), 'the first code');
      const next = await changes.approved(id, agent.person);
      await changes.confirm(next.person, id, await changes.codeFor(next.phone));
      // The new phone is proven: the first agent's code is not waited for any more.
      await reach(office, next.person, id, 'review');
      for (const { person } of [me, agent]) expectRefusal(await person.attempt('GET', `/api/v1/applications/${id}`), notFound);
    });

    it('what the old agent was correcting about the agent does not come back with the correction', async () => {
      const { id, person } = await inReview(office);
      const reviewer = await office.staff('reviewer');
      await claim(reviewer, id);
      const reasons = [
        { field: 'agent/name', code: 'mismatch' },
        { field: 'delivery/recipient', code: 'mismatch' },
      ];
      await decide(reviewer, id, { outcome: 'returned', reasons });
      await reach(office, person, id, 'correction');
      const correction = `/api/v1/applications/${id}/correction`;
      await person.patch(correction, { form: { agent: { name: '王旧' }, delivery: { recipient: '赵收件' } } });
      const next = await changes.approved(id, person);
      await changes.confirm(next.person, id, await changes.codeFor(next.phone));
      expect((await next.person.get<{ form: Partial<ApplicationForm> }>(correction)).form).toEqual({ delivery: { recipient: '赵收件' } });
      await next.person.upload(`/api/v1/applications/${id}/materials/application-form?fileName=form.pdf`, await onePagePdf());
      await next.person.post(`${correction}/submission`);
      await reach(office, next.person, id, 'review');
      expect((await readCase(next.person, id)).form).toMatchObject({ agent: { name: next.name }, delivery: { recipient: '赵收件' } });
    });

    it('an agent’s phone that a correction changed meanwhile is not what was approved: the change does not take it', async () => {
      const { id, person } = await inReview(office);
      const reviewer = await office.staff('reviewer');
      await claim(reviewer, id);
      await decide(reviewer, id, { outcome: 'returned', reasons: [{ field: 'agent/phone', code: 'mismatch' }] });
      await reach(office, person, id, 'correction');
      const next = await changes.approved(id, person);
      const corrected = freshPhone();
      const correction = `/api/v1/applications/${id}/correction`;
      await person.patch(correction, { form: { agent: { phone: corrected } } });
      await person.upload(`/api/v1/applications/${id}/materials/application-form?fileName=form.pdf`, await onePagePdf());
      await person.post(`${correction}/submission`);
      await reach(office, person, id, 'phone-verification');
      const answer = await changes.confirm(next.person, id, await changes.codeFor(next.phone));
      expectRefusal(answer, { status: 409, code: 'STAGE_REFUSES' });
      expect((await row(id)).agentPhone).toBe(corrected);
    });

    it('a case that has ended takes none', async () => {
      const { id, person } = await inReview(office);
      await changes.letter(person, id);
      await person.post(`/api/v1/applications/${id}/withdrawal`);
      await reach(office, person, id, 'closed');
      const next = await changes.newAgent();
      expectRefusal(await changes.ask(person, id, changes.other(next)), { status: 409, code: 'STAGE_REFUSES' });
      expectRefusal(await changes.letter(person, id), { status: 409, code: 'STAGE_REFUSES' });
    });
  });

  describe('a lost phone', () => {
    const renumbered = (form: ApplicationForm, phone: string) => ({ ...form.agent, phone });
    const loginsOf = (phone: string) =>
      office.data.query<{ open: number }[]>(`SELECT count(*)::int AS open FROM session WHERE phone = $1 AND ended_at IS NULL`, [phone]);

    async function replaced(id: string, by: Person, json: object, next: { phone: string; person: Person }) {
      expect((await changes.ask(by, id, json)).status).toBe(202);
      expect((await changes.decide(await office.staff('supervisor'), id)).status).toBe(204);
      expect((await changes.confirm(next.person, id, await changes.codeFor(next.phone))).status).toBe(204);
    }

    it('at the window the card shows the same person; the old phone is told and logged out, the new one opens the case', async () => {
      const { id, person, phone, form } = await inReview(office);
      const next = await applicant(office);
      const json = { kind: 'lost-phone', agent: { phone: next.phone, identityNumber: form.agent.identityNumber.toLowerCase() } };
      await replaced(id, await office.staff('clerk'), changes.atWindow(json), next);
      expect(await loginsOf(phone)).toEqual([{ open: 0 }]);
      expectRefusal(await person.attempt('GET', `/api/v1/applications/${id}`), { status: 401, code: 'LOGIN_REQUIRED' });
      expect((await readCase(next.person, id)).form).toMatchObject({
        agent: renumbered(form, next.phone),
        delivery: { phone: next.phone },
      });
      expect((await changes.texts(phone, 'agent-changed'))[0]).toContain('更换经办人手机号码');
      expect(await changes.texts(next.phone, 'agent-welcome')).toHaveLength(1);
      // Whoever has the old phone may log in, and finds nothing.
      office.clock.forward(61_000);
      const finder = await applicant(office, phone);
      expectRefusal(await finder.person.attempt('GET', `/api/v1/applications/${id}`), notFound);
      expect(await finder.person.get<unknown[]>('/api/v1/applications')).toEqual([]);
    });

    it('a login code that was under way to the old phone opens nothing', async () => {
      const { id, phone, form } = await inReview(office);
      const next = await applicant(office);
      office.clock.forward(61_000);
      const finder = office.person();
      await finder.post('/api/v1/login/codes', { phone });
      const code = await office.sandbox.codeFor(phone, '验证码 (\\d{6})');
      const json = { kind: 'lost-phone', agent: { phone: next.phone, identityNumber: form.agent.identityNumber } };
      await replaced(id, await office.staff('clerk'), changes.atWindow(json), next);
      expectRefusal(await finder.attempt('POST', '/api/v1/login', { json: { phone, code } }), { status: 422, code: 'CODE_EXPIRED' });
    });

    it('customer service calls the organisation back, under a number that is not the lost one', async () => {
      const { id, phone } = await inReview(office);
      const next = await applicant(office);
      const service = await office.staff('customer-service');
      const json = { kind: 'lost-phone', agent: { phone: next.phone }, callBackConfirmed: true };
      // The phone for delivery is the agent's own, and lost with it.
      const answer = await changes.ask(service, id, { ...json, calledNumber: 'delivery-phone' });
      expectRefusal(answer, { status: 422, code: 'INPUT_INVALID', fields: { calledNumber: 'FIELD_CHOICE' } });
      await replaced(id, service, { ...json, calledNumber: 'public-register' }, next);
      expect(await loginsOf(phone)).toEqual([{ open: 0 }]);
      const actions = await actionsOf(office, id);
      expect(actions.slice(actions.indexOf('agent.called-back'), actions.indexOf('agent.called-back') + 2)).toEqual([
        'agent.called-back',
        'agent.change-asked',
      ]);
      expect(times(actions, 'agent.changed')).toBe(1);
    });

    it('a colleague who submitted it with a phone of their own reads it as before', async () => {
      const me = await applicant(office);
      const { draftId, form } = await readyDraft(me, rightForm(me, freshPhone()));
      const { id } = (await submit(me, draftId)).body as { id: string };
      await office.until(async () => ((await row(id)).waitingFor === 'agent' ? true : null), 'the first code');
      const next = await applicant(office);
      const json = { kind: 'lost-phone', agent: { phone: next.phone, identityNumber: form.agent.identityNumber } };
      await replaced(id, await office.staff('clerk'), changes.atWindow(json), next);
      await reach(office, me.person, id, 'review');
      expect((await readCase(next.person, id)).form.agent.phone).toBe(next.phone);
    });
  });

  it('the same key is the same change, asked or decided twice; a code typed twice is one proof', async () => {
    const { id, person } = await inReview(office);
    const next = await changes.newAgent();
    await changes.letter(person, id);
    const [key, decisionKey] = [randomUUID(), randomUUID()];
    const first = await changes.ask(person, id, changes.other(next), key);
    expect(first.status).toBe(202);
    expect((await changes.ask(person, id, changes.other(next), key)).body).toEqual(first.body);
    const supervisor = await office.staff('supervisor');
    for (let times = 0; times < 2; times += 1)
      expect((await changes.decide(supervisor, id, { outcome: 'approved' }, decisionKey)).status).toBe(204);
    const code = await changes.codeFor(next.phone);
    for (let times = 0; times < 2; times += 1) expect((await changes.confirm(next.person, id, code)).status).toBe(204);
    expect(await office.data.manager.countBy(AgentChange, { applicationId: id })).toBe(1);
    const actions = await actionsOf(office, id);
    for (const action of ['agent.change-asked', 'agent.change-approved', 'agent.changed']) expect(times(actions, action)).toBe(1);
  });
});
