import fc from 'fast-check';
import { auditActions, system } from './audit-actions.js';
import { hiddenValuesOf, smsTemplates, smsText, spokenText, type SmsTemplate } from './messages.js';
import { smsTemplatesEn } from './messages-en.js';
import { agentCodeLifetimeMs, codeFromDigest, isSmsCode, smsCodeRules } from './sms-code.js';

const templates = Object.keys(smsTemplates) as SmsTemplate[];
const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

describe('SMS', () => {
  it('says its values', () => {
    expect(smsText('payment-short', { number: 'XB-2026-000123', received: '200.00', missing: '50.00' })).toBe(
      '【信印】申请 XB-2026-000123 已到账 200.00 元，还差 50.00 元，请用同一对公账户补足。',
    );
  });

  it('takes 0 and an empty text for values', () => {
    expect(smsText('review-returned', { number: '', count: 0, until: '' })).toContain('需补正 0 项');
  });

  it('takes a value that looks like a pattern as it is', () => {
    expect(smsText('invoice', { number: '1', link: 'https://invoice.test/?a=$&b=$1' })).toContain('?a=$&b=$1');
  });

  it.each(templates)('%s is never sent with a value lacking', (template) => {
    for (const lacking of namesIn(smsTemplates[template])) {
      const values = Object.fromEntries(
        namesIn(smsTemplates[template])
          .filter((name) => name !== lacking)
          .map((name) => [name, 'x']),
      );
      expect(() => smsText(template, values)).toThrow(new RangeError(`the message ${template} lacks ${lacking}`));
    }
  });

  it.each(templates)('%s names the same values in English', (template) => {
    expect(namesIn(smsTemplatesEn[template]).sort()).toEqual(namesIn(smsTemplates[template]).sort());
    expect(smsTemplatesEn[template]).toMatch(/^\[Xinyin\] /);
  });

  it.each(templates)('%s says who sends it', (template) => {
    expect(smsTemplates[template].startsWith('【信印】')).toBe(true);
  });

  it.each(templates.filter((template) => !['login-code'].includes(template)))('%s says which application it is about', (template) => {
    expect(namesIn(smsTemplates[template])).toContain('number');
  });

  it.each(['review-approved', 'review-returned', 'review-rejected', 'payment-confirmed', 'invoice'] as const)(
    'G messages: there is one for %s',
    (template) => {
      expect(templates).toContain(template);
    },
  );

  it('D messages: a carried dispatch is told with its new Friday and the reason', () => {
    expect(namesIn(smsTemplates.carried)).toEqual(['number', 'day', 'reason']);
  });
});

describe('D tasks: what a person says on the phone in place of a message', () => {
  it.each(['login-code', 'agent-code', 'agent-change-code', 'unlock-code'] as const)('%s carries a code: nothing', (template) => {
    expect(spokenText(template, { number: 'XB-2026-000123' })).toBeNull();
  });

  it.each([
    ['invoice', '【信印】申请 XB-2026-000123 的电子发票已开具，30 天内可下载：（请登录网厅重新获取链接）'],
    ['invoice-replaced', '【信印】申请 XB-2026-000123 的原电子发票已红冲，新发票已开具，30 天内可下载：（请登录网厅重新获取链接）'],
    ['invoice-reversed', '【信印】申请 XB-2026-000123 的电子发票因退款已红冲，红字发票 30 天内可下载：（请登录网厅重新获取链接）'],
  ] as const)('%s: its text without the link, which opens the file to whoever has it', (template, said) => {
    expect(spokenText(template, { number: 'XB-2026-000123', linkId: '01a2' })).toBe(said);
    expect(spokenText(template, { number: 'XB-2026-000123', link: 'https://xinyin.test/kept-by-an-older-version' })).toBe(said);
  });

  it.each(templates)('%s: can be said from what is kept of it', (template) => {
    const hidden: string[] = hiddenValuesOf(template);
    const kept = namesIn(smsTemplates[template]).filter((name) => !hidden.includes(name));
    const said = spokenText(template, Object.fromEntries(kept.map((name) => [name, '七'])));
    expect(said ?? '').not.toMatch(/[{}]/);
    expect(said === null).toBe(hidden.includes('code'));
  });
});

describe('codes', () => {
  it('D codes: six digits, five minutes, five attempts, one a minute and ten a day', () => {
    expect(smsCodeRules).toMatchObject({ digits: 6, lifetimeMs: 300_000, attempts: 5, phoneGapMs: 60_000, phonePerDay: 10 });
    expect(agentCodeLifetimeMs).toBe(86_400_000);
  });

  it('D codes: the messages promise what the rules keep', () => {
    expect(smsTemplates['login-code']).toContain('5 分钟内有效');
    expect(smsTemplates['agent-code']).toContain('24 小时内有效');
    expect(smsTemplates['unlock-code']).toContain('1 小时内有效');
  });

  // 0x0000000f4240 = 1 000 000; 2^48 − 1 = 281 474 976 710 655.
  it.each([
    ['000000000000', '000000'],
    ['000000000001', '000001'],
    ['00000001e240', '123456'],
    ['0000000f423f', '999999'],
    ['0000000f4240', '000000'],
    ['ffffffffffff', '710655'],
  ])('the digest %s gives the code %s', (digest, code) => {
    expect(codeFromDigest(Buffer.from(digest, 'hex'))).toBe(code);
  });

  it('only the first six bytes of a digest count', () => {
    expect(codeFromDigest(Buffer.from('00000001e240ffff', 'hex'))).toBe('123456');
  });

  it('property: always six digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 32 }), (digest) => expect(isSmsCode(codeFromDigest(digest))).toBe(true)),
    );
  });

  it.each(['12345', '1234567', '12345a', '１２３４５６', ' 123456', '123456\n', ''])('%j is no code', (text) => {
    expect(isSmsCode(text)).toBe(false);
  });
});

describe('the timeline', () => {
  it.each(Object.entries(auditActions))('%s is said in both languages with the same values', (_, { zh, en }) => {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/[a-z]/);
    const plain = (text: string) =>
      namesIn(text)
        .map((name) => name.replace(/En$/, ''))
        .sort();
    expect(plain(zh)).toEqual(plain(en));
  });

  it('an entry of a process names the process', () => {
    expect(system('pki')).toEqual({ kind: 'system', id: 'pki' });
  });
});
