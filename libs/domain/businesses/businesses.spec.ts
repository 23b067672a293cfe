import { accountKinds } from '../role-account.js';
import { materials, agreements, fileRules, isAgreement, isMaterial } from '../materials.js';
import { outcomes, stages, waiters } from '../stages.js';
import { subjectRefusal } from '../certificate-subject.js';
import { days } from '../time.js';
import { unlockContacts, unlockRefusals } from '../unlocking.js';
import { businesses, catalogue, channelsOf, isApplied, isBusiness } from './index.js';

const fail = () => {
  throw new Error('not in the catalogue');
};

describe('证书新办', () => {
  it('G new: online, for the medicine procurement subsystem of government procurement', () => {
    expect(channelsOf('new')).toEqual(['online', 'window']);
    const { sectors } = catalogue.find(({ business }) => business === 'new') ?? fail();
    expect(sectors[0].zh).toBe('政府采购');
    expect(sectors[0].systems[0].zh).toBe('四川省药品和医用耗材招采管理子系统');
  });

  it('G new: application form original, licence copy, agent’s identity copy', () => {
    expect(businesses.new.ways.online.materials).toEqual(['application-form', 'licence', 'agent-id']);
    expect(materials['application-form'].zh).toContain('原件');
    expect(materials.licence.zh).toContain('复印件');
    expect(materials['agent-id'].zh).toContain('复印件');
  });

  it('G new: identity is proven by a corporate transfer', () => {
    expect(businesses.new.ways.online.proof).toBe('corporate-transfer');
  });

  it('G new: review before payment, payment before issuance, issuance before dispatch', () => {
    expect(businesses.new.ways.online.stages).toEqual(['phone-verification', 'review', 'correction', 'payment', 'issuance', 'dispatch']);
  });

  it('every stage that waits for a person outside has its deadline', () => {
    expect(businesses.new.deadlineDays).toMatchObject({ 'phone-verification': 7, correction: 30, payment: 30 });
  });

  it('D new: both agreements are accepted, in a version', () => {
    expect(businesses.new.agreements).toEqual(['subscriber-agreement', 'personal-data']);
    for (const { version } of Object.values(agreements)) expect(version).toMatch(/^\d{4}-\d{2}$/);
  });
});

describe('证书解锁', () => {
  it('G unlock: through customer service only, so that no catalogue and no draft leads to it', () => {
    expect(channelsOf('unlock')).toEqual(['telephone']);
    expect(catalogue.map(({ business }) => business)).not.toContain('unlock');
    expect(isApplied('unlock')).toBe(false);
  });

  it('D unlock: nothing to pay, no papers; a day to approve, an hour to use the code', () => {
    expect(businesses.unlock.fees()).toEqual([]);
    expect(businesses.unlock.ways.telephone.materials).toEqual([]);
    expect(days(businesses.unlock.deadlineDays.approval)).toBe(86_400_000);
    expect(days(businesses.unlock.deadlineDays.unlocking)).toBe(3_600_000);
  });

  it('G unlock: by telephone 400-028-1130 or QQ 4008676868', () => {
    expect(unlockContacts.telephone.zh).toContain('400-028-1130');
    expect(unlockContacts.qq.zh).toContain('4008676868');
  });

  it.each([
    ['valid', 'valid', '2027-01-01T00:00:00Z', null],
    ['suspended', 'held', '2027-01-01T00:00:00Z', 'CERTIFICATE_HELD'],
    ['revoked', 'revoked', '2027-01-01T00:00:00Z', 'CERTIFICATE_REVOKED'],
    ['expired', 'valid', '2026-03-01T00:00:00Z', 'CERTIFICATE_EXPIRED'],
  ] as const)('D unlock: a certificate that is %s', (_, state, notAfter, refusal) => {
    expect(subjectRefusal('unlock', { state, notAfter: new Date(notAfter) }, new Date('2026-03-06T00:00:00Z'))).toBe(refusal);
  });
});

describe('the lists', () => {
  it('G binding: the eight kinds of role account', () => {
    expect(Object.keys(accountKinds).sort()).toEqual([
      'consumables-distribution',
      'consumables-domestic-production',
      'consumables-overseas',
      'drug-distribution',
      'drug-production',
      'reagents-distribution',
      'reagents-domestic-production',
      'reagents-overseas',
    ]);
  });

  it('D files: PDF, JPEG and PNG up to ten megabytes', () => {
    expect(fileRules).toEqual({ maxBytes: 10_485_760, mediaTypes: ['application/pdf', 'image/jpeg', 'image/png'] });
  });

  it.each(
    [businesses, materials, agreements, accountKinds, stages, outcomes, waiters, unlockContacts, unlockRefusals].flatMap((list) =>
      Object.entries(list),
    ),
  )('%s is named in both languages', (_, words: { zh: string; en: string }) => {
    expect(words.zh).toMatch(/\p{Script=Han}/u);
    expect(words.en).toMatch(/[A-Za-z]/);
  });

  it('application numbers of two businesses never begin alike', () => {
    const prefixes = Object.values(businesses).map(({ numberPrefix }) => numberPrefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[A-Z]{2}$/);
  });

  it.each(['constructor', 'toString', '__proto__', ''])('%j is in no list', (name) => {
    expect([isBusiness(name), isMaterial(name), isAgreement(name)]).toEqual([false, false, false]);
  });
});
