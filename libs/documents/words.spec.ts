import { dayInWords, officeTime, yuan, yuanInCapitals } from './words.js';

describe('yuan', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [99, '0.99'],
    [5_000, '50.00'],
    [125_000, '1,250.00'],
    [123_456_789, '1,234,567.89'],
    [-20_001, '-200.01'],
    [9_007_199_254_740_993n, '90,071,992,547,409.93'],
  ])('%s fen is %s', (fen, words) => expect(yuan(fen)).toBe(words));

  it('refuses what is not whole fen', () => {
    expect(() => yuan(0.5)).toThrow(RangeError);
    expect(() => yuan(2 ** 53)).toThrow(RangeError);
  });
});

describe('yuanInCapitals (支付结算办法, annex 1)', () => {
  it.each([
    [0, '零元整'],
    [4, '肆分'],
    [30, '叁角整'],
    [45_000, '肆佰伍拾元整'],
    [140_950, '壹仟肆佰零玖元伍角整'],
    [600_714, '陆仟零柒元壹角肆分'],
    [168_032, '壹仟陆佰捌拾元叁角贰分'],
    [1_640_902, '壹万陆仟肆佰零玖元零贰分'],
    [32_504, '叁佰贰拾伍元零肆分'],
    [1_000_100, '壹万零壹元整'],
    [10_000_000_000, '壹亿元整'],
    [10_000_000_100, '壹亿零壹元整'],
    [20_003_000_400, '贰亿零叁万零肆元整'],
    [-5_000, '负伍拾元整'],
  ])('%s fen is %s', (fen, words) => expect(yuanInCapitals(fen)).toBe(words));
});

describe('days and instants', () => {
  it('an instant is shown by the clock of the office', () => expect(officeTime('2026-03-05T16:30:00Z')).toBe('2026-03-06 00:30'));
  it('a day is shown with its weekday', () => expect(dayInWords('2026-10-09')).toBe('2026年10月9日 星期五'));
  it('a day that is none is refused', () => expect(() => dayInWords('soon')).toThrow(RangeError));
});
