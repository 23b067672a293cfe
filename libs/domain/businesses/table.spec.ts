/** The table "What is applied for" of business.md, business by business and channel by channel, written out by hand. */
import { tariffWords } from '../fees.js';
import { reasonFor } from '../revocation-causes.js';
import {
  businesses,
  channelsOf,
  fixedFields,
  fixedOnceFiled,
  wayOf,
  type BusinessDefinition,
  type BusinessSlug,
  type Channel,
} from './index.js';

const ALL = ['application-form', 'licence', 'agent-id'];
const FEW = ['application-form', 'agent-id'];
const definition = (slug: BusinessSlug): BusinessDefinition => businesses[slug];

describe('what is applied for', () => {
  it.each([
    ['new', ['online', 'window']],
    ['renewal-valid', ['online', 'window']],
    ['renewal-expired', ['online', 'window']],
    ['change', ['window']],
    ['reissue', ['window']],
    ['revocation', ['window', 'telephone']],
  ] as const)('G %s: over %j (D: a revocation by telephone is a suspension)', (slug, channels) => {
    expect(channelsOf(slug)).toEqual(channels);
  });

  it.each([
    ['new', ALL],
    ['renewal-valid', ALL],
    ['renewal-expired', ALL],
    ['change', ALL],
    ['reissue', FEW],
    ['revocation', FEW],
  ] as const)('G %s: materials %j, over every channel', (slug, materials) => {
    for (const channel of channelsOf(slug)) expect(wayOf(slug, channel)?.materials).toEqual(materials);
  });

  it.each([
    ['new', 'online', 'corporate-transfer'],
    ['renewal-valid', 'online', 'current-key'],
    ['renewal-expired', 'online', 'corporate-transfer'],
    ['new', 'window', 'in-person'],
    ['change', 'window', 'in-person'],
    ['revocation', 'telephone', 'call-back'],
  ] as const)('G %s, %s: identity is proven by %s', (slug, channel, proof) => {
    expect(wayOf(slug, channel)?.proof).toBe(proof);
  });

  it.each([
    ['new', 'online', '周五绑定并寄出'],
    ['new', 'window', '周五绑定并寄出'],
    ['renewal-valid', 'online', '由证书助手安装'],
    ['renewal-expired', 'online', '由证书助手安装'],
    ['renewal-valid', 'window', '在窗口写入证书介质后领取'],
    ['renewal-expired', 'window', '在窗口写入证书介质后领取'],
    ['change', 'window', '窗口领取'],
    ['reissue', 'window', '窗口领取'],
    ['revocation', 'window', '工作人员吊销，OCSP 即时生效，列入下一期吊销列表'],
  ] as const)('G %s, %s: ends with %s', (slug, channel, ends) => {
    expect(wayOf(slug, channel)?.ends.zh).toBe(ends);
  });

  it.each([
    ['new', { count: 2, years: 3 }, { opening: 2, 'annual-service': 6 }],
    ['renewal-valid', { count: 1, years: 3 }, { 'annual-service': 3 }],
    ['renewal-expired', { count: 1, years: 1 }, { 'annual-service': 1 }],
    ['change', { count: 1, years: 1 }, { change: 1 }],
    ['reissue', { count: 1, years: 1 }, { reissue: 1 }],
    ['revocation', { count: 1, years: 1 }, {}],
  ] as const)('G %s: fees for %j are %j', (slug, order, lines) => {
    const asked = definition(slug).fees(order);
    expect(Object.fromEntries(asked.map(({ code, quantity }) => [code, quantity]))).toEqual(lines);
    for (const { code } of asked) expect(tariffWords[code].zh).toMatch(/费/);
  });

  it.each([
    ['new', 'new', 'new'],
    ['renewal-valid', 'same', 'new'],
    ['renewal-expired', 'same', 'new'],
    ['change', 'same', 'new'],
    ['reissue', 'new', 'recovered'],
  ] as const)('G %s: on a %s token, with a %s encryption key', (slug, token, encryptionKey) => {
    expect(definition(slug).issues).toMatchObject({ token, encryptionKey });
  });

  it.each([
    ['renewal-valid', null, 'superseded'],
    ['renewal-expired', null, 'superseded'],
    ['change', null, 'affiliationChanged'],
    ['reissue', 'lost', 'keyCompromise'],
    ['reissue', 'damaged', 'superseded'],
    ['revocation', 'lost', 'keyCompromise'],
    ['revocation', 'unused', 'cessationOfOperation'],
  ] as const)('D %s, %s: the old certificate and seal end as %s', (slug, cause, reason) => {
    expect(reasonFor(slug, cause)).toBe(reason);
  });

  it('G: reissue for a lost or damaged token, revocation for one lost or no longer used; nothing else asks why', () => {
    const causes = Object.entries(businesses).map(([slug, { causes: known }]) => [slug, [...known]]);
    expect(Object.fromEntries(causes)).toEqual({
      new: [],
      'renewal-valid': [],
      'renewal-expired': [],
      change: [],
      reissue: ['lost', 'damaged'],
      revocation: ['lost', 'unused'],
      'account-binding': [],
      unlock: [],
    });
  });

  it('G: online renewal pays after the review and is installed; at a window everything is paid before it and handed over there', () => {
    const stages = (slug: BusinessSlug, channel: Channel) => (wayOf(slug, channel)?.stages ?? []).join(' ');
    expect(stages('renewal-valid', 'online')).toBe('phone-verification review correction payment installation');
    expect(stages('renewal-expired', 'online')).toBe('phone-verification review correction payment installation');
    expect(stages('renewal-valid', 'window')).toBe('window-payment review correction issuance hand-over');
    expect(stages('change', 'window')).toBe('fee-confirmation window-payment review correction issuance hand-over');
    expect(stages('reissue', 'window')).toBe('window-payment review correction key-recovery issuance hand-over');
    expect(stages('revocation', 'telephone')).toBe('suspension review correction');
  });
});

describe('what nobody edits', () => {
  const NAMES = ['certificateName', 'uscc', 'province', 'city'].map((name) => `organisation/${name}`);

  it('what stands in the certificate, but for a change; and one case is about one certificate', () => {
    expect(fixedFields('new')).toEqual([]);
    expect(fixedFields('change')).toEqual(['certificates/count']);
    for (const slug of ['renewal-valid', 'renewal-expired', 'reissue', 'revocation'] as const)
      expect(fixedFields(slug)).toEqual([...NAMES, 'certificates/count']);
  });

  it('what a fee was ordered for, where it is ordered before the review', () => {
    expect(fixedOnceFiled('new', 'online')).toEqual([]);
    expect(fixedOnceFiled('new', 'window')).toEqual(['certificates/count', 'certificates/years']);
    expect(fixedOnceFiled('renewal-valid', 'online')).toEqual(expect.arrayContaining([...NAMES, 'certificates/years']));
  });
});
