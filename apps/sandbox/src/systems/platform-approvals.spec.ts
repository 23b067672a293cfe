/** The platform's administrator and our accounts, over real HTTP: checked, submitted, decided, told, taken back. */
import { parseBindingDecision } from '#gateways';
import { listen, specWorld } from '../spec/world.js';

const USCC = '91510100MA6CEXAMP1';
const OTHER = '91510100MA6CEXAMP2';
const ACCOUNT = { uscc: USCC, account: 'sc0001', kind: 'drug-production' as const };
const REFERENCE = '0198c0de-0000-7000-8000-000000000001';
const PASSWORD = 'open sesame';

describe('account bindings at the platform', () => {
  let ear: Awaited<ReturnType<typeof listen>>;
  let world: ReturnType<typeof specWorld>;
  beforeEach(async () => {
    ear = await listen('/api/v1/callbacks/platform');
    world = specWorld({ platformPush: ear.target });
    await world.start();
    await world.people('POST', '/platform/role-accounts', { ...ACCOUNT, status: 'certified', password: PASSWORD });
  });
  afterEach(async () => {
    await world.close();
    ear.close();
  });

  const check = (more: object = {}) => world.gateways.platform.checkAccount({ ...ACCOUNT, password: PASSWORD, ...more });
  const submit = async (idempotencyKey = 'case-1/account', checkId?: string) =>
    world.gateways.platform.submitAccount({
      ...{ ...ACCOUNT, idempotencyKey, reference: REFERENCE, certificateSerial: '0A' },
      checkId: checkId ?? (await check()).checkId ?? '',
    });
  const decide = (submissionId: string, decision: string, reason?: string) =>
    world.people('POST', '/platform/accounts/decisions', { submissionId, decision, ...(reason === undefined ? {} : { reason }) });
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      (failure: { params: { reason?: string } }) => failure.params.reason,
    );

  it('a right password is answered with a word that stands for it', async () => {
    expect(await check()).toEqual({ finding: 'right', checkId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it.each([
    [{ password: 'open sesam' }, 'wrong'],
    [{ account: 'nobody' }, 'wrong'],
    [{ uscc: OTHER }, 'wrong'],
    [{ kind: 'drug-distribution' }, 'other-kind'],
  ])('with %j the finding is %s, and there is no word', async (more, finding) => {
    expect(await check(more)).toEqual({ finding, checkId: null });
  });

  it('G binding: a sub-account is named as one, but only to whoever knows its password', async () => {
    const sub = { ...ACCOUNT, account: 'sc0001-1' };
    await world.people('POST', '/platform/role-accounts', { ...sub, status: 'certified', password: PASSWORD, subAccount: true });
    expect(await check(sub)).toEqual({ finding: 'sub-account', checkId: null });
    expect(await check({ ...sub, password: 'guessed' })).toEqual({ finding: 'wrong', checkId: null });
  });

  it('the word is good for one submission, and for its account only', async () => {
    const { checkId } = await check();
    await submit('case-1/account', checkId ?? '');
    expect(await refused(submit('case-2/account', checkId ?? ''))).toBe('CHECK_SPENT');
    expect(await refused(submit('case-3/account', 'K-invented'))).toBe('CHECK_UNKNOWN');
  });

  it('submitted twice under one key it waits once', async () => {
    const { checkId } = await check();
    const both = await Promise.all([submit('case-1/account', checkId ?? ''), submit('case-1/account', checkId ?? '')]);
    expect(both[0]).toEqual(both[1]);
    expect(await check()).toEqual({ finding: 'in-use', checkId: null });
  });

  it('a decision is told under the case’s own reference, and again after a restart until it was heard', async () => {
    const { submissionId } = await submit();
    ear.refuseNext = 1_000_000;
    expect((await decide(submissionId, 'approved')).status).toBe(201);
    await world.restart();
    ear.refuseNext = 0;
    const [told] = (await ear.until(1)).map(parseBindingDecision);
    expect(told).toEqual({
      ...{ decisionId: 'D00000001', submissionId, reference: REFERENCE, decision: 'approved', reason: null },
      decidedAt: '2026-03-06T04:00:00.000Z',
    });
  });

  it('a refusal says why, and a submission is decided once', async () => {
    const { submissionId } = await submit();
    expect((await decide(submissionId, 'refused')).status).toBe(422);
    expect((await decide(submissionId, 'refused', ' ')).status).toBe(422);
    expect((await decide(submissionId, 'refused', '名称不符')).status).toBe(201);
    expect((await decide(submissionId, 'approved')).status).toBe(409);
    expect((await ear.until(1)).map(parseBindingDecision)).toMatchObject([{ decision: 'refused', reason: '名称不符' }]);
  });

  it('taken back, it cannot be approved any more, and may be submitted anew', async () => {
    const { submissionId } = await submit();
    await world.gateways.platform.unbindAccount({ ...ACCOUNT, idempotencyKey: 'case-1/unbind' });
    expect((await decide(submissionId, 'approved')).status).toBe(409);
    expect((await check()).finding).toBe('right');
  });

  it('what a Friday bound is in use until it is unbound; the label’s password opens it', async () => {
    const binding = {
      idempotencyKey: 'case-1/bind',
      uscc: USCC,
      account: ACCOUNT.account,
      certificateSerial: '0A',
      certificateName: '某某公司',
    };
    const { initialPassword: password } = await world.gateways.platform.bind(binding);
    expect([(await check({ password })).finding, (await check()).finding]).toEqual(['in-use', 'wrong']);
    await world.gateways.platform.unbindAccount({ ...ACCOUNT, idempotencyKey: 'case-1/unbind' });
    await world.restart();
    expect((await check({ password })).finding).toBe('right');
  });

  it('a password is in no list and on no page', async () => {
    const page = await (await fetch(`${world.url}/platform`)).text();
    const { value } = await world.people('GET', '/platform/role-accounts');
    expect(page).toContain(ACCOUNT.account);
    expect([page, JSON.stringify(value)].filter((text) => /sesame|passwordHash/.test(text))).toEqual([]);
  });

  it('G binding: the six accounts of the guide’s example stand in its states', async () => {
    const { value } = await world.people('GET', '/platform/accounts/submissions');
    const shown = (value as { account: string; kind: string; state: string }[]).map(({ account, kind, state }) => [account, kind, state]);
    expect(shown.reverse()).toEqual([
      ['sc0006', 'drug-production', 'approved'],
      ['PS20210055', 'drug-distribution', 'approved'],
      ['j0006', 'consumables-overseas', 'pending'],
      ['qk20211899', 'consumables-distribution', 'pending'],
      ['sj_s0006', 'reagents-domestic-production', 'pending'],
      ['sj_j0006', 'reagents-overseas', 'pending'],
    ]);
    expect(await check({ uscc: '91510100MA6GD00067', account: 'sc0006', password: 'sample-0006' })).toMatchObject({ finding: 'in-use' });
  });
});
