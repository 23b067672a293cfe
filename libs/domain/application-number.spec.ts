import fc from 'fast-check';
import { applicationNumber, isApplicationNumber, paymentReference, referencesIn, tokenNumber } from './application-number.js';

describe('the number of an application', () => {
  it.each([
    [1, 'XB-2026-000001'],
    [123, 'XB-2026-000123'],
    [999_999, 'XB-2026-999999'],
    [1_000_000, 'XB-2026-1000000'],
  ])('running number %i is written %s', (running, text) => {
    const number = applicationNumber('XB', 2026, running);
    expect(number).toBe(text);
    expect(isApplicationNumber(number)).toBe(true);
  });

  it.each([
    '',
    'XB2026000123',
    'xb-2026-000123',
    'XB-2026-00012',
    'XB-26-000123',
    ' XB-2026-000123',
    'XB-2026-000123\n',
    'XB-2026-０００１２３',
  ])('%j is none', (text) => {
    expect(isApplicationNumber(text)).toBe(false);
  });

  it('a token says its application and its place', () => {
    expect(tokenNumber('XB-2026-000123', 2)).toBe('XB2026000123-02');
  });
});

describe('references in a remittance', () => {
  it.each([
    ['XB2026000123', ['XB2026000123']],
    ['XB-2026-000123', ['XB2026000123']],
    ['xb-2026-000123', ['XB2026000123']],
    ['ＸＢ－２０２６－０００１２３', ['XB2026000123']],
    ['XB – 2026 — 000123', ['XB2026000123']],
    ['XB\u20102026\u2011000123', ['XB2026000123']],
    ['XB\u22122026\u2212000123', ['XB2026000123']],
    ['证书费XB2026000123请查收', ['XB2026000123']],
    ['PAY FOR XB 2026 000123 50.00', ['XB2026000123']],
    ['XB2026000123、XB2026000124', ['XB2026000123', 'XB2026000124']],
    ['XB2026000123 XB2026000124', ['XB2026000123', 'XB2026000124']],
    ['证书费', []],
    ['2026000123', []],
    ['XB2026', []],
    ['', []],
  ])('%j names %j', (remittance, expected) => {
    expect(referencesIn(remittance)).toEqual(expected);
  });

  it('property: the reference of a number is found again, whatever Chinese stands around it', () => {
    const words = fc.string({ unit: fc.constantFrom('证', '书', '费', '，', ' ', '（') });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), words, words, (running, before, after) => {
        const reference = paymentReference(applicationNumber('XB', 2026, running));
        expect(referencesIn(before + reference + after)).toEqual([reference]);
      }),
    );
  });
});
