/** 证书解锁 over HTTP: from the call to the new PIN, tickets of customer service, and the second person. */
import { randomUUID } from 'node:crypto';
import { minutes } from '#domain';
import { Application, AuditEntry, brokenLink, Certificate, SmsCode, UnlockDecisionRow } from '#persistence';
import { parseCertificate, sm2Verify } from '#pki';
import { INITIAL_USER_PIN } from '#token';
import { Assistant, AuthorityApi } from '../../apps/assistant/src/index.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { actionsOf } from './applicants.js';
import { expectRefusal, invalid, notFound } from './refusal.js';
import { unlocksOf, type Holder } from '../world/unlocks.js';

const NEW_PIN = 'new-pin-2026';

describe('证书解锁', () => {
  let office: Office;
  let unlocks: ReturnType<typeof unlocksOf>;
  let service: Person;
  beforeAll(async () => {
    office = await openOffice();
    unlocks = unlocksOf(office);
    service = await office.staff('customer-service');
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  describe('from the call to the new PIN', () => {
    it('a token locked by wrong PINs is unlocked by the code, takes the new PIN and signs; the audit says who did what', async () => {
      const of = await unlocks.holder();
      const assistant = new Assistant(office.settings.folders.station, new AuthorityApi(office.api));
      for (let tries = 0; tries < 6; tries += 1) expect(() => assistant.sign(of.serial, 'text', '00000000')).toThrow();
      expect(() => assistant.sign(of.serial, 'text', INITIAL_USER_PIN)).toThrow(expect.objectContaining({ code: 'TOKEN_PIN_LOCKED' }));

      const { id, number, code } = await unlocks.approved(of);
      expect(number).toMatch(/^JS-\d{4}-\d{6}/);
      await assistant.unlock(of.serial, code, NEW_PIN);

      const signature = Buffer.from(assistant.sign(of.serial, 'text', NEW_PIN), 'base64');
      const { der } = await office.data.manager.findOneByOrFail(Certificate, { serial: of.serial });
      expect(sm2Verify(parseCertificate(der ?? Buffer.alloc(0)).publicKey, Buffer.from('text'), signature)).toBe(true);
      await unlocks.reach(id, 'closed');
      expect((await office.data.manager.findOneByOrFail(Application, { id })).outcome).toBe('unlocked');
      expect(await actionsOf(office, id)).toEqual([
        'application.submitted',
        'unlock.called-back',
        'unlock.approval-opened',
        'unlock.approved',
        'unlock.code-sent',
        'unlock.answered',
        'application.finished',
        'sms.sent',
        'case.closed',
      ]);
      const entries = await office.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
      expect(brokenLink(entries)).toBeNull();
      expect((await unlocks.templates(of)).sort()).toEqual(['unlock-code', 'unlocked']);
    });

    it('customer service sees whom to call back, and the open ticket in the list', async () => {
      const of = await unlocks.holder();
      const seen = await service.get<Record<string, string>>(`/api/v1/unlocks/holders/${of.serial}`);
      expect(seen).toMatchObject({
        registeredPhone: of.phone,
        tokenSerialNumber: of.tokenSerialNumber,
        certificateName: '成都锁定医药有限公司',
      });
      const { id } = await unlocks.opened(of);
      const list = await service.get<{ id: string; contact: string }[]>('/api/v1/unlocks/tickets');
      expect(list.find((each) => each.id === id)).toMatchObject({ contact: 'telephone', stage: { code: 'approval' } });
    });

    it('the code is kept as a keyed hash, for the registered phone, for an hour', async () => {
      const { id, phone, code } = await unlocks.approved();
      const row = await office.data.manager.findOneByOrFail(SmsCode, { subject: `unlock/${id}` });
      expect(row).toMatchObject({ phone, attempts: 0, usedAt: null });
      expect(row.codeHash.toString('latin1')).not.toContain(code);
      expect(Math.round((row.expiresAt.getTime() - row.createdAt.getTime()) / minutes(1))).toBe(60);
    });
  });

  describe('a ticket', () => {
    it('needs the explicit word that the registered phone was called back', async () => {
      const { callBackConfirmed: _, ...silent } = unlocks.request(await unlocks.holder());
      expectRefusal(await unlocks.ask(silent), invalid({ callBackConfirmed: 'FIELD_REQUIRED' }));
      expectRefusal(await unlocks.ask({ ...silent, callBackConfirmed: false }), invalid({ callBackConfirmed: 'FIELD_REQUIRED' }));
    });

    it('comes by telephone or QQ, and from customer service only', async () => {
      const of = await unlocks.holder();
      expectRefusal(await unlocks.ask({ ...unlocks.request(of), contact: 'window' }), invalid({ contact: 'FIELD_CHOICE' }));
      for (const role of ['reviewer', 'clerk', 'supervisor', 'auditor'])
        expectRefusal(await unlocks.ask(unlocks.request(of), await office.staff(role)), { status: 403, code: 'FORBIDDEN_ROLE' });
      expect((await unlocks.ask({ ...unlocks.request(of), contact: 'qq' })).status).toBe(202);
    });

    it('is opened once by the same key, and there is one at a time for a certificate', async () => {
      const of = await unlocks.holder();
      const key = randomUUID();
      const first = await unlocks.ask(unlocks.request(of), service, key);
      expect((await unlocks.ask(unlocks.request(of), service, key)).body).toEqual(first.body);
      expectRefusal(await unlocks.ask(unlocks.request(await unlocks.holder()), service, key), {
        status: 409,
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
      expectRefusal(await unlocks.ask(unlocks.request(of)), { status: 409, code: 'CERTIFICATE_IN_WORK' });
    });

    it('is not opened by a draft', async () => {
      const { serial } = await unlocks.holder();
      const json = { business: 'unlock', system: 'sichuan-medicine-procurement', certificate: serial };
      expectRefusal(await service.attempt('POST', '/api/v1/drafts', { json }), invalid({ business: 'FIELD_CHOICE' }));
    });

    it('for no certificate of ours answers like not found', async () => {
      expectRefusal(await unlocks.ask({ ...unlocks.request(await unlocks.holder()), certificate: 'abcdef' }), notFound);
    });

    it('for a revoked, a suspended or an expired certificate is refused', async () => {
      const [revoked, held, expired] = [await unlocks.holder(), await unlocks.holder(), await unlocks.holder()];
      const revoke = ({ serial }: Holder, revocationReason: string) =>
        office.data.manager.update(Certificate, { serial }, { state: 'revoked', revokedAt: office.clock.now(), revocationReason });
      await revoke(revoked, 'keyCompromise');
      await revoke(held, 'certificateHold');
      await office.data.manager.update(
        Certificate,
        { serial: expired.serial },
        { notAfter: new Date(office.clock.now().getTime() - minutes(1)) },
      );
      expectRefusal(await unlocks.ask(unlocks.request(revoked)), { status: 409, code: 'CERTIFICATE_REVOKED' });
      expectRefusal(await unlocks.ask(unlocks.request(held)), { status: 409, code: 'CERTIFICATE_HELD' });
      expectRefusal(await unlocks.ask(unlocks.request(expired)), { status: 409, code: 'CERTIFICATE_EXPIRED' });
    });

    it.each([
      ['is being replaced', { stage: 'review', outcome: null }],
      ['was replaced', { stage: 'closed', outcome: 'handed-over' }],
    ])('for a token that %s is refused', async (_, standing) => {
      const of = await unlocks.holder();
      const [draft] = await office.data.query<{ id: string }[]>(
        `INSERT INTO draft SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid()))).* FROM draft d
           JOIN application a ON a.draft_id = d.id WHERE a.id = $1 RETURNING id`,
        [of.applicationId],
      );
      const reissue = {
        business: 'reissue',
        subject_serial: of.serial,
        idempotency_key: of.serial,
        number: `BB-${of.serial}`,
        ...standing,
      };
      await office.data.query(
        `INSERT INTO application SELECT (jsonb_populate_record(a, $2::jsonb || jsonb_build_object('id', gen_random_uuid()))).* FROM application a WHERE a.id = $1`,
        [of.applicationId, JSON.stringify({ ...reissue, draft_id: draft?.id })],
      );
      expectRefusal(await unlocks.ask(unlocks.request(of)), { status: 409, code: 'TOKEN_REPLACED' });
    });
  });

  describe('the second person', () => {
    const FOUR_EYES = { status: 403, code: 'FOUR_EYES' };

    it('is never the one who opened the ticket, whatever their roles: the engine refuses, and so does the database', async () => {
      await office.addStaff('both-roles', ['customer-service', 'supervisor'], '19000000101');
      const both = await office.staff('both-roles');
      const ticket = await unlocks.opened(undefined, both);
      expectRefusal(await unlocks.decide(both, ticket), FOUR_EYES);
      expect(await unlocks.stageOf(ticket.id)).toBe('approval');
      const { enteredBy } = await office.data.manager.findOneByOrFail(Application, { id: ticket.id });
      const row = {
        applicationId: ticket.id,
        outcome: 'approved' as const,
        reason: null,
        decidedBy: enteredBy ?? '',
        decidedAt: new Date(),
      };
      await expect(office.data.manager.insert(UnlockDecisionRow, row)).rejects.toThrow('nobody approves an unlocking that they opened');
    });

    it('is not the holder either, whose phone gets the code', async () => {
      const of = await unlocks.holder();
      await office.addStaff('holder-too', ['supervisor'], of.phone);
      expectRefusal(await unlocks.decide(await office.staff('holder-too'), await unlocks.opened(of)), FOUR_EYES);
    });

    it.each(['reviewer', 'supervisor'])('may be a %s', async (role) => {
      expect((await unlocks.decide(await office.staff(role), await unlocks.opened())).status).toBe(204);
    });

    it('is not customer service, a clerk or an auditor', async () => {
      const ticket = await unlocks.opened();
      for (const role of ['customer-service', 'clerk', 'auditor'])
        expectRefusal(await unlocks.decide(await office.staff(role), ticket), { status: 403, code: 'FORBIDDEN_ROLE' });
    });

    it('decides once', async () => {
      const ticket = await unlocks.approved();
      expectRefusal(await unlocks.decide(await office.staff('reviewer'), ticket), { status: 409, code: 'ALREADY_DECIDED' });
    });

    it('who refuses says why; no code is sent and the holder is told', async () => {
      const ticket = await unlocks.opened();
      const supervisor = await office.staff('supervisor');
      expectRefusal(await unlocks.decide(supervisor, ticket, { outcome: 'rejected' }), invalid({ reason: 'FIELD_REQUIRED' }));
      expect((await unlocks.decide(supervisor, ticket, { outcome: 'rejected', reason: 'identity-doubtful' })).status).toBe(204);
      await unlocks.reach(ticket.id, 'closed');
      expect(await unlocks.templates(ticket)).toEqual(['review-rejected']);
    });
  });
});
