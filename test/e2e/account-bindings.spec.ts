/** 账号绑定 through the public HTTP API, with the platform's administrator in the sandbox. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Certificate } from '#persistence';
import { kindOf, kindsOf } from '../../apps/launcher/src/demo/bindings.js';
import type { Holder } from '../../apps/launcher/src/demo/holder.js';
import { casesOf } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { bound, give, holderOf, PASSWORD, register, stands, takeBack, waiting } from './bindings-world.js';
import { countOf, expectRefusal, expectUntouched, invalid, notFound, rowsOf, type Answer, type Refusal } from './refusal.js';

jest.setTimeout(60_000);

describe('account binding', () => {
  let office: Office;
  let holder: Holder;
  let other: Holder;
  beforeAll(async () => {
    office = await openOffice();
    holder = await holderOf(office, '成都绑定医药有限公司');
    other = await holderOf(office, '成都别家医药有限公司');
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  /** Refused, and neither a case nor an answer is kept. */
  async function expectNothingKept(attempt: () => Promise<Answer>, refusal: Refusal) {
    const before = await rowsOf(office, 'account_binding_change');
    await expectUntouched(office, attempt, refusal);
    expect(await rowsOf(office, 'account_binding_change')).toEqual(before);
  }
  const texts = async ({ phone }: Holder) => ((await office.sandbox.messages(phone)) as { text: string }[]).map(({ text }) => text);
  const told = (who: Holder, words: string) =>
    office.until(async () => (await texts(who)).find((text) => text.includes(words)) ?? null, `the SMS "${words}"`);
  const ended = (who: Holder, id: string, outcome: string) =>
    office.until(async () => {
      const view = await who.agent.get<{ outcome: { code: string } | null }>(`/api/v1/applications/${id}`);
      return view.outcome?.code === outcome ? view : null;
    }, `the outcome ${outcome}`);

  it('G binding: the eight kinds, and nothing answered yet', async () => {
    const kinds = await kindsOf(holder);
    expect(kinds).toHaveLength(8);
    expect(kinds.map(({ state }) => state.zh)).toEqual(Array.from({ length: 8 }, () => '未绑定'));
  });

  it('G binding: checked and saved, it waits; approved by the platform, it is bound at once, and each step is on the timeline', async () => {
    const { id, number, account, submissionId } = await waiting(office, holder, 'drug-production');
    expect(number).toMatch(/^BD-\d{4}-000001$/);
    expect(await kindOf(holder, 'drug-production')).toMatchObject({
      state: { code: 'pending', zh: '待审核' },
      account,
      application: { id },
    });
    await office.sandbox.decideAccount(submissionId, 'approved');
    await ended(holder, id, 'bound');
    expect(await kindOf(holder, 'drug-production')).toMatchObject({ state: { zh: '审核通过' }, account, reason: null });
    const timeline = await holder.agent.get<{ action: string }[]>(`/api/v1/applications/${id}/timeline`);
    expect(timeline.map(({ action }) => action)).toEqual([
      'application.submitted',
      'binding.submitted',
      'binding.approved',
      'application.finished',
      'sms.sent',
      'case.closed',
    ]);
    expect(await told(holder, number)).toContain('药品生产账号已通过平台审核');
    expect(await holder.agent.get<object[]>('/api/v1/applications')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, business: 'account-binding' })]),
    );
  });

  it('refused, it says why in the platform’s words, and may be answered again', async () => {
    const { id, number, submissionId } = await waiting(office, holder, 'drug-distribution');
    await office.sandbox.decideAccount(submissionId, 'refused', '名称与证照不符');
    await ended(holder, id, 'binding-refused');
    expect(await kindOf(holder, 'drug-distribution')).toMatchObject({ state: { code: 'refused' }, reason: '名称与证照不符' });
    await told(holder, `${number} 未通过平台审核`);
    await bound(office, holder, 'drug-distribution');
    const { history, reason } = (await kindOf(holder, 'drug-distribution')) as Awaited<ReturnType<typeof kindOf>> & {
      history: { state: { code: string } }[];
    };
    expect(history.map(({ state }) => state.code)).toEqual(['pending', 'refused', 'pending', 'approved']);
    expect(reason).toBeNull();
  });

  it('G binding: “no account” is an answer, given once however often it is sent; an account may still come', async () => {
    const kind = 'consumables-overseas';
    const key = randomUUID();
    for (const sent of [key, key, randomUUID()]) expect((await give(holder, { kind, noAccount: true }, sent)).status).toBe(202);
    expect(await kindOf(holder, kind)).toMatchObject({ state: { zh: '无账号' }, account: null, application: null, history: [{}] });
    await bound(office, holder, kind);
  });

  it('unbound, and bound again', async () => {
    const kind = 'reagents-overseas';
    const first = await bound(office, holder, kind);
    expect((await takeBack(holder, kind)).status).toBe(202);
    await stands(office, holder, kind, 'unbound');
    await told(holder, `已解绑（原申请 ${first.number}）`);
    expect((await takeBack(holder, kind)).status).toBe(202);
    // The same account: the platform has let it go.
    const answer = await give(holder, { kind, account: first.account, password: PASSWORD });
    expect(answer.status).toBe(202);
    const { id } = (answer.body as { application: { id: string } }).application;
    await office.sandbox.decideAccount(await office.until(() => office.sandbox.submissionOf(id), 'the submission'), 'approved');
    expect(await stands(office, holder, kind, 'approved')).toMatchObject({ application: { id } });
  });

  it('unbound while it waits, it is withdrawn, and the platform cannot approve it any more', async () => {
    const kind = 'reagents-distribution';
    const { id, submissionId } = await waiting(office, holder, kind);
    expect((await takeBack(holder, kind)).status).toBe(202);
    await ended(holder, id, 'withdrawn');
    await stands(office, holder, kind, 'unbound');
    await expect(office.sandbox.decideAccount(submissionId, 'approved')).rejects.toThrow('ALREADY_DECIDED');
  });

  it('an account that is bound, or waits, goes first; without one there is nothing to unbind', async () => {
    const account = await register(office, holder, 'drug-production');
    const another = { kind: 'drug-production', account, password: PASSWORD };
    await expectNothingKept(() => give(holder, another), { status: 409, code: 'BINDING_EXISTS' });
    await expectNothingKept(() => give(holder, { kind: 'drug-production', noAccount: true }), { status: 409, code: 'BINDING_EXISTS' });
    await expectNothingKept(() => takeBack(holder, 'consumables-distribution'), { status: 409, code: 'BINDING_NONE' });
    await waiting(office, other, 'drug-production');
    await expectNothingKept(() => give(other, another), { status: 409, code: 'BINDING_PENDING' });
  });

  describe('is refused', () => {
    const kind = 'consumables-domestic-production';

    it('with a wrong password, and from the sixth try on without asking the platform', async () => {
      const account = await register(office, holder, kind);
      const wrong = () => give(holder, { kind, account, password: `${PASSWORD}x` });
      for (let tries = 0; tries < 5; tries += 1) await expectNothingKept(wrong, { status: 422, code: 'ACCOUNT_PASSWORD_WRONG' });
      await expectNothingKept(wrong, { status: 429, code: 'RATE_LIMITED' });
      await expectNothingKept(() => give(holder, { kind, account, password: PASSWORD }), { status: 429, code: 'RATE_LIMITED' });
    });

    it('G binding: for a sub-account, which is named as one', async () => {
      const account = await register(office, holder, kind, { subAccount: true });
      await expectNothingKept(() => give(holder, { kind, account, password: PASSWORD }), { status: 422, code: 'SUB_ACCOUNT' });
    });

    it('for another organisation’s account, even with its password: as if it were not there', async () => {
      const account = await register(office, other, kind);
      await expectNothingKept(() => give(holder, { kind, account, password: PASSWORD }), { status: 422, code: 'ACCOUNT_PASSWORD_WRONG' });
    });

    it('for an account of another kind, and for one that the platform has in use', async () => {
      const account = await register(office, holder, 'consumables-distribution');
      await expectNothingKept(() => give(holder, { kind, account, password: PASSWORD }), { status: 422, code: 'ACCOUNT_KIND_WRONG' });
    });

    it('for another’s certificate, which answers like one that does not exist', async () => {
      const account = await register(office, other, kind);
      const foreign = { ...other, agent: holder.agent };
      await expectNothingKept(() => give(foreign, { kind, account, password: PASSWORD }), notFound);
      await expectNothingKept(() => takeBack(foreign, 'drug-production'), notFound);
      for (const serial of [other.serial, 'ffff', ''])
        expectRefusal(await holder.agent.attempt('GET', `/api/v1/account-bindings?certificate=${serial}`), notFound);
    });

    it.each<[object, Record<string, string>]>([
      [{}, { kind: 'FIELD_REQUIRED' }],
      [{ kind: 'ninth' }, { kind: 'FIELD_CHOICE' }],
      [{ kind }, { account: 'FIELD_REQUIRED' }],
      [{ kind, account: 'sc0006' }, { password: 'FIELD_REQUIRED' }],
      [{ kind, account: 'sc0006', password: '' }, { password: 'FIELD_REQUIRED' }],
      [{ kind, account: 'sc 0006', password: 'x' }, { account: 'FIELD_FORMAT' }],
      [{ kind, account: 'sc0006', password: 'x\u0000' }, { password: 'TEXT_CONTROL_CHARACTER' }],
      [{ kind, account: 'sc0006', password: 'x'.repeat(129) }, { password: 'FIELD_TOO_LONG' }],
      [{ kind, account: 'sc0006', noAccount: true }, { account: 'FIELD_UNKNOWN' }],
      [{ kind, password: 'x', noAccount: true }, { password: 'FIELD_UNKNOWN' }],
      [{ kind, noAccount: false }, { noAccount: 'FIELD_CHOICE' }],
      [{ kind, account: 'sc0006', password: 'x', remember: true }, { remember: 'FIELD_UNKNOWN' }],
    ])('with %j', async (input, fields) => {
      await expectNothingKept(() => give(holder, input), invalid(fields));
    });

    it('without an idempotency key', async () => {
      await expectNothingKept(() => give(holder, { kind, noAccount: true }, null), { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
    });

    it('as a draft: it is not applied for with a form', async () => {
      const choice = { business: 'account-binding', system: 'sichuan-medicine-procurement', certificate: holder.serial };
      const attempt = () => holder.agent.attempt('POST', '/api/v1/drafts', { json: choice });
      await expectNothingKept(attempt, invalid({ business: 'FIELD_CHOICE' }));
    });

    it('while the platform is away: nothing is kept, and it may be tried again', async () => {
      const account = await register(office, holder, kind);
      await office.fault('platform', 'error', { count: 1 });
      await expectNothingKept(() => give(holder, { kind, account, password: PASSWORD }), { status: 503, code: 'GATEWAY_UNAVAILABLE' });
      expect((await give(holder, { kind, account, password: PASSWORD })).status).toBe(202);
    });
  });

  it('G binding: what a Friday has bound stands among the kinds, and its holder may unbind it', async () => {
    const cases = casesOf(office);
    const filed = await cases.awaitingPayment({ name: '成都周五医药有限公司' });
    await cases.pay(filed);
    const { dispatchDay } = await cases.reach(filed, 'dispatch');
    await cases.certify(filed);
    await (await cases.desk('dispatcher')).post(`/api/v1/dispatches/${dispatchDay}`);
    const [certificate] = await filed.agent.get<{ serial: string }[]>('/api/v1/certificates');
    const mailed: Holder = { ...filed, serial: certificate?.serial ?? '' };
    const { account } = filed.form.roleAccount;
    expect(await stands(office, mailed, 'drug-distribution', 'approved')).toMatchObject({ account, application: { id: filed.id } });
    expect((await takeBack(mailed, 'drug-distribution')).status).toBe(202);
    await stands(office, mailed, 'drug-distribution', 'unbound');
  });

  describe('another certificate of the organisation, in other hands', () => {
    const kind = 'drug-production';
    const name = '成都旧证医药有限公司';
    const MINUTE = 60_000;
    let current: Holder;
    beforeAll(async () => {
      current = await holderOf(office, name);
      await bound(office, current, kind);
    }, 60_000);

    const another = (more: { endsIn?: number } = {}) => holderOf(office, name, { uscc: current.form.organisation.uscc, ...more });
    const end = ({ serial }: Holder, revocationReason: string) =>
      office.data.manager.update(Certificate, { serial }, { state: 'revoked', revokedAt: office.clock.now(), revocationReason });

    it.each([
      ['revoked', 'CERTIFICATE_REVOKED', 'superseded'],
      ['suspended', 'CERTIFICATE_HELD', 'certificateHold'],
      ['expired', 'CERTIFICATE_EXPIRED', null],
    ] as const)('%s, it neither shows the accounts nor takes them back', async (_, code, reason) => {
      const former = await another({ endsIn: 10 * MINUTE });
      if (reason === null) office.clock.forward(11 * MINUTE);
      else await end(former, reason);
      const list = () => former.agent.attempt('GET', `/api/v1/account-bindings?certificate=${former.serial}`);
      await expectNothingKept(list, { status: 409, code });
      await expectNothingKept(() => takeBack(former, kind), { status: 409, code });
      await expectNothingKept(() => give(former, { kind: 'drug-distribution', noAccount: true }), { status: 409, code });
      expect(await kindOf(current, kind)).toMatchObject({ state: { code: 'approved' } });
      const clerk = await office.staff('clerk');
      expect((await clerk.attempt('GET', `/api/v1/account-bindings?certificate=${former.serial}`)).status).toBe(200);
    });

    it('still good, it does', async () => {
      const second = await another();
      expect(await kindOf(second, kind)).toMatchObject({ state: { code: 'approved' } });
      expect((await takeBack(second, kind)).status).toBe(202);
      await stands(office, current, kind, 'unbound');
    });
  });

  describe('the same key', () => {
    const kind = 'drug-production';

    it('five times at once is one case; with other content it is refused', async () => {
      const third = await holderOf(office, '成都同键医药有限公司');
      const account = await register(office, third, kind);
      const key = randomUUID();
      const cases = await countOf(office, 'application');
      const answers = await Promise.all(Array.from({ length: 5 }, () => give(third, { kind, account, password: PASSWORD }, key)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(await countOf(office, 'application')).toBe(cases + 1);
      const [{ application }] = answers.map(({ body }) => body as { application: { id: string } }) as [{ application: { id: string } }];
      // Its own case stands still before anybody looks whether something else was kept.
      await office.until(async () => {
        const view = await third.agent.get<{ waitingFor: { code: string } }>(`/api/v1/applications/${application.id}`);
        return view.waitingFor.code === 'platform' ? true : null;
      }, 'the case to wait for the platform');
      const another = await register(office, third, kind);
      await expectNothingKept(() => give(third, { kind, account: another, password: PASSWORD }, key), {
        status: 409,
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    });
  });
});
