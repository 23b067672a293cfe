/** 变更、补办、吊销, and 新办 at a window, to their ends. Rules: business.md, "Change, reissue, revocation" and "What is applied for". */
import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { AccountKind } from '#domain';
import { AccountBinding, AuditEntry, FeeOrder, Invoice, PublishedCrl } from '#persistence';
import { exportSpki, parseCertificate, sm2Encrypt, sm2Verify } from '#pki';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import { prepareDraft } from '../../apps/launcher/src/demo/desk.js';
import { FEW_PAPERS, nextDay, openDesk, PAPERS, type Desk, type Holder } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { licence } from './applicants.js';

jest.setTimeout(180_000);
const DAY_MS = 86_400_000;
const TEXT = Buffer.from('旧密文仍可解密');
const view = (der: Buffer | null) => parseCertificate(der ?? Buffer.alloc(0));

/** Accounts that the organisation has bound before; one may be unknown to the platform by now. */
async function approvedAccounts(
  office: Office,
  { id, form }: Holder,
  accounts: [AccountKind, string, 'certified' | 'absent'][],
): Promise<void> {
  const { uscc } = form.organisation;
  for (const [kind, account, standing] of accounts) {
    if (standing === 'certified') await office.sandbox.certify(uscc, { kind, account });
    const since = office.clock.now();
    await office.data.manager.insert(AccountBinding, {
      id: randomUUID(),
      uscc,
      kind,
      state: 'approved',
      account,
      applicationId: id,
      since,
    });
  }
}

async function boundAtPlatform(office: Office, certificateSerial: string): Promise<string[]> {
  const bindings = (await (await fetch(`${office.sandbox.base}/platform/bindings`)).json()) as {
    account: string;
    certificateSerial: string;
  }[];
  return bindings.filter((each) => each.certificateSerial === certificateSerial).map(({ account }) => account);
}

describe('businesses at a window, to their ends', () => {
  let office: Office;
  let desk: Desk;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const nextYear = () => desk.holder(new Date(office.clock.now().getTime() + 365 * DAY_MS));
  const standing = async ({ id }: Holder) => {
    const { signing, encryption, seal } = await desk.pair(id);
    return [signing.state, signing.revocationReason, encryption.state, encryption.revocationReason, seal.revocationReason];
  };
  const revoked = (reason: string) => ['revoked', reason, 'revoked', reason, reason];
  const onTheList = async (serial: string) => {
    const [list] = await office.data.manager.find(PublishedCrl, { where: { issuer: 'issuing' }, order: { number: 'DESC' }, take: 1 });
    return list?.der.includes(Buffer.from(serial, 'hex')) ?? false;
  };

  it('G change: a supervisor sets the unpublished fee; new name, new seal, the same end to the second; the old pair affiliationChanged', async () => {
    const holder = await nextYear();
    const before = await desk.pair(holder.id);
    const clerk = await desk.who('clerk');
    const certificateName = '成都变更后医药有限公司';
    await approvedAccounts(office, holder, [
      ['drug-production', 'sc7001', 'certified'],
      ['reagents-overseas', 'sj_j7001', 'absent'],
    ]);
    const { id } = await desk.file(clerk, await desk.draft(clerk, 'change', holder, { organisation: { certificateName } }));
    await desk.reach(id, 'fee-confirmation');
    expect((await desk.atWindow('supervisor', id, 'fee', { amountFen: 3_000 })).status).toBe(204);
    await desk.pay(id, 3_000);
    await desk.approve(id);
    await desk.handOver(id);
    expect(await desk.ended(id)).toBe('handed-over');
    const { signing, encryption, seal, token } = await desk.pair(id);
    for (const { der } of [signing, encryption]) {
      expect(view(der).notAfter).toEqual(view(before.signing.der).notAfter);
      expect(view(der).subject.commonName).toBe(certificateName);
    }
    expect(seal.der.includes(Buffer.from(certificateName, 'utf8'))).toBe(true);
    expect(seal.esId).not.toBe(before.seal.esId);
    expect(await standing(holder)).toEqual(revoked('affiliationChanged'));
    expect(token.serialNumber).toBe(before.token.serialNumber);
    // The platform knows the first account and binds it to the new certificate; the other is left to the holder, who is told.
    expect(await boundAtPlatform(office, signing.serial)).toEqual(['sc7001']);
    const told = (await office.data.manager.findBy(AuditEntry, { subject: `application/${id}` })).map(({ action, details }) => [
      action,
      details['code'],
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['binding.renewed', 'drug-production'],
        ['binding.not-renewed', 'reagents-overseas'],
      ]),
    );
    const written = desk.token(token.serialNumber);
    expect(written.readSeal(token.container)).toEqual(seal.der);
    expect(written.decrypt(before.token.container, sm2Encrypt(view(before.encryption.der).publicKey, TEXT))).toEqual(TEXT);
    expect(await office.data.manager.findOneBy(Invoice, { applicationId: id })).toMatchObject({ amountFen: 3_000 });
  });

  it.each([
    ['lost', 'keyCompromise'],
    ['damaged', 'superseded'],
  ])(
    'G reissue, %s: a new token for 50 yuan, the same end; the old pair %s; the encryption key is back, the signing key is new',
    async (cause, reason) => {
      const holder = await nextYear();
      const before = await desk.pair(holder.id);
      const ciphertext = sm2Encrypt(view(before.encryption.der).publicKey, TEXT);
      const clerk = await desk.who('clerk');
      const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', holder, { cause }, FEW_PAPERS));
      await desk.pay(id, 5_000);
      await desk.approve(id);
      await desk.reach(id, 'key-recovery');
      expect(await standing(holder)).toEqual(revoked(reason));
      expect((await desk.atWindow('reviewer', id, 'key-recovery')).body).toEqual({ approvals: 1 });
      expect((await desk.atWindow('supervisor', id, 'key-recovery')).body).toEqual({ approvals: 2 });
      await desk.handOver(id);
      expect(await desk.ended(id)).toBe('handed-over');
      const after = await desk.pair(id);
      const key = (der: Buffer | null) => exportSpki(view(der).publicKey).toString('hex');
      expect(key(after.encryption.der)).toBe(key(before.encryption.der));
      expect(key(after.signing.der)).not.toBe(key(before.signing.der));
      for (const { der } of [after.signing, after.encryption]) expect(view(der).notAfter).toEqual(view(before.signing.der).notAfter);
      expect(after.token.serialNumber).not.toBe(before.token.serialNumber);
      const token = desk.token(after.token.serialNumber);
      expect(token.decrypt(after.token.container, ciphertext)).toEqual(TEXT);
      expect(sm2Verify(view(after.signing.der).publicKey, TEXT, token.sign(after.token.container, TEXT))).toBe(true);

      // What was reissued is a certificate like any other: it may be changed, and asked about without the cause of then.
      const form = { organisation: { certificateName: '成都补办后变更医药有限公司' } };
      expect((await desk.submit(clerk, await desk.draft(clerk, 'change', after.signing, form))).status).toBe(202);
    },
  );

  it.each([
    ['unused', 'cessationOfOperation'],
    ['lost', 'keyCompromise'],
  ])('G revocation, %s: no fee; the pair and its seal %s, on the list', async (cause, reason) => {
    const holder = await nextYear();
    const clerk = await desk.who('clerk');
    const { id } = await desk.file(clerk, await desk.draft(clerk, 'revocation', holder, { cause }, FEW_PAPERS));
    await desk.approve(id);
    expect(await desk.ended(id)).toBe('revoked');
    expect(await standing(holder)).toEqual(revoked(reason));
    expect(await onTheList(holder.serial)).toBe(true);
    expect(await office.data.manager.countBy(FeeOrder, { applicationId: id })).toBe(0);
  });

  describe('by telephone', () => {
    const suspended = async () => {
      const holder = await nextYear();
      const service = await desk.who('customer-service');
      const draft = await desk.draft(service, 'revocation', holder, { cause: 'lost' }, []);
      const { id } = await desk.file(service, draft, { callBackConfirmed: true });
      await desk.reach(id, 'suspension');
      await office.until(async () => ((await onTheList(holder.serial)) ? true : null), 'the list');
      expect(await standing(holder)).toEqual(revoked('certificateHold'));
      return { holder, id };
    };
    const bring = async (id: string, wish: string) => {
      const clerk = await desk.who('clerk');
      for (const material of FEW_PAPERS) await clerk.upload(`/api/v1/window/${id}/materials/${material}?fileName=a.png`, licence);
      expect((await desk.atWindow('clerk', id, 'form', { wish })).status).toBe(204);
    };

    it('D revocation: the stamped form makes it final', async () => {
      const { holder, id } = await suspended();
      await bring(id, 'revoke');
      await desk.approve(id);
      expect(await desk.ended(id)).toBe('revoked');
      expect(await standing(holder)).toEqual(revoked('keyCompromise'));
    });

    it('D revocation: the stamped form lifts it, and nothing is left of it', async () => {
      const { holder, id } = await suspended();
      await bring(id, 'lift');
      expect(await desk.ended(id)).toBe('lifted');
      expect(await standing(holder)).toEqual(['valid', null, 'valid', null, null]);
      expect(await onTheList(holder.serial)).toBe(false);
    });

    it('D revocation: rejected by the second person, nothing stays suspended', async () => {
      const { holder, id } = await suspended();
      await bring(id, 'revoke');
      expect((await desk.decide(id, { outcome: 'rejected', reasons: [{ field: 'materials/agent-id', code: 'mismatch' }] })).status).toBe(
        204,
      );
      expect(await desk.ended(id)).toBe('rejected');
      expect(await standing(holder)).toEqual(['valid', null, 'valid', null, null]);
    });
  });

  it('G new, window: 50 opening + 200 a year on the spot, reviewed by a second clerk, issued, and put on its Friday', async () => {
    const clerk = await desk.who('clerk');
    const form = demoForm({ name: '成都窗口新办医药有限公司' }, '17100039999');
    const draft = await prepareDraft(clerk, { business: 'new', form, materials: PAPERS });
    const { id } = await desk.file(clerk, draft);
    await desk.pay(id, 45_000);
    await desk.approve(id, 'second-clerk');
    const { dispatchDay } = await desk.reach(id, 'dispatch');
    expect(new Date(`${dispatchDay}T00:00:00Z`).getUTCDay()).toBe(5);
    const { signing, token } = await desk.pair(id);
    expect([signing.state, token.state]).toEqual(['valid', 'written']);
  });
});
