/** 经办人变更, refused: by role, by person, by phone, by letter, by stage, by code. Nothing of the work is touched by a refusal. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { AgentChange } from '#persistence';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { FEW_PAPERS, nextDay, openDesk, type Desk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { changesOf, type NewAgent } from '../world/agent-changes.js';
import { actionsOf, applicant, claim, decide, inReview, openDraft, type Submitted } from './applicants.js';
import { MEGABYTE, pngOf } from './papers.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(120_000);

const fourEyes = { status: 403, code: 'FOUR_EYES' };
const forbidden = { status: 403, code: 'FORBIDDEN_ROLE' };
const open = { status: 409, code: 'AGENT_CHANGE_OPEN' };
const stageRefuses = { status: 409, code: 'STAGE_REFUSES' };
const unknown = 'FIELD_UNKNOWN';

describe('a change of the agent, refused', () => {
  let office: Office;
  let desk: Desk;
  let changes: ReturnType<typeof changesOf>;
  let application: Submitted;
  let next: NewAgent;
  const staff: Record<string, Person> = {};
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
    changes = changesOf(office);
    application = await inReview(office);
    next = await changes.newAgent();
    for (const role of ['reviewer', 'clerk', 'supervisor', 'customer-service', 'finance', 'auditor'])
      staff[role] = await office.staff(role);
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  const by = (role: string) => staff[role] ?? office.person();
  const untouched = (attempt: () => ReturnType<Person['attempt']>, refusal: Parameters<typeof expectUntouched>[2]) =>
    expectUntouched(office, attempt, refusal);
  /** Asked for with a letter, and not decided. */
  async function asked(): Promise<{ case_: Submitted; to: NewAgent }> {
    const [case_, to] = [await inReview(office), await changes.newAgent()];
    await changes.letter(case_.person, case_.id);
    expect((await changes.ask(case_.person, case_.id, changes.other(to))).status).toBe(202);
    return { case_, to };
  }

  describe('by who asks', () => {
    it('the agent of another case finds nothing to change, and nothing to upload to', async () => {
      const stranger = await applicant(office);
      await untouched(() => changes.ask(stranger.person, application.id, changes.other(next)), notFound);
      await untouched(() => changes.letter(stranger.person, application.id), notFound);
      await untouched(() => changes.ask(application.person, randomUUID(), changes.other(next)), notFound);
    });

    it.each(['reviewer', 'supervisor', 'finance', 'auditor'])('a %s does not ask for it', async (role) => {
      await untouched(() => changes.ask(by(role), application.id, changes.other(next)), forbidden);
      await untouched(() => changes.letter(by(role), application.id), forbidden);
    });

    it('D: customer service hands no case over, and nobody at the portal says of their own phone that it is lost', async () => {
      const refused = invalid({ kind: 'CHANNEL_REFUSED' });
      await untouched(() => changes.ask(by('customer-service'), application.id, changes.other(next)), refused);
      const lost = { kind: 'lost-phone', agent: { phone: next.phone } };
      await untouched(() => changes.ask(application.person, application.id, lost), refused);
    });

    it('a clerk does not make a case their own', async () => {
      await office.addStaff('clerk-as-agent', ['clerk'], '19000000077');
      const clerk = await office.staff('clerk-as-agent');
      const self = changes.atWindow(changes.other({ ...next, phone: '19000000077' }));
      await untouched(() => changes.ask(clerk, application.id, self), fourEyes);
    });

    it('without a key, or with one that named something else', async () => {
      const path = `/api/v1/agent-changes/${application.id}`;
      const json = changes.other(next);
      await untouched(() => application.person.attempt('POST', path, { json }), { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
      const { case_, to } = await asked();
      const key = randomUUID();
      const clerk = by('clerk');
      const other = await inReview(office);
      const lost = (identityNumber: string, phone: string) => changes.atWindow({ kind: 'lost-phone', agent: { phone, identityNumber } });
      expect((await changes.ask(clerk, other.id, lost(other.form.agent.identityNumber, to.phone), key)).status).toBe(202);
      const reused = { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' };
      await untouched(() => changes.ask(clerk, other.id, lost(other.form.agent.identityNumber, next.phone), key), reused);
      await untouched(() => changes.ask(clerk, case_.id, lost(case_.form.agent.identityNumber, to.phone), key), reused);
    });
  });

  describe('by what is asked', () => {
    const ask = (person: Person, json: object) => changes.ask(person, application.id, json);

    it('the same phone, the same person, a phone that is none, a number that is none', async () => {
      const { agent } = application.form;
      await untouched(() => ask(application.person, changes.other(agent)), {
        ...invalid({ 'agent/phone': 'AGENT_UNCHANGED', 'agent/identityNumber': 'AGENT_UNCHANGED' }),
      });
      const spaced = `${agent.phone.slice(0, 3)} ${agent.phone.slice(3)}`;
      await untouched(
        () => ask(application.person, changes.other({ ...next, phone: spaced })),
        invalid({ 'agent/phone': 'AGENT_UNCHANGED' }),
      );
      await untouched(
        () => ask(application.person, changes.other({ ...next, phone: '12345' })),
        invalid({ 'agent/phone': 'PHONE_INVALID' }),
      );
      const wrong = changes.other({ ...next, identityNumber: '110105194912310021' });
      await untouched(() => ask(application.person, wrong), invalid({ 'agent/identityNumber': 'IDENTITY_NUMBER_INVALID' }));
    });

    it('without name or number of the new agent; with what belongs to another way', async () => {
      const { phone } = next;
      const nameless = { kind: 'other-agent', agent: { phone } };
      const missing = invalid({ 'agent/name': 'FIELD_REQUIRED', 'agent/identityNumber': 'FIELD_REQUIRED' });
      await untouched(() => ask(application.person, nameless), missing);
      const called = { ...changes.other(next), calledNumber: 'public-register', callBackConfirmed: true };
      await untouched(() => ask(application.person, called), invalid({ calledNumber: unknown, callBackConfirmed: unknown }));
      await untouched(() => ask(application.person, { ...changes.other(next), kind: 'sold' }), invalid({ kind: 'FIELD_CHOICE' }));
    });

    it('a lost phone: at the window the card of somebody else, or none; by telephone without the call back', async () => {
      const { phone } = next;
      const lost = (agent: object, more: object = {}) => ({ kind: 'lost-phone', agent: { phone, ...agent }, ...more });
      const field = 'agent/identityNumber';
      const here = { window: 'chengnan' };
      await untouched(() => ask(by('clerk'), lost({}, here)), invalid({ [field]: 'FIELD_REQUIRED' }));
      const differs = invalid({ [field]: 'AGENT_DIFFERS' });
      await untouched(() => ask(by('clerk'), lost({ identityNumber: next.identityNumber }, here)), differs);
      await untouched(() => ask(by('clerk'), lost({ identityNumber: application.form.agent.identityNumber, name: '周' }, here)), {
        ...invalid({ 'agent/name': unknown }),
      });
      const service = by('customer-service');
      const uncalled = invalid({ calledNumber: 'FIELD_REQUIRED', callBackConfirmed: 'FIELD_REQUIRED' });
      await untouched(() => ask(service, lost({})), uncalled);
      const unsaid = invalid({ callBackConfirmed: 'FIELD_REQUIRED' });
      for (const callBackConfirmed of [undefined, false])
        await untouched(() => ask(service, lost({}, { calledNumber: 'public-register', callBackConfirmed })), unsaid);
    });

    it('while another is open', async () => {
      const { case_ } = await asked();
      const clerk = by('clerk');
      const lost = { kind: 'lost-phone', agent: { phone: next.phone, identityNumber: case_.form.agent.identityNumber } };
      await untouched(() => changes.ask(clerk, case_.id, changes.atWindow(lost)), open);
    });
  });

  describe('by its letter', () => {
    const letterMissing = invalid({ 'materials/authorisation-letter': 'MATERIAL_MISSING' });

    it('none, or one that has spoken for another change', async () => {
      const bare = await inReview(office);
      await untouched(() => changes.ask(bare.person, bare.id, changes.other(next)), letterMissing);
      const { case_ } = await asked();
      await changes.decide(by('supervisor'), case_.id, { outcome: 'rejected', reason: 'letter-insufficient' });
      // The phone shows the SMS a moment before the case has noted that it was sent.
      const noted = (actions: string[]) => actions.lastIndexOf('sms.sent') > actions.indexOf('agent.change-rejected');
      await office.until(async () => (noted(await actionsOf(office, case_.id)) ? true : null), 'the agent to be told');
      await untouched(() => changes.ask(case_.person, case_.id, changes.other(next)), letterMissing);
      await changes.letter(case_.person, case_.id);
      expect((await changes.ask(case_.person, case_.id, changes.other(next))).status).toBe(202);
    });

    it.each([
      ['words in a file called PDF', Buffer.from('授权书'), 'letter.pdf', 'FILE_CONTENT_MISMATCH', 422],
      ['a file of a word processor', Buffer.from('PK'), 'letter.docx', 'FILE_TYPE', 422],
      ['nothing', Buffer.alloc(0), 'letter.png', 'FILE_EMPTY', 422],
      ['a picture that broke off', pngOf(2 * MEGABYTE).subarray(0, MEGABYTE), 'letter.png', 'FILE_UNREADABLE', 422],
      ['more than ten megabytes', pngOf(10 * MEGABYTE + 1), 'letter.png', 'FILE_TOO_LARGE', 422],
    ] as const)('%s', async (_, file, name, code, status) => {
      const refusal = { status, code: 'INPUT_INVALID', fields: { 'materials/authorisation-letter': code } };
      await untouched(() => changes.letter(application.person, application.id, file, name), refusal);
    });

    it('is no paper of an application: neither a draft takes it, nor does a review return it, nor this endpoint another', async () => {
      const draftId = await openDraft(application);
      const put = (path: string) => application.person.attempt('PUT', `${path}?fileName=a.png`, { file: pngOf(MEGABYTE) });
      await untouched(() => put(`/api/v1/drafts/${draftId}/materials/authorisation-letter`), notFound);
      await untouched(() => put(`/api/v1/agent-changes/${application.id}/materials/licence`), notFound);
      const case_ = await inReview(office);
      await claim(by('reviewer'), case_.id);
      const reasons = [{ field: 'materials/authorisation-letter', code: 'unreadable' }];
      const returned = () => decide(by('reviewer'), case_.id, { outcome: 'returned', reasons });
      await untouched(returned, invalid({ 'reasons/0/field': 'FIELD_CHOICE' }));
    });

    it('is not exchanged under the eyes of the second person, who reads what was uploaded', async () => {
      const { case_ } = await asked();
      await untouched(() => changes.letter(case_.person, case_.id), open);
      const read = await by('supervisor').download(`/api/v1/reviews/${case_.id}/materials/authorisation-letter`);
      expect(read.subarray(1, 4).toString()).toBe('PNG');
    });
  });

  describe('by who decides', () => {
    it.each(['clerk', 'customer-service', 'finance', 'auditor'])('a %s does not', async (role) => {
      const { case_ } = await asked();
      await untouched(() => changes.decide(by(role), case_.id), forbidden);
    });

    it('nor whoever entered it, whatever their roles, nor the new agent, nor the old: the API, the engine and the database refuse', async () => {
      await office.addStaff('clerk-who-decides', ['clerk', 'supervisor'], '19000000071');
      await office.addStaff('new-agent-too', ['supervisor'], next.phone);
      const case_ = await inReview(office);
      await office.addStaff('old-agent-too', ['supervisor'], case_.phone);
      const both = await office.staff('clerk-who-decides');
      await changes.letter(both, case_.id);
      expect((await changes.ask(both, case_.id, changes.atWindow(changes.other(next)))).status).toBe(202);
      for (const who of ['clerk-who-decides', 'new-agent-too', 'old-agent-too']) {
        const person = await office.staff(who);
        await untouched(() => changes.decide(person, case_.id), fourEyes);
      }
      const { id, enteredBy } = await office.data.manager.findOneByOrFail(AgentChange, { applicationId: case_.id });
      const insert = office.data.query(`INSERT INTO agent_change_decision VALUES ($1, 'approved', $2, NULL, $3, now())`, [
        id,
        case_.id,
        enteredBy,
      ]);
      await expect(insert).rejects.toThrow(/nobody decides/);
      // And they have had the case in hand: its review is for somebody else.
      expectRefusal(await both.attempt('POST', `/api/v1/reviews/${case_.id}/claim`, { json: {} }), fourEyes);
    });

    it('nor whoever filed the letter, where somebody else has asked', async () => {
      await office.addStaff('clerk-who-scans', ['clerk', 'supervisor'], '19000000072');
      const [case_, scanner] = [await inReview(office), await office.staff('clerk-who-scans')];
      await changes.letter(scanner, case_.id);
      expect((await changes.ask(by('clerk'), case_.id, changes.atWindow(changes.other(next)))).status).toBe(202);
      await untouched(() => changes.decide(scanner, case_.id), fourEyes);
    });

    it('nor whoever entered the case itself at the window', async () => {
      const clerk = await desk.who('clerk-who-reviews');
      const holder = await desk.holder(new Date(office.clock.now().getTime() + 365 * 86_400_000));
      const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS));
      await desk.reach(id, 'window-payment');
      await changes.letter(by('clerk'), id);
      expect((await changes.ask(by('clerk'), id, changes.atWindow(changes.other(next)))).status).toBe(202);
      await untouched(() => changes.decide(clerk, id), fourEyes);
      expect((await changes.decide(by('reviewer'), id)).status).toBe(204);
    });

    it('who rejects says why; there is nothing to decide on where nothing was asked for', async () => {
      const { case_ } = await asked();
      await untouched(() => changes.decide(by('supervisor'), case_.id, { outcome: 'rejected' }), invalid({ reason: 'FIELD_REQUIRED' }));
      await untouched(() => changes.decide(by('supervisor'), randomUUID()), notFound);
    });
  });

  describe('by the stage', () => {
    it('D: while a token lies ready at the window nobody hands over; a lost phone is replaced', async () => {
      const holder = await desk.holder(new Date(office.clock.now().getTime() + 365 * 86_400_000));
      const clerk = await desk.who('clerk');
      const { id } = await desk.file(
        clerk,
        await desk.draft(clerk, 'change', holder, { organisation: { certificateName: '成都已改名医药有限公司' } }),
      );
      await desk.reach(id, 'fee-confirmation');
      expect((await desk.atWindow('supervisor', id, 'fee', { amountFen: 0 })).status).toBe(204);
      await desk.approve(id);
      await desk.reach(id, 'hand-over');
      await untouched(() => changes.letter(holder.agent, id), stageRefuses);
      await untouched(() => changes.ask(holder.agent, id, changes.other(next)), stageRefuses);
      const lost = { kind: 'lost-phone', agent: { phone: next.phone, identityNumber: holder.form.agent.identityNumber } };
      expect((await changes.ask(by('clerk'), id, changes.atWindow(lost))).status).toBe(202);
    });
  });
});
