/** What a window refuses: outside its hours, without four eyes, with the wrong money, for the wrong certificate. Rules: business.md. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Certificate } from '#persistence';
import { FEW_PAPERS, nextDay, openDesk, type Desk, type Holder } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { actionsOf } from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(120_000);
const DAY_MS = 86_400_000;
const SYSTEM = 'sichuan-medicine-procurement';
const conflict = (code: string) => ({ status: 409, code });
const fourEyes = { status: 403, code: 'FOUR_EYES' };
const forbidden = { status: 403, code: 'FORBIDDEN_ROLE' };
const stageRefuses = conflict('STAGE_REFUSES');

describe('at a window, refused', () => {
  let office: Office;
  let desk: Desk;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  const nextYear = () => desk.holder(new Date(office.clock.now().getTime() + 365 * DAY_MS));
  const begin = async (business: string, { serial }: { serial: string }, who = 'clerk') =>
    (await desk.who(who)).attempt('POST', '/api/v1/drafts', { json: { business, system: SYSTEM, certificate: serial } });
  /** A reissue that waits for its payment, entered by the clerk. */
  const reissue = async (who = 'clerk') => {
    const holder = await nextYear();
    const clerk = await desk.who(who);
    const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS));
    await desk.reach(id, 'window-payment');
    return { id, holder };
  };

  describe('its hours', () => {
    let holder: Holder;
    beforeAll(async () => {
      holder = await nextYear();
    });
    const draft = async () => {
      const clerk = await desk.who('clerk');
      return { clerk, path: await desk.draft(clerk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS) };
    };
    const waive = (who: string, path: string, json: object) => desk.keyed(who, `${path}/hours-waiver`, json);

    it.each([
      ['chengnan', '08:59:59', 'working'],
      ['chengnan', '17:30:00', 'working'],
      ['chengnan', '10:00:00', 'resting'],
      ['xinchuan', '12:00:00', 'working'],
      ['xinchuan', '12:59:59', 'working'],
    ] as const)('G hours: %s takes nothing at %s on a %s day', async (window, hour, kind) => {
      nextDay(office, hour, kind);
      office.clock.stopAt(office.clock.now());
      const { clerk, path } = await draft();
      await expectUntouched(office, () => desk.submit(clerk, path, { window }), conflict('WINDOW_CLOSED'));
    });

    it('a window that is none, or none named, is refused', async () => {
      nextDay(office, '10:00:00');
      const { clerk, path } = await draft();
      await expectUntouched(office, () => desk.submit(clerk, path, {}), invalid({ window: 'FIELD_REQUIRED' }));
      await expectUntouched(office, () => desk.submit(clerk, path, { window: '__proto__' }), invalid({ window: 'FIELD_CHOICE' }));
    });

    it('D hours: a supervisor lets one in outside them, giving a reason, and that is audited; nobody else does', async () => {
      nextDay(office, '12:30:00');
      const { clerk, path } = await draft();
      await expectUntouched(office, () => waive('clerk', path, { reason: '急' }), forbidden);
      await expectUntouched(office, () => waive('supervisor', path, { reason: ' ' }), invalid({ reason: 'FIELD_REQUIRED' }));
      await expectUntouched(office, () => waive('supervisor', path, {}), invalid({ reason: 'FIELD_REQUIRED' }));
      await expectUntouched(office, () => waive('supervisor', `/api/v1/drafts/${randomUUID()}`, { reason: '急' }), notFound);
      expect((await waive('supervisor', path, { reason: '投标截止在即' })).status).toBe(204);
      const { id } = await desk.file(clerk, path, { window: 'xinchuan' });
      expect(await actionsOf(office, id)).toContain('window.hours-overridden');
      nextDay(office, '10:00:00');
    });
  });

  describe('its money', () => {
    it('the wrong amount, cash, a slip without a number: nothing is taken', async () => {
      const { id } = await reissue();
      const pay = (json: object) => desk.atWindow('clerk', id, 'payment', json);
      const right = desk.slip(5_000);
      for (const amountFen of [4_999, 5_001])
        await expectUntouched(office, () => pay({ ...right, amountFen }), { status: 422, code: 'AMOUNT_DIFFERS' });
      await expectUntouched(office, () => pay({ ...right, method: 'cash' }), invalid({ method: 'FIELD_CHOICE' }));
      await expectUntouched(office, () => pay({ ...right, slipNumber: '现金' }), invalid({ slipNumber: 'FIELD_FORMAT' }));
      await expectUntouched(office, () => pay({ ...right, amountFen: 50.5 }), invalid({ amountFen: 'FIELD_TYPE' }));
      expect((await pay(right)).status).toBe(204);
    });

    it('a slip pays for one application, and an application is paid once', async () => {
      const [one, other] = [await reissue(), await reissue()];
      const slip = desk.slip(5_000);
      expect((await desk.atWindow('clerk', one.id, 'payment', slip)).status).toBe(204);
      expectRefusal(await desk.atWindow('clerk', other.id, 'payment', slip), conflict('SLIP_USED'));
      expect((await desk.row(other.id)).stage).toBe('window-payment');
      expect(await office.data.query('SELECT count(*)::int AS n FROM window_payment WHERE slip_number = $1', [slip.slipNumber])).toEqual([
        { n: 1 },
      ]);
      await desk.reach(one.id, 'review');
      expectRefusal(await desk.atWindow('clerk', one.id, 'payment', desk.slip(5_000)), stageRefuses);
    });

    it('a transfer that names its reference is held for finance, and pays nothing at the window', async () => {
      const { id, holder } = await reissue();
      const { state } = await desk.transfer(id, holder.form.organisation.certificateName);
      expect(state).toBe('held');
      expect((await desk.atWindow('clerk', id, 'payment', desk.slip(5_000))).status).toBe(204);
    });

    it('withdrawn after the payment: it is owed back; before it: nothing is, and nothing is taken any more', async () => {
      const [paid, unpaid] = [await reissue(), await reissue()];
      await desk.pay(paid.id, 5_000);
      await desk.reach(paid.id, 'review');
      for (const { id, holder } of [paid, unpaid]) {
        await holder.agent.post(`/api/v1/applications/${id}/withdrawal`);
        expect(await desk.ended(id)).toBe('withdrawn');
        await desk.told(id, 'withdrawn');
      }
      const owed = await office.data.query(
        'SELECT o.application_id AS id, r.amount_fen::int AS fen FROM refund r JOIN fee_order o ON o.id = r.order_id',
      );
      expect(owed).toEqual([{ id: paid.id, fen: 5_000 }]);
      await expectUntouched(office, () => desk.atWindow('clerk', unpaid.id, 'payment', desk.slip(5_000)), stageRefuses);
    });
  });

  describe('four eyes', () => {
    it('D window: nobody reviews what they entered or took payment for; a third person does', async () => {
      const { id } = await reissue('clerk');
      await desk.pay(id, 5_000, 'second-clerk');
      for (const who of ['clerk', 'second-clerk']) {
        await desk.reach(id, 'review');
        const person = await desk.who(who);
        await expectUntouched(office, () => person.attempt('POST', `/api/v1/reviews/${id}/claim`, { json: {} }), fourEyes);
        const decision = { outcome: 'approved', reasons: [] };
        await expectUntouched(office, () => desk.keyed(who, `/api/v1/reviews/${id}/decision`, decision), fourEyes);
      }
      await desk.approve(id, 'clerk-who-reviews');
      await desk.reach(id, 'key-recovery');
    });

    it('the database refuses it too, whoever passes the API by', async () => {
      const { id } = await reissue();
      await desk.pay(id, 5_000, 'second-clerk');
      const staff = async (username: string) =>
        ((await office.data.query('SELECT id FROM staff_account WHERE username = $1', [username])) as { id: string }[])[0]?.id ?? '';
      for (const username of ['clerk', 'second-clerk']) {
        const person = await staff(username);
        const review = office.data.query(
          `INSERT INTO review_decision (id, application_id, round, outcome, reasons, reviewer_id, reviewer_phone, submitter_phone, agent_phone, sent_at)
           VALUES ($1, $2, 1, 'approved', '[]', $3, '13800000009', '13800000001', '13800000002', now())`,
          [randomUUID(), id, person],
        );
        await expect(review).rejects.toThrow(/nobody decides/);
        const recovery = office.data.query('INSERT INTO key_recovery_approval VALUES ($1, $2, now())', [id, person]);
        await expect(recovery).rejects.toThrow(/nobody decides/);
      }
    });

    it('D recovery: not by one person twice, not by who entered the case, and not before its time', async () => {
      const { id } = await reissue('clerk-who-reviews');
      await expectUntouched(office, () => desk.atWindow('reviewer', id, 'key-recovery'), stageRefuses);
      await desk.pay(id, 5_000);
      await desk.approve(id);
      await desk.reach(id, 'key-recovery');
      await expectUntouched(office, () => desk.atWindow('clerk-who-reviews', id, 'key-recovery'), fourEyes);
      await expectUntouched(office, () => desk.atWindow('clerk', id, 'key-recovery'), forbidden);
      expect((await desk.atWindow('reviewer', id, 'key-recovery')).body).toEqual({ approvals: 1 });
      await expectUntouched(office, () => desk.atWindow('reviewer', id, 'key-recovery'), conflict('ALREADY_DECIDED'));
      expect(await office.data.query('SELECT 1 FROM certificate WHERE application_id = $1', [id])).toEqual([]);
      expect((await desk.row(id)).stage).toBe('key-recovery');
    });
  });

  describe('which certificate', () => {
    it('a reissue of a revoked one; a change or a renewal while a reissue is open; a revocation waits for nothing', async () => {
      const { id, holder } = await reissue();
      for (const business of ['change', 'reissue']) {
        const problem = await expectUntouched(office, () => begin(business, holder), conflict('CERTIFICATE_IN_WORK'));
        expect(problem.titleEn).toContain((await desk.row(id)).number);
      }
      expect((await begin('revocation', holder)).status).toBe(201);
      const gone = await nextYear();
      const revoked = { state: 'revoked' as const, revokedAt: office.clock.now(), revocationReason: 'superseded' };
      await office.data.manager.update(Certificate, { serial: gone.serial }, revoked);
      for (const business of ['reissue', 'change', 'renewal-valid', 'revocation'])
        await expectUntouched(office, () => begin(business, gone), conflict('CERTIFICATE_REVOKED'));
    });

    it.each([
      ['revoked by another case', 'keyCompromise'],
      ['run out', null],
    ])('G reissue: of one that was %s while it was paid for and reviewed it ends there; what was paid is owed back', async (_, reason) => {
      const { id, holder } = await reissue();
      await desk.pay(id, 5_000);
      await desk.reach(id, 'review');
      const { serial } = holder;
      if (reason === null) {
        const notAfter = new Date(office.clock.now().getTime() - 60_000);
        await office.data.manager.update(Certificate, { serial }, { notAfter });
      } else {
        const clerk = await desk.who('clerk');
        const lost = await desk.file(clerk, await desk.draft(clerk, 'revocation', holder, { cause: 'lost' }, FEW_PAPERS));
        await desk.approve(lost.id);
        expect(await desk.ended(lost.id)).toBe('revoked');
      }
      const before = await office.data.manager.findOneByOrFail(Certificate, { serial });
      await desk.approve(id);
      expect(await desk.ended(id)).toBe('certificate-ended');
      await desk.told(id, 'certificate-ended');
      expect(await office.data.manager.findOneByOrFail(Certificate, { serial })).toEqual(before);
      expect(before.revocationReason).toBe(reason);
      expect(await office.data.manager.countBy(Certificate, { applicationId: id })).toBe(0);
      const owed = await office.data.query(
        'SELECT r.amount_fen::int AS fen FROM refund r JOIN fee_order o ON o.id = r.order_id WHERE o.application_id = $1',
        [id],
      );
      expect(owed).toEqual([{ fen: 5_000 }]);
    });

    it('a change without any changed field', async () => {
      const holder = await nextYear();
      const clerk = await desk.who('clerk');
      const nothing = { status: 422, code: 'CHANGE_NOTHING' };
      const same = await desk.draft(clerk, 'change', holder);
      await expectUntouched(office, () => desk.submit(clerk, same), nothing);
      const { certificateName, uscc } = holder.form.organisation;
      const restored = await desk.draft(clerk, 'change', holder, { organisation: { certificateName, uscc }, remarks: '无变更' });
      await expectUntouched(office, () => desk.submit(clerk, restored), nothing);
    });

    it('a cause that the business does not know, or none', async () => {
      const holder = await nextYear();
      const clerk = await desk.who('clerk');
      for (const [business, form, code] of [
        ['reissue', undefined, 'FIELD_REQUIRED'],
        ['reissue', { cause: 'unused' }, 'FIELD_CHOICE'],
        ['revocation', { cause: 'damaged' }, 'FIELD_CHOICE'],
      ] as const) {
        const draft = await desk.draft(clerk, business, holder, form, FEW_PAPERS);
        await expectUntouched(office, () => desk.submit(clerk, draft), invalid({ cause: code }));
      }
    });
  });

  describe('by telephone', () => {
    it('D: a suspension needs the call back, is for customer service, and is not withdrawn over the portal', async () => {
      const holder = await nextYear();
      const service = await desk.who('customer-service');
      for (const business of ['reissue', 'change', 'new'])
        await expectUntouched(office, () => begin(business, holder, 'customer-service'), invalid({ business: 'CHANNEL_REFUSED' }));
      const draft = await desk.draft(service, 'revocation', holder, { cause: 'lost' }, []);
      for (const json of [{}, { callBackConfirmed: false }])
        await expectUntouched(office, () => desk.submit(service, draft, json), invalid({ callBackConfirmed: 'FIELD_REQUIRED' }));
      const { id } = await desk.file(service, draft, { callBackConfirmed: true });
      await desk.reach(id, 'suspension');
      await office.until(async () => ((await actionsOf(office, id)).includes('sms.sent') ? true : null), 'the message');
      const withdraw = () => holder.agent.attempt('POST', `/api/v1/applications/${id}/withdrawal`, { json: {} });
      await expectUntouched(office, withdraw, stageRefuses);
      const form = (who: string) => desk.atWindow(who, id, 'form', { wish: 'revoke' });
      await expectUntouched(office, () => form('customer-service'), forbidden);
      const missing = invalid({ 'materials/application-form': 'MATERIAL_MISSING', 'materials/agent-id': 'MATERIAL_MISSING' });
      await expectUntouched(office, () => form('clerk'), missing);
      expect((await begin('renewal-valid', holder)).status).toBe(409);
    });
  });
});
