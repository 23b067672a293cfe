/** What a renewal refuses: which certificates, which signatures, which installations. Rules: business.md; bad input of the issue. */
import { jest } from '@jest/globals';
import { Application, Certificate, FeeOrder } from '#persistence';
import { INITIAL_USER_PIN } from '#token';
import { Not } from 'typeorm';
import { AuthorityApi } from '../../apps/assistant/src/index.js';
import { nextDay, openDesk, type Desk, type Holder } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { actionsOf, licence, times } from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(120_000);
const DAY_MS = 86_400_000;
const SYSTEM = 'sichuan-medicine-procurement';
const conflict = (code: string) => ({ status: 409, code });
const wrongProof = { status: 422, code: 'KEY_PROOF_WRONG' };
const spent = { status: 422, code: 'CHALLENGE_INVALID' };

describe('renewal, refused', () => {
  let office: Office;
  let desk: Desk;
  let holder: Holder;
  let other: Holder;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
    [holder, other] = [await desk.holder(inDays(30)), await desk.holder(inDays(30))];
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  const inDays = (days: number) => new Date(office.clock.now().getTime() + days * DAY_MS);
  const begin = ({ agent }: Holder, business: string, certificate: string) =>
    agent.attempt('POST', '/api/v1/drafts', { json: { business, system: SYSTEM, certificate } });
  const mark = ({ serial }: { serial: string }, revocationReason: string | null) =>
    office.data.manager.update(
      Certificate,
      { serial },
      revocationReason === null
        ? { state: 'valid', revokedAt: null, revocationReason: null }
        : { state: 'revoked', revokedAt: office.clock.now(), revocationReason },
    );

  describe('which certificate', () => {
    it('G renewal: on the 61st day before the end it is too early, on the 60th it is taken', async () => {
      // At ten in the morning: the end in so many days of Shanghai.
      const [early, due] = [await desk.holder(inDays(61)), await desk.holder(inDays(60))];
      const problem = await expectUntouched(office, () => begin(early, 'renewal-valid', early.serial), conflict('RENEWAL_TOO_EARLY'));
      const tomorrow = new Date(office.clock.now().getTime() + DAY_MS).toISOString().slice(0, 10);
      expect(problem.titleEn).toBe(`A renewal is taken from 60 days before the end: from ${tomorrow}.`);
      expect((await begin(due, 'renewal-valid', due.serial)).status).toBe(201);
    });

    it('one of another organisation, or none, is not found', async () => {
      for (const serial of [other.serial, 'ffff', '', '%00'])
        await expectUntouched(office, () => begin(holder, 'renewal-valid', serial), notFound);
    });

    it('a business about a certificate names one, 新办 names none', async () => {
      const without = (business: string, more: object) =>
        holder.agent.attempt('POST', '/api/v1/drafts', { json: { business, system: SYSTEM, ...more } });
      await expectUntouched(office, () => without('renewal-valid', {}), invalid({ certificate: 'FIELD_REQUIRED' }));
      await expectUntouched(office, () => without('new', { certificate: holder.serial }), invalid({ certificate: 'FIELD_UNKNOWN' }));
    });

    it('G: change, reissue and revocation are not taken online', async () => {
      for (const business of ['change', 'reissue', 'revocation'])
        await expectUntouched(office, () => begin(holder, business, holder.serial), invalid({ business: 'CHANNEL_REFUSED' }));
    });

    it('a revoked or suspended one is not renewed; a valid one is not renewed as expired', async () => {
      await mark(other, 'superseded');
      for (const business of ['renewal-valid', 'renewal-expired'])
        await expectUntouched(office, () => begin(other, business, other.serial), conflict('CERTIFICATE_REVOKED'));
      await mark(other, 'certificateHold');
      await expectUntouched(office, () => begin(other, 'renewal-valid', other.serial), conflict('CERTIFICATE_HELD'));
      await mark(other, null);
      await expectUntouched(office, () => begin(other, 'renewal-expired', other.serial), conflict('CERTIFICATE_NOT_EXPIRED'));
    });

    it('what stands in it is not edited', async () => {
      const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
      for (const [field, form] of [
        ['organisation/certificateName', { organisation: { certificateName: '成都别家医药有限公司' } }],
        ['organisation/uscc', { organisation: { uscc: '91510100MA62000110' } }],
        ['certificates/count', { certificates: { count: 2 } }],
      ] as const)
        await expectUntouched(office, () => holder.agent.attempt('PATCH', draft, { json: { form } }), invalid({ [field]: 'FIELD_FIXED' }));
    });
  });

  describe('which signature', () => {
    const submit = (draft: string, proof: object | undefined, who = holder) => desk.submit(who.agent, draft, proof ? { proof } : {});
    let draft: string;
    beforeEach(async () => {
      draft = await desk.draft(holder.agent, 'renewal-valid', holder);
    });

    it('none is refused', async () => {
      await expectUntouched(office, () => submit(draft, undefined), invalid({ proof: 'FIELD_REQUIRED' }));
    });

    it('by the key of another certificate, or over another text, or no signature at all', async () => {
      const { challengeId, text } = await desk.challenge(holder.agent, draft);
      const by = (serial: string, what: string) => desk.assistant().sign(serial, what, INITIAL_USER_PIN);
      for (const signature of [by(other.serial, text), by(holder.serial, `${text} `), 'AAAA', '', 'keine Unterschrift', '30'.repeat(100)])
        await expectUntouched(office, () => submit(draft, { challengeId, signature }), wrongProof);
      // Refused, it is not spent: the right key may still sign it.
      expect((await submit(draft, { challengeId, signature: by(holder.serial, text) })).status).toBe(202);
      await closeOpen();
    });

    it('D: five minutes old, it is worth nothing', async () => {
      const proof = await desk.prove(holder, draft);
      office.clock.forward(300_000);
      await expectUntouched(office, () => submit(draft, proof), spent);
    });

    it('for another draft, or a challenge that nobody gave', async () => {
      const elsewhere = await desk.prove(holder, await desk.draft(holder.agent, 'renewal-valid', holder));
      await expectUntouched(office, () => submit(draft, elsewhere), spent);
      for (const challengeId of ['', '1', '00000000-0000-4000-8000-000000000000', elsewhere.challengeId.toUpperCase()])
        await expectUntouched(office, () => submit(draft, { ...elsewhere, challengeId }), spent);
    });

    it('D: the draft was changed after it, in a word or in a paper', async () => {
      const word = await desk.prove(holder, draft);
      await holder.agent.patch(draft, { form: { remarks: '改' } });
      await expectUntouched(office, () => submit(draft, word), wrongProof);
      const paper = await desk.prove(holder, draft);
      await holder.agent.upload(`${draft}/materials/licence?fileName=b.png`, Buffer.concat([licence, Buffer.from([0])]));
      await expectUntouched(office, () => submit(draft, paper), wrongProof);
    });

    it('two at once for one certificate: one is taken; replayed it is refused', async () => {
      const second = await desk.draft(holder.agent, 'renewal-valid', holder);
      const [one, two] = [await desk.prove(holder, draft), await desk.prove(holder, second)];
      const answers = await Promise.all([submit(draft, one), submit(second, two)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
      expectRefusal(answers.find(({ status }) => status === 409) ?? fail(), conflict('CERTIFICATE_IN_WORK'));
      await office.until(async () => ((await inWork()).every(({ stage }) => stage === 'review') ? true : null), 'the review');
      await expectUntouched(office, () => begin(holder, 'renewal-valid', holder.serial), conflict('CERTIFICATE_IN_WORK'));
      await expectUntouched(office, () => submit(answers[0].status === 202 ? draft : second, one), conflict('DRAFT_SUBMITTED'));
      await closeOpen();
    });
  });

  describe('what a correction may change', () => {
    it('nothing that stands in the certificate, and nothing that was paid for', async () => {
      const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
      const { id } = await desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) });
      for (const field of ['organisation/certificateName', 'organisation/uscc', 'certificates/years', 'certificates/count'])
        expectRefusal(
          await desk.decide(id, { outcome: 'returned', reasons: [{ field, code: 'mismatch' }] }),
          invalid({ 'reasons/0/field': 'FIELD_FIXED' }),
        );
      expect((await desk.decide(id, { outcome: 'returned', reasons: [{ field: 'delivery/address', code: 'mismatch' }] })).status).toBe(204);
      await desk.reach(id, 'correction');
      await desk.told(id, 'review-returned');
      const edit = (form: object) => holder.agent.attempt('PATCH', `/api/v1/applications/${id}/correction`, { json: { form } });
      await expectUntouched(office, () => edit({ certificates: { years: 5 } }), invalid({ 'certificates/years': 'FIELD_NOT_RETURNED' }));
      await expectUntouched(office, () => edit({ cause: 'lost' }), invalid({ cause: 'FIELD_NOT_RETURNED' }));
      expect(await office.data.manager.findOneBy(FeeOrder, { applicationId: id })).toMatchObject({ amountFen: 20_000 });
      await closeOpen();
    });
  });

  describe('an installation', () => {
    let id: string;
    beforeAll(async () => {
      const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
      ({ id } = await desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) }));
      await desk.approve(id);
      await desk.reach(id, 'payment');
      await desk.transfer(id, '某某代付有限公司');
      await desk.reach(id, 'installation');
      await desk.told(id, 'install-ready');
    });
    const post = (what: string, json: object) => office.person().attempt('POST', `/api/v1/installations/${what}`, { json });
    const open = async (serial: string) => (await post('challenges', { serial })).body as { challengeId: string; text: string };
    const requestBy = (container: string, serialNumber: string) => {
      const token = desk.token(serialNumber);
      token.generateSigningKey(container);
      return token.certificationRequest(container, { organisation: 'x', commonName: 'x' }).toString('base64');
    };

    it('waits for no other certificate, and tells nothing of any', async () => {
      for (const serial of [other.serial, 'ffff', '', '%00']) {
        await expectUntouched(office, () => post('challenges', { serial }), notFound);
        await expectUntouched(office, () => post('confirmation-challenges', { serial }), notFound);
      }
    });

    it('is asked for by the old key alone: another’s signature, a challenge used or for another purpose gets nothing', async () => {
      const { token } = await desk.pair(holder.id);
      const certificationRequest = requestBy('attack', token.serialNumber);
      const { challengeId, text } = await open(holder.serial);
      const signature = desk.assistant().sign(other.serial, text, INITIAL_USER_PIN);
      const ask = (proof: object) => post('requests', { serial: holder.serial, certificationRequest, ...proof });
      await expectUntouched(office, () => ask({ challengeId, signature }), wrongProof);
      const right = { challengeId, signature: desk.assistant().sign(holder.serial, text, INITIAL_USER_PIN) };
      await expectUntouched(office, () => post('requests', { serial: other.serial, certificationRequest, ...right }), notFound);
      const damaged = Buffer.from(certificationRequest, 'base64').fill(0, 60, 70).toString('base64');
      for (const bytes of ['', 'AAAA', damaged])
        await expectUntouched(
          office,
          () => post('requests', { serial: holder.serial, ...right, certificationRequest: bytes }),
          invalid({ certificationRequest: 'FIELD_FORMAT' }),
        );
      office.clock.forward(300_000);
      await expectUntouched(office, () => ask(right), spent);
      expect((await desk.row(id)).stage).toBe('installation');
    });

    it.each([
      ['keyCompromise', 'CERTIFICATE_REVOKED'],
      ['certificateHold', 'CERTIFICATE_HELD'],
    ])('of a certificate that was lost meanwhile (%s) is refused, whoever has the token', async (reason, code) => {
      const { challengeId, text } = await open(holder.serial);
      const proof = { challengeId, signature: desk.assistant().sign(holder.serial, text, INITIAL_USER_PIN) };
      const certificationRequest = requestBy('thief', (await desk.pair(holder.id)).token.serialNumber);
      await mark(holder, reason);
      await expectUntouched(office, () => post('challenges', { serial: holder.serial }), conflict(code));
      await expectUntouched(office, () => post('requests', { serial: holder.serial, certificationRequest, ...proof }), conflict(code));
      await mark(holder, null);
      expect(await office.data.query('SELECT 1 FROM certificate WHERE application_id = $1', [id])).toEqual([]);
    });

    it('renews no key: the one of before is refused as the new one', async () => {
      const { challengeId, text } = await open(holder.serial);
      const certificationRequest = requestBy('xinyin', (await desk.pair(holder.id)).token.serialNumber);
      const signature = desk.assistant().sign(holder.serial, text, INITIAL_USER_PIN);
      const ask = () => post('requests', { serial: holder.serial, certificationRequest, challengeId, signature });
      await expectUntouched(office, ask, invalid({ certificationRequest: 'FIELD_CHOICE' }));
    });

    it('once issued for one key it is not issued for another', async () => {
      const cut = Object.assign(new AuthorityApi(office.api), { confirmInstallation: () => Promise.reject(new Error('cut')) });
      await expect(desk.assistant(cut).install(holder.serial, INITIAL_USER_PIN)).rejects.toThrow('cut');
      const { challengeId, text } = await open(holder.serial);
      const certificationRequest = requestBy('second', (await desk.pair(holder.id)).token.serialNumber);
      const signature = desk.assistant().sign(holder.serial, text, INITIAL_USER_PIN);
      const ask = () => post('requests', { serial: holder.serial, certificationRequest, challengeId, signature });
      await expectUntouched(office, ask, conflict('INSTALLATION_OTHER_KEY'));
    });

    it('is confirmed by the new key alone', async () => {
      const { serial } = (await desk.pair(id)).signing;
      const { body } = await post('confirmation-challenges', { serial });
      const { challengeId, text } = body as { challengeId: string; text: string };
      const signature = desk.assistant().sign(holder.serial, text, INITIAL_USER_PIN);
      await expectUntouched(office, () => post('confirmations', { serial, challengeId, signature }), wrongProof);
      await desk.assistant().install(holder.serial, INITIAL_USER_PIN);
      expect(await desk.ended(id)).toBe('installed');
      // Written by the engine's clock, of which the office's is a working day ahead: that may be a week.
      await office.data.manager.update(Application, { id }, { completedAt: office.clock.now() });
    });

    it('whose last answer was lost answers the same when asked again, for a day, and does nothing twice', async () => {
      const { serial } = (await desk.pair(id)).signing;
      const { challengeId, text } = (await post('confirmation-challenges', { serial })).body as { challengeId: string; text: string };
      const proof = { serial, challengeId, signature: desk.assistant().sign(serial, text, INITIAL_USER_PIN) };
      const before = await desk.pair(id);
      for (let times = 0; times < 2; times += 1) expect((await post('confirmations', proof)).status).toBe(204);
      await expectUntouched(office, () => post('confirmations', { ...proof, signature: 'MEUCIQ==' }), wrongProof);
      expect(await desk.assistant().install(holder.serial, INITIAL_USER_PIN)).toBe(serial);
      expect(await desk.pair(id)).toEqual(before);
      expect(times(await actionsOf(office, id), 'installation.confirmed')).toBe(1);
      office.clock.forward(DAY_MS + 60_000);
      await expectUntouched(office, () => post('confirmation-challenges', { serial }), notFound);
      await expectUntouched(office, () => post('challenges', { serial: holder.serial }), notFound);
    });

    it('D: an address asks for 120 challenges an hour, of either kind, and then waits', async () => {
      const somebody = office.person();
      const ask = (what: string) => somebody.attempt('POST', `/api/v1/installations/${what}`, { json: { serial: 'ffff' } });
      for (let times = 0; times < 60; times += 1)
        for (const what of ['challenges', 'confirmation-challenges']) expect((await ask(what)).status).toBe(404);
      for (const what of ['challenges', 'confirmation-challenges'])
        await expectUntouched(office, () => ask(what), { status: 429, code: 'ADDRESS_LIMIT' });
      expectRefusal(await post('challenges', { serial: 'ffff' }), notFound);
      office.clock.forward(3_600_000);
      expectRefusal(await ask('challenges'), notFound);
    });
  });

  const inWork = () => office.data.manager.findBy(Application, { subjectSerial: holder.serial, stage: Not('closed') });
  /** Taken back, so that the next test finds the certificate free. */
  async function closeOpen() {
    for (const { id } of await inWork()) {
      await office.until(async () => ((await desk.row(id)).stage === 'phone-verification' ? null : true), 'its review');
      await holder.agent.post(`/api/v1/applications/${id}/withdrawal`);
      await desk.reach(id, 'closed');
    }
  }
  const fail = (): never => {
    throw new Error('neither was refused');
  };
});
