import { accountFindings, bindingRefusal, bindingStates, findingRefusal, type BindingState } from './account-binding.js';
import { businesses, catalogue, channelsOf, wayOf } from './businesses/index.js';
import { subjectRefusal } from './certificate-subject.js';
import { errorTable } from './errors.js';
import { accountKinds, isAccountKind } from './role-account.js';

const NOW = new Date('2026-03-02T02:00:00Z');
const standing = (state: 'valid' | 'held' | 'revoked', notAfter = '2027-03-02T02:00:00Z') => ({ state, notAfter: new Date(notAfter) });

describe('账号绑定', () => {
  it('G binding: online, without papers, agreements or fees; the platform alone decides', () => {
    expect(channelsOf('account-binding')).toEqual(['online']);
    expect(wayOf('account-binding', 'online')).toEqual({
      ...{ materials: [], proof: 'platform-password', stages: ['platform-approval'] },
      ends: { zh: '平台审核通过后，功能及数据权限即时开通', en: 'functions and data rights open at once when the platform approves' },
    });
    const { agreements, fees, issues, numberPrefix } = businesses['account-binding'];
    expect([agreements, fees(), issues, numberPrefix]).toEqual([[], [], null, 'BD']);
  });

  it('is begun at the account, not in a draft: the catalogue leads to forms', () => {
    expect(catalogue.map(({ business }) => business)).not.toContain('account-binding');
    expect(catalogue.map(({ business }) => business)).toContain('revocation');
  });

  it.each<[ReturnType<typeof standing>, string | null]>([
    [standing('valid'), null],
    [standing('held'), 'CERTIFICATE_HELD'],
    [standing('revoked'), 'CERTIFICATE_REVOKED'],
    // The last second belongs to the validity.
    [standing('valid', '2026-03-02T02:00:00Z'), null],
    [standing('valid', '2026-03-02T01:59:59Z'), 'CERTIFICATE_EXPIRED'],
  ])('D binding: for the certificate %j: %s', (certificate, refusal) => {
    expect(subjectRefusal('account-binding', certificate, NOW)).toBe(refusal);
  });
});

describe('a kind of account', () => {
  it.each<[BindingState, string | null]>([
    ['open', null],
    ['pending', 'BINDING_PENDING'],
    ['approved', 'BINDING_EXISTS'],
    ['refused', null],
    ['unbound', null],
    ['no-account', null],
  ])('D binding: %s, answered for again: %s', (state, refusal) => {
    expect(bindingRefusal(state)).toBe(refusal);
  });

  it('G binding: the states by the words of the platform', () => {
    expect([bindingStates.pending.zh, bindingStates.approved.zh, bindingStates['no-account'].zh]).toEqual(['待审核', '审核通过', '无账号']);
  });

  it.each(['constructor', '__proto__', 'sub-account', ''])('%j is none', (name) => expect(isAccountKind(name)).toBe(false));
  it('each of the eight is one', () => expect(Object.keys(accountKinds).filter(isAccountKind)).toHaveLength(8));
});

describe('what the platform finds', () => {
  it('G binding: a sub-account is refused by name, and not as a wrong password', () => {
    expect(findingRefusal('sub-account')).toBe('SUB_ACCOUNT');
    expect(errorTable.SUB_ACCOUNT.zh).toContain('子账号无需绑定');
    expect(findingRefusal('wrong')).toBe('ACCOUNT_PASSWORD_WRONG');
  });

  it('only what is right may be submitted', () => {
    expect(accountFindings.filter((finding) => findingRefusal(finding) === null)).toEqual(['right']);
  });

  it('G platform: questions about an account go to its own number', () => {
    expect(errorTable.ACCOUNT_IN_USE.remedyZh).toContain('028-85155302');
  });
});
