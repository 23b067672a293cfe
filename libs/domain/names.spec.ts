import fc from 'fast-check';
import { foreignNameCharacter, normaliseAccountName, samePayer, textProblem, unstorableText } from './names.js';

const character = (code: number) => String.fromCodePoint(code);
const HIGH_HALF = '\ud842';
const LOW_HALF = '\udfb7';

describe('what typing cannot change', () => {
  it.each([
    ['brackets of either width', '成都信印（集团）有限公司', '成都信印(集团)有限公司'],
    ['full-width letters and digits', 'ＡＢＣ１２３有限公司', 'ABC123有限公司'],
    ['spaces between', '成都 信印 有限公司', '成都信印有限公司'],
    ['an ideographic space', '成都\u3000信印有限公司', '成都信印有限公司'],
    ['a no-break space', '成都\u00a0信印有限公司', '成都信印有限公司'],
    ['spaces around', '  成都信印有限公司\t', '成都信印有限公司'],
    ['a compatibility ideograph (U+F9DC for U+9686)', '成都兴\uf9dc有限公司', '成都兴隆有限公司'],
    ['small-form brackets (U+FE59, U+FE5A)', '成都信印﹙集团﹚有限公司', '成都信印(集团)有限公司'],
    ['half-width katakana', 'ｱｻﾋ', 'アサヒ'],
    ['a composed and a decomposed letter', 'Caf\u00e9', 'Cafe\u0301'],
  ])('D money: %s make no other payer', (_, payer, name) => {
    expect(samePayer(payer, name)).toBe(true);
  });

  it.each([
    ['one character', '成都信印有限公司', '成都信邮有限公司'],
    ['letter case', 'ABC有限公司', 'abc有限公司'],
    ['punctuation', '成都信印·有限公司', '成都信印有限公司'],
    ['the short form of the company', '成都信印有限责任公司', '成都信印有限公司'],
    ['simplified and traditional', '成都龙有限公司', '成都龍有限公司'],
    ['square brackets', '成都信印[集团]有限公司', '成都信印(集团)有限公司'],
    ['a branch', '成都信印有限公司分公司', '成都信印有限公司'],
    ['a zero-width space', '成都\u200b信印有限公司', '成都信印有限公司'],
  ])('D money: %s makes another payer', (_, payer, name) => {
    expect(samePayer(payer, name)).toBe(false);
  });

  const messy = fc.string({
    unit: fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('（', ')', ' ', '\u3000', '´', '\u0301', 'e', 'Ａ', '成', '\u1100', '\u1161', '\u00a0', '¨', '゛'),
    ),
  });

  it('property: normalising is idempotent', () => {
    fc.assert(
      fc.property(messy, (name) => {
        const once = normaliseAccountName(name);
        expect(normaliseAccountName(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('property: being the same payer is symmetric, and everybody is the same as themselves', () => {
    fc.assert(
      fc.property(messy, messy, (one, other) => {
        expect(samePayer(one, one)).toBe(true);
        expect(samePayer(one, other)).toBe(samePayer(other, one));
      }),
    );
  });

  it('property: spaces put anywhere between Chinese characters make no other payer', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(' ', '\u3000', '\u00a0', ''), { minLength: 8, maxLength: 8 }), (gaps) => {
        expect(samePayer([...'成都信印有限公司'].map((each, place) => each + gaps[place]).join(''), '成都信印有限公司')).toBe(true);
      }),
    );
  });
});

describe('characters nobody means to write', () => {
  it.each([
    ['NUL', 0x0],
    ['line feed', 0xa],
    ['DEL', 0x7f],
    ['next line, C1', 0x85],
    ['soft hyphen', 0xad],
    ['zero-width space', 0x200b],
    ['zero-width non-joiner', 0x200c],
    ['zero-width joiner', 0x200d],
    ['right-to-left override', 0x202e],
    ['line separator', 0x2028],
    ['word joiner', 0x2060],
    ['byte order mark', 0xfeff],
    ['a private character', 0xe000],
    ['a noncharacter', 0xfffe],
    ['a tag letter', 0xe0041],
    ['Hangul filler, a letter that shows nothing', 0x3164],
    ['half-width Hangul filler', 0xffa0],
    ['combining grapheme joiner', 0x34f],
    ['variation selector', 0xfe0f],
    ['ideographic variation selector', 0xe0100],
  ])('refuses %s', (_, code) => {
    expect(textProblem(`成都${character(code)}信印`)).toBe('TEXT_CONTROL_CHARACTER');
  });

  it.each([
    ['a high half at the end', `成都${HIGH_HALF}`],
    ['a low half at the start', `${LOW_HALF}成都`],
    ['the halves exchanged', `${LOW_HALF}${HIGH_HALF}`],
    ['a high half twice', `${HIGH_HALF}${HIGH_HALF}${LOW_HALF}`],
  ])('refuses half of a character: %s', (_, text) => {
    expect(textProblem(text)).toBe('TEXT_LONE_SURROGATE');
  });

  it.each(['成都信印有限公司', `田${HIGH_HALF}${LOW_HALF}家有限公司`, '龑赟（集团）有限公司', 'A & B', '', 'Ünïcödé'])(
    'takes %j',
    (text) => {
      expect(textProblem(text)).toBeNull();
    },
  );
});

describe('characters of a certificate name', () => {
  it.each([
    '成都信印（集团）有限公司',
    '北京百济·神州(上海)有限公司',
    "L'Oréal & Co., Ltd.",
    `田${HIGH_HALF}${LOW_HALF}家`,
    'ⅩⅩ制药二〇二六',
    '药明康德—中心/实验室+1',
  ])('takes %j', (name) => {
    expect(foreignNameCharacter(name)).toBeNull();
  });

  it.each([
    ['成都😀信印', '😀'],
    ['成都①信印', '①'],
    ['成都★信印', '★'],
    ['成都<信印>', '<'],
    ['成都信印=', '='],
    ['成都\u3000信印', '\u3000'],
    ['成都;信印', ';'],
  ])('names what %j cannot carry', (name, foreign) => {
    expect(foreignNameCharacter(name)).toBe(foreign);
  });
});

describe('text that no field can hold', () => {
  it.each([
    ['', null],
    ['成都𠮷医药\n\t\u200b', null],
    ['成都\u0000', 'TEXT_CONTROL_CHARACTER'],
    [`成都${HIGH_HALF}`, 'TEXT_LONE_SURROGATE'],
    [`${LOW_HALF}${HIGH_HALF}`, 'TEXT_LONE_SURROGATE'],
    [`${HIGH_HALF}${LOW_HALF}`, null],
  ])('%j: %s', (text, problem) => {
    expect(unstorableText(text)).toBe(problem);
  });
});
