import fc from 'fast-check';
import { identityNumberProblem, maskPhone, normalisePhone, usccCheckDigit, usccProblem } from './identifiers.js';

const NOW = new Date('2026-03-02T04:00:00Z');

describe('unified social credit code, GB 32100', () => {
  it.each([
    ['腾讯', '9144030071526726XG'],
    ['华为', '914403001922038216'],
    ['小米', '91110108551385082Q'],
    ['百度', '91110000802100433B'],
    ['阿里巴巴', '91330100799655058B'],
  ])('takes a code in public use (%s)', (_, code) => {
    expect(usccProblem(code)).toBeNull();
  });

  // By hand, weights 3^i mod 31 as the standard prints them: 1 3 9 27 19 26 16 17 20 29 25 13 8 24 10 30 28.
  // 91510100MA6200011: 9+3+45+27+0+26+0+0+420+290+150+26+0+0+0+30+28 = 1054 = 34·31, so the digit is (31 − 0) mod 31 = 0.
  it('takes a code whose check digit is 0', () => {
    expect(usccCheckDigit('91510100MA6200011')).toBe('0');
    expect(usccProblem('91510100MA62000110')).toBeNull();
  });

  // N2510100MF1234567: 22+6+45+27+0+26+0+0+420+435+25+26+24+96+50+180+196 = 1578 = 50·31 + 28, so the digit is 31 − 28 = 3.
  it('takes a code that begins with N2', () => {
    expect(usccProblem('N2510100MF12345673')).toBeNull();
  });

  it('names a check digit that does not fit apart from a code that is none', () => {
    expect(usccProblem('9144030071526726XH')).toBe('USCC_CHECK_DIGIT');
    expect(usccProblem('914403007152672')).toBe('USCC_INVALID');
  });

  it.each(['I', 'O', 'Z', 'S', 'V', 'a', ' ', '１', '-'])('refuses the character %j, which the standard does not have', (character) => {
    expect(usccProblem(`9144030071526726${character}G`)).toBe('USCC_INVALID');
  });

  it.each(['', '9144030071526726XG0', ' 9144030071526726XG', '9144030071526726XG\n', '9144030071526726xg'])('refuses %j', (text) => {
    expect(usccProblem(text)).toBe('USCC_INVALID');
  });

  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'.split('');
  const code = fc.array(fc.constantFrom(...alphabet), { minLength: 17, maxLength: 17 }).map((first) => {
    const text = first.join('');
    return text + usccCheckDigit(text);
  });

  it('property: a code with its own check digit is taken', () => {
    fc.assert(fc.property(code, (text) => expect(usccProblem(text)).toBeNull()));
  });

  it('property: every substitution of one character is detected', () => {
    fc.assert(
      fc.property(code, (text) => {
        for (let place = 0; place < 18; place++)
          for (const other of alphabet)
            if (other !== text[place]) expect(usccProblem(text.slice(0, place) + other + text.slice(place + 1))).toBe('USCC_CHECK_DIGIT');
      }),
      { numRuns: 20 },
    );
  });

  it('property: two neighbours exchanged are detected', () => {
    fc.assert(
      fc.property(code, fc.integer({ min: 0, max: 16 }), (text, place) => {
        const [one = '', other = ''] = [text[place], text[place + 1]];
        fc.pre(one !== other);
        expect(usccProblem(text.slice(0, place) + other + one + text.slice(place + 2))).toBe('USCC_CHECK_DIGIT');
      }),
    );
  });
});

describe('resident identity number, GB 11643', () => {
  // Weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2; the remainder mod 11 picks from 1 0 X 9 8 7 6 5 4 3 2 (the standard's own table).
  it.each([
    ['check character X: Σ = 167 = 15·11 + 2', '11010519491231002X'],
    ['check character 5: Σ = 194 = 17·11 + 7', '510104199003070015'],
    ['born on 29 February 2000: Σ = 154 = 14·11 + 0', '510104200002290011'],
    ['born today: Σ = 138 = 12·11 + 6', '510104202603020016'],
    ['born on the first day of 1900: Σ = 92 = 8·11 + 4', '510104190001010018'],
  ])('takes a number with %s', (_, number) => {
    expect(identityNumberProblem(number, NOW)).toBeNull();
  });

  it.each([
    ['a wrong check character', '110105194912310021'],
    ['30 February', '510104199002300018'],
    ['month 13', '510104199013010016'],
    ['29 February of a common year', '510104199902290011'],
    ['year 0000', '510104000001010018'],
    ['a birth before 1900', '510104189912310013'],
    ['a birth tomorrow', '510104202603030011'],
    ['fifteen digits', '510104900307001'],
    ['a small x', '11010519491231002x'],
    ['X in the middle', '1101051949123100X2'],
    ['a leading zero', '010105194912310021'],
    ['full-width digits', '１1010519491231002X'],
    ['nothing', ''],
    ['a line break after it', '11010519491231002X\n'],
  ])('refuses %s', (_, number) => {
    expect(identityNumberProblem(number, NOW)).toBe('IDENTITY_NUMBER_INVALID');
  });

  it('a child born in Shanghai today is born, although it is still yesterday in UTC', () => {
    expect(identityNumberProblem('510104202603030011', new Date('2026-03-02T16:00:00Z'))).toBeNull();
    expect(identityNumberProblem('510104202603030011', new Date('2026-03-02T15:59:59Z'))).toBe('IDENTITY_NUMBER_INVALID');
  });

  it('property: every substitution of one digit is detected', () => {
    fc.assert(
      fc.property(fc.constantFrom('11010519491231002X', '510104199003070015'), fc.nat(16), fc.nat(9), (number, place, digit) => {
        fc.pre(number[place] !== String(digit));
        expect(identityNumberProblem(number.slice(0, place) + digit + number.slice(place + 1), NOW)).toBe('IDENTITY_NUMBER_INVALID');
      }),
    );
  });
});

describe('mobile number', () => {
  it.each([
    '13800138000',
    '138 0013 8000',
    '138-0013-8000',
    '+86 138 0013 8000',
    '008613800138000',
    '１３８００１３８０００',
    '\t13800138000 ',
  ])('%j is 13800138000', (text) => {
    expect(normalisePhone(text)).toBe('13800138000');
  });

  it.each(['12800138000', '1380013800', '138001380000', '02885155302', '+1 13800138000', '13800138000a', '', '+852 61234567'])(
    '%j is none',
    (text) => {
      expect(normalisePhone(text)).toBeNull();
    },
  );

  it('property: what was normalised is its own normal form', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const phone = normalisePhone(text);
        expect(phone === null || normalisePhone(phone) === phone).toBe(true);
      }),
    );
  });

  it('masked it shows the first three and the last four digits', () => {
    expect(maskPhone('13800138000')).toBe('138****8000');
  });
});
