/** 证书更新 to its end, through the public API and the assistant. Rules: business.md, "Renewal online" and "What is applied for". */
import { jest } from '@jest/globals';
import { AuditEntry, FeeOrder } from '#persistence';
import { parseCertificate, sm2Encrypt, sm2Verify } from '#pki';
import { INITIAL_USER_PIN } from '#token';
import { AuthorityApi } from '../../apps/assistant/src/index.js';
import { nextDay, openDesk, type Desk, type Holder } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';

jest.setTimeout(180_000);
const DAY_MS = 86_400_000;
const TEXT = Buffer.from('旧密文仍可解密');
const TWO_YEARS = { certificates: { years: 2 } };

describe('renewal, to its end', () => {
  let office: Office;
  let desk: Desk;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const inDays = (days: number) => new Date(office.clock.now().getTime() + days * DAY_MS);
  const order = (applicationId: string) => office.until(() => office.data.manager.findOneBy(FeeOrder, { applicationId }), 'the order');
  const laterBy = (years: number, at: Date) => new Date(new Date(at).setUTCFullYear(at.getUTCFullYear() + years)).toISOString();
  /** An expired one: ten minutes later it is. */
  const expired = async () => {
    const holder = await desk.holder(new Date(office.clock.now().getTime() + 600_000));
    office.clock.forward(601_000);
    return holder;
  };
  const expectRevoked = async ({ id }: Holder, reason: string) => {
    const { signing, encryption, seal } = await desk.pair(id);
    expect([signing, encryption].map(({ state, revocationReason }) => [state, revocationReason])).toEqual([
      ['revoked', reason],
      ['revoked', reason],
    ]);
    expect([seal.revocationReason, seal.revokedAt === null]).toEqual([reason, false]);
  };
  /** The token carries both: the new keys sign and open, and what was encrypted for the old key still opens. */
  async function expectOnOneToken(holder: Holder, id: string) {
    const [before, after] = [await desk.pair(holder.id), await desk.pair(id)];
    expect(after.token.serialNumber).toBe(before.token.serialNumber);
    expect([before.token.container, after.token.container]).toEqual(['xinyin', (await desk.row(id)).number]);
    const token = desk.token(after.token.serialNumber);
    for (const { signing, encryption, seal, token: place } of [before, after]) {
      const key = (der: Buffer | null) => parseCertificate(der ?? Buffer.alloc(0)).publicKey;
      expect(token.decrypt(place.container, sm2Encrypt(key(encryption.der), TEXT))).toEqual(TEXT);
      expect(sm2Verify(key(signing.der), TEXT, token.sign(place.container, TEXT))).toBe(true);
      expect(token.readSeal(place.container)).toEqual(seal.der);
    }
    expect(after.signing.serial).not.toBe(before.signing.serial);
  }

  it('G renewal, valid, online: signed by the current key, paid by anybody, installed by the assistant; notAfter = old notAfter + years', async () => {
    const holder = await desk.holder(inDays(30));
    const before = await desk.pair(holder.id);
    const draft = await desk.draft(holder.agent, 'renewal-valid', holder, TWO_YEARS);
    const { id } = await desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) });
    // G: 200 a year, ordered with the submission.
    expect(await order(id)).toMatchObject({ amountFen: 40_000, payer: 'anybody', status: 'open' });
    await desk.approve(id);
    await desk.reach(id, 'payment');
    await desk.transfer(id, '某某代付有限公司');
    await desk.reach(id, 'installation');

    const cut = Object.assign(new AuthorityApi(office.api), { confirmInstallation: () => Promise.reject(new Error('the line was cut')) });
    await expect(desk.assistant(cut).install(holder.serial, INITIAL_USER_PIN)).rejects.toThrow('the line was cut');
    // D: until the holder has confirmed, the old pair is all that counts.
    expect((await desk.pair(holder.id)).signing.state).toBe('valid');
    const first = await desk.pair(id);
    const installed = await desk.assistant().install(holder.serial, INITIAL_USER_PIN);
    expect(await desk.ended(id)).toBe('installed');

    const { signing, encryption } = await desk.pair(id);
    expect([installed, signing.id]).toEqual([signing.serial, first.signing.id]);
    for (const { der } of [signing, encryption])
      expect(parseCertificate(der ?? Buffer.alloc(0)).notAfter.toISOString()).toBe(laterBy(2, before.signing.notAfter));
    await expectRevoked(holder, 'superseded');
    await expectOnOneToken(holder, id);
    const audit = await office.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
    const actions = audit.map(({ action }) => action);
    expect(actions.indexOf('certificate.revoked')).toBeGreaterThan(actions.indexOf('installation.confirmed'));
    await (await desk.who('auditor')).download(`/api/v1/applications/${id}/audit.jsonl`);
  });

  it('G renewal, expired, online: the organisation’s own transfer proves it, nobody else’s; notAfter = issue + years', async () => {
    const holder = await expired();
    const draft = await desk.draft(holder.agent, 'renewal-expired', holder, TWO_YEARS);
    const { id } = await desk.file(holder.agent, draft, {});
    await desk.approve(id);
    await desk.reach(id, 'payment');
    expect(await desk.transfer(id, '某某代付有限公司')).toMatchObject({ state: 'held', heldReason: 'wrong-payer' });
    const name = holder.form.organisation.certificateName;
    expect(await desk.transfer(id, name, { payerAccountType: 'personal' })).toMatchObject({
      state: 'held',
      heldReason: 'personal-account',
    });
    expect(await desk.transfer(id, name)).toMatchObject({ state: 'matched' });
    await desk.reach(id, 'installation');
    await desk.assistant().install(holder.serial, INITIAL_USER_PIN);
    expect(await desk.ended(id)).toBe('installed');
    const { signing } = await desk.pair(id);
    expect(signing.notAfter.toISOString()).toBe(laterBy(2, signing.notBefore));
    expect(signing.notBefore.getTime()).toBeLessThanOrEqual(office.clock.now().getTime());
    await expectRevoked(holder, 'superseded');
    await expectOnOneToken(holder, id);
  });

  it.each(['renewal-valid', 'renewal-expired'] as const)(
    'G %s, window: paid, reviewed, written on the token brought, handed over',
    async (business) => {
      const holder = business === 'renewal-valid' ? await desk.holder(inDays(59)) : await expired();
      const before = await desk.pair(holder.id);
      const clerk = await desk.who('clerk');
      const { id } = await desk.file(clerk, await desk.draft(clerk, business, holder));
      await desk.pay(id, 20_000);
      await desk.approve(id, 'second-clerk');
      await desk.handOver(id);
      expect(await desk.ended(id)).toBe('handed-over');
      const { signing } = await desk.pair(id);
      const from = business === 'renewal-valid' ? before.signing.notAfter : signing.notBefore;
      expect(signing.notAfter.toISOString()).toBe(laterBy(1, from));
      await expectRevoked(holder, 'superseded');
      await expectOnOneToken(holder, id);
      expect((await clerk.download(`/api/v1/applications/${id}/documents/receipt/1.pdf`)).subarray(0, 5).toString()).toBe('%PDF-');
    },
  );

  it('D renewal: withdrawn when it was paid, what was paid is owed back and nothing is issued', async () => {
    const holder = await desk.holder(inDays(30));
    const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
    const { id } = await desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) });
    const { id: orderId } = await order(id);
    await desk.reach(id, 'review');
    await desk.transfer(id, '某某代付有限公司');
    await holder.agent.post(`/api/v1/applications/${id}/withdrawal`);
    expect(await desk.ended(id)).toBe('withdrawn');
    expect(await office.data.query('SELECT amount_fen::int, state FROM refund WHERE order_id = $1', [orderId])).toEqual([
      { amount_fen: 20_000, state: 'due' },
    ]);
    expect(await office.data.query('SELECT 1 FROM certificate WHERE application_id = $1', [id])).toEqual([]);
    expect((await holder.agent.attempt('POST', `/api/v1/applications/${id}/withdrawal`, { json: {} })).status).toBeLessThan(500);
    // The certificate is free again.
    await desk.draft(holder.agent, 'renewal-valid', holder);
  });
});
