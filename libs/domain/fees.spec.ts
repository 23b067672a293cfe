import fc from 'fast-check';
import { fen, yuan } from './brand.js';
import { businesses } from './businesses/index.js';
import { priceFees, tariffWords, totalFen, type TariffItem } from './fees.js';
import { calendarDay } from './time.js';

const day = calendarDay;
const item = (code: TariffItem['code'], amountFen: number, validFrom: string, validTo: string | null = null): TariffItem => ({
  code,
  amountFen: fen(amountFen),
  validFrom: day(validFrom),
  validTo: validTo === null ? null : day(validTo),
  confirmed: true,
});
/** The guide's amounts: 50 yuan opening, 200 yuan a year. */
const tariff = [item('opening', 5_000, '2025-01-24'), item('annual-service', 20_000, '2025-01-24')];
const TODAY = day('2026-03-02');
const price = (count: number, years: number) => priceFees(businesses.new.fees({ count, years }), tariff, TODAY);

describe('what a new certificate costs', () => {
  it.each([
    [1, 1, 250],
    [1, 2, 450],
    [1, 5, 1_050],
    [2, 1, 500],
    [2, 3, 1_300],
    [20, 5, 21_000],
  ])('G fees: %i certificates for %i years: 50 opening each, once, and 200 each and year: %i yuan', (count, years, expected) => {
    expect(totalFen(price(count, years))).toBe(expected * 100);
  });

  it('G fees: the lines say what is paid for', () => {
    expect(price(2, 3)).toEqual([
      { code: 'opening', quantity: 2, unitFen: 5_000, amountFen: 10_000 },
      { code: 'annual-service', quantity: 6, unitFen: 20_000, amountFen: 120_000 },
    ]);
  });

  it('a business without fees costs nothing', () => {
    expect(totalFen(priceFees([], tariff, TODAY))).toBe(0);
  });

  it('property: total = 50·count + 200·count·years, whatever is bought', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), (count, years) => {
        expect(totalFen(price(count, years))).toBe(count * 5_000 + count * years * 20_000);
      }),
    );
  });
});

describe('a tariff with dates', () => {
  const changing = [item('opening', 5_000, '2025-01-24', '2026-06-30'), item('opening', 6_000, '2026-07-01')];
  const opening = (on: string, items: readonly TariffItem[] = changing) =>
    priceFees([{ code: 'opening', quantity: 1 }], items, day(on)).map(({ unitFen }) => unitFen);

  it.each([
    ['2025-01-24', 5_000],
    ['2026-06-30', 5_000],
    ['2026-07-01', 6_000],
    ['2099-12-31', 6_000],
  ])('D fees: on %s the unit is %i fen: first and last day count', (on, unit) => {
    expect(opening(on)).toEqual([unit]);
  });

  it('D fees: a day before the tariff begins has no price, and is not priced at nothing', () => {
    expect(() => opening('2025-01-23')).toThrow(RangeError);
  });

  it('D fees: a gap between two items is refused', () => {
    expect(() => opening('2026-07-01', [item('opening', 5_000, '2025-01-24', '2026-06-30'), item('opening', 6_000, '2026-07-02')])).toThrow(
      RangeError,
    );
  });

  it('D fees: two items on one day are refused', () => {
    expect(() => opening('2026-06-30', [item('opening', 5_000, '2025-01-24', '2026-06-30'), item('opening', 6_000, '2026-06-30')])).toThrow(
      RangeError,
    );
  });

  it.each(Object.entries(tariffWords))('%s is said in both languages', (_, words) => {
    expect(words.zh).not.toBe('');
    expect(words.en).not.toBe('');
  });
});

describe('fen and yuan', () => {
  it.each([0.1, 1.5, NaN, Infinity, 2 ** 53, 0.1 + 0.2])('D money: %d is no amount of fen', (amount) => {
    expect(() => fen(amount)).toThrow(RangeError);
  });

  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [25_000, '250.00'],
    [99_999, '999.99'],
    [100_000, '1,000.00'],
    [123_456_789, '1,234,567.89'],
    [-5, '-0.05'],
    [-25_000, '-250.00'],
    [-100_000, '-1,000.00'],
  ])('D money: %i fen are written %s', (amount, text) => {
    expect(yuan(fen(amount))).toBe(text);
  });

  it('D money: a sum beyond what a double carries exactly is refused', () => {
    expect(() => totalFen([{ amountFen: fen(2 ** 53 - 1) }, { amountFen: fen(1) }])).toThrow(RangeError);
  });

  it('property: what is written reads back as the same amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        const text = yuan(fen(amount));
        expect(text).toMatch(/^-?\d{1,3}(,\d{3})*\.\d\d$/);
        expect(BigInt(text.replace(/[,.]/g, ''))).toBe(BigInt(amount));
      }),
    );
  });
});
