import { caseErrors } from './errors/case.js';
import { inputErrors } from './errors/input.js';
import { statementErrors } from './errors/statement.js';
import { systemErrors } from './errors/system.js';
import { describeError, errorTable, fieldError, isErrorCode, XinyinError, type ErrorCode } from './errors.js';

const rows = Object.entries(errorTable) as [ErrorCode, (typeof errorTable)[ErrorCode]][];
const CHINESE = /\p{Script=Han}/u;
const placeholders = (...texts: string[]) => [...new Set(texts.join(' ').match(/\{\w+\}/g) ?? [])].sort();

describe('the table of errors', () => {
  it('no code stands in two of its parts', () => {
    const all = [inputErrors, caseErrors, statementErrors, systemErrors].flatMap((part) => Object.keys(part));
    expect(all).toHaveLength(new Set(all).size);
    expect(Object.keys(errorTable)).toHaveLength(all.length);
  });

  it.each(rows)('%s says what is wrong and what to do, in Chinese and in English', (_, row) => {
    for (const zh of [row.zh, row.remedyZh]) expect(zh).toMatch(CHINESE);
    for (const en of [row.en, row.remedyEn]) {
      expect(en).toMatch(/[a-z]/);
      expect(en).not.toMatch(CHINESE);
    }
  });

  it.each(rows)('%s is named in capitals and has an error status', (code, row) => {
    expect(code).toMatch(/^[A-Z][A-Z_]+[A-Z]$/);
    expect(Number.isInteger(row.status) && row.status >= 400 && row.status < 600).toBe(true);
  });

  it.each(rows)('%s tells the same values in both languages', (_, row) => {
    // A value that is itself words has an English one beside it, `missing` and `missingEn`.
    const inEnglish = placeholders(row.en, row.remedyEn).map((name) => name.replace(/En\}$/, '}'));
    expect(placeholders(row.zh, row.remedyZh)).toEqual(inEnglish);
  });

  it.each(Object.entries(inputErrors))('%s, an error of input, is a 4xx that trying again cannot help', (_, row) => {
    expect(row.status).toBeLessThan(500);
    expect(row.retryable).toBe(false);
  });
});

describe('an error in words', () => {
  it('has its values filled in', () => {
    expect(describeError('FIELD_RANGE', { min: 1, max: 20 })).toMatchObject({
      zh: '此项须在 1 与 20 之间。',
      en: 'Must be between 1 and 20.',
    });
  });

  it('says 0, which is a value', () => {
    expect(describeError('CODE_WRONG', { left: 0 }).en).toContain('0 attempts');
  });

  it('takes a value that looks like a pattern as it is', () => {
    expect(describeError('CERTIFICATE_NAME_CHARACTER', { character: '$&' }).en).toContain('cannot carry: $&.');
  });

  it('leaves the name of a value it was not given', () => {
    expect(describeError('FIELD_TOO_LONG').en).toContain('{limit}');
  });
});

describe('an error of ours', () => {
  it('carries its code and nothing else in its message', () => {
    const cause = new Error('row (13800138000)');
    const error = new XinyinError('NOT_FOUND', { params: { number: 'XB-2026-000123' }, cause });
    expect(error.message).toBe('NOT_FOUND');
    expect(error.cause).toBe(cause);
    expect(error.fields).toEqual([]);
  });

  it('is tried again as its row says', () => {
    expect(new XinyinError('UNAVAILABLE').retryable).toBe(true);
    expect(new XinyinError('FOUR_EYES').retryable).toBe(false);
  });

  it('of one field is invalid input that names the field', () => {
    expect(fieldError('organisation/uscc', 'USCC_CHECK_DIGIT')).toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ field: 'organisation/uscc', code: 'USCC_CHECK_DIGIT' }],
    });
  });

  it.each(['toString', 'constructor', '__proto__', '', 'not_found', 'Error'])('%j is no code', (text) => {
    expect(isErrorCode(text)).toBe(false);
  });
});
