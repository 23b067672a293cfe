import { formFields } from './application-form.js';
import { checkReasons, CLAIM_LEASE_MS, correctable, isReturnable, reasonWords, type ReviewReason } from './review.js';

const licenceUnreadable: ReviewReason = { field: 'materials/licence', code: 'unreadable' };

describe('what can be returned', () => {
  it.each([...Object.keys(formFields), 'materials/application-form', 'materials/licence', 'materials/agent-id'])(
    'D review: %s',
    (field) => {
      expect(isReturnable(field)).toBe(true);
    },
  );

  it.each([
    '',
    'organisation',
    'materials/',
    'materials/passport',
    'organisation/uscc/',
    'constructor',
    'materials/toString',
    'number',
    'stage',
  ])('D review: not %j', (field) => {
    expect(isReturnable(field)).toBe(false);
  });
});

describe('what a correction may change', () => {
  it('D review: what was returned, and the stamped form on which it stands', () => {
    expect([...correctable(['organisation/uscc'])].sort()).toEqual(['materials/application-form', 'organisation/uscc']);
  });

  it('D review: a paper alone brings no other field with it', () => {
    expect([...correctable(['materials/licence'])]).toEqual(['materials/licence']);
  });

  it('D review: nothing returned, nothing to change', () => {
    expect([...correctable([])]).toEqual([]);
  });
});

describe('what a decision must say', () => {
  it.each(['returned', 'rejected'] as const)('D review: nobody has an application %s without a reason', (outcome) => {
    expect(checkReasons(outcome, [])).toEqual([{ field: 'reasons', code: 'RETURN_NEEDS_REASON' }]);
    expect(checkReasons(outcome, [licenceUnreadable])).toEqual([]);
  });

  it('D review: an approval carries no reasons', () => {
    expect(checkReasons('approved', [])).toEqual([]);
    expect(checkReasons('approved', [licenceUnreadable])).toEqual([{ field: 'reasons', code: 'FIELD_UNKNOWN' }]);
  });

  it('D review: “other” needs words', () => {
    const problem = [{ field: 'reasons/0/note', code: 'RETURN_NEEDS_REASON' }];
    expect(checkReasons('returned', [{ field: 'organisation/uscc', code: 'other' }])).toEqual(problem);
    expect(checkReasons('returned', [{ field: 'organisation/uscc', code: 'other', note: '  ' }])).toEqual(problem);
    expect(checkReasons('returned', [{ field: 'organisation/uscc', code: 'other', note: '与系统登记不一致' }])).toEqual([]);
  });

  it('D review: every wrong reason is named by its place', () => {
    expect(checkReasons('returned', [licenceUnreadable, { field: 'materials/passport', code: 'mismatch', note: 'a\u200bb' }])).toEqual([
      { field: 'reasons/1/field', code: 'FIELD_CHOICE' },
      { field: 'reasons/1/note', code: 'TEXT_CONTROL_CHARACTER' },
    ]);
  });

  it('D review: a claim lasts thirty minutes', () => {
    expect(CLAIM_LEASE_MS).toBe(1_800_000);
  });

  it.each(Object.entries(reasonWords))('%s is said in both languages', (_, words) => {
    expect(words.zh).toMatch(/\p{Script=Han}/u);
    expect(words.en).toMatch(/[a-z]/);
  });
});
