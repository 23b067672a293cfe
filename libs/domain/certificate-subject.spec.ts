import { businesses, type BusinessSlug } from './businesses/index.js';
import { hasExpired, notAfterBy, renewableFrom, serialOf, standingRefusal, subjectRefusal } from './certificate-subject.js';

/** Ends on 30 June 2026, 18:00:00 in Shanghai; sixty days before it is 1 May. */
const END = new Date('2026-06-30T10:00:00Z');
const at = (text: string) => new Date(text);
const refused = (business: BusinessSlug, now: string, state: 'valid' | 'held' | 'revoked' = 'valid') =>
  subjectRefusal(business, { state, notAfter: END }, at(now));

describe('when a business may begin for a certificate', () => {
  it.each([
    ['30 April, the last second of Shanghai', '2026-04-30T15:59:59Z', 'RENEWAL_TOO_EARLY'],
    ['1 May 00:00:00 of Shanghai', '2026-04-30T16:00:00Z', null],
    ['the last second', '2026-06-30T10:00:00Z', null],
    ['within the last second', '2026-06-30T10:00:00.999Z', null],
    ['the second after', '2026-06-30T10:00:01Z', 'CERTIFICATE_EXPIRED'],
  ])('G renewal, valid: from 60 days before expiry, at %s', (_, now, code) => {
    expect(refused('renewal-valid', now)).toBe(code);
  });

  it.each([
    ['2026-06-30T10:00:00Z', 'CERTIFICATE_NOT_EXPIRED'],
    ['2026-06-30T10:00:01Z', null],
    ['2036-06-30T10:00:00Z', null],
  ])('G renewal, expired: any time after expiry, at %s', (now, code) => {
    expect(refused('renewal-expired', now)).toBe(code);
  });

  it('G renewal: the days are those of Shanghai, also across the end of a year and a leap day', () => {
    expect(renewableFrom(at('2028-03-01T15:59:59Z'))).toEqual(at('2027-12-31T16:00:00Z'));
    expect(renewableFrom(at('2028-03-01T16:00:00Z'))).toEqual(at('2028-01-01T16:00:00Z'));
    expect(hasExpired(END, END)).toBe(false);
  });

  it.each(['change', 'reissue', 'revocation'] as const)('G %s: while valid, as long as it is', (business) => {
    expect(refused(business, '2024-01-01T00:00:00Z')).toBeNull();
    expect(refused(business, '2026-06-30T10:00:00Z')).toBeNull();
    expect(refused(business, '2026-06-30T10:00:01Z')).toBe('CERTIFICATE_EXPIRED');
  });

  it.each((Object.keys(businesses) as BusinessSlug[]).filter((each) => each !== 'new'))(
    'a revoked certificate begins no %s',
    (business) => {
      for (const now of ['2026-06-01T00:00:00Z', '2026-07-01T00:00:00Z'])
        expect(refused(business, now, 'revoked')).toBe('CERTIFICATE_REVOKED');
    },
  );

  it('D suspended: it may be reissued or revoked, and nothing else', () => {
    const now = '2026-06-01T00:00:00Z';
    for (const business of ['renewal-valid', 'change'] as const) expect(refused(business, now, 'held')).toBe('CERTIFICATE_HELD');
    for (const business of ['reissue', 'revocation'] as const) expect(refused(business, now, 'held')).toBeNull();
    expect(refused('renewal-expired', '2026-07-01T00:00:00Z', 'held')).toBe('CERTIFICATE_HELD');
  });

  it('what was ended meanwhile is not carried on', () => {
    expect((['valid', 'held', 'revoked'] as const).map((state) => standingRefusal({ state }))).toEqual([
      null,
      'CERTIFICATE_HELD',
      'CERTIFICATE_REVOKED',
    ]);
  });
});

describe('the end of what is issued', () => {
  const issuedAt = at('2026-03-02T02:30:15Z');
  it.each([
    ['from-issue', 2, '2028-03-02T02:30:15.000Z'],
    ['added', 2, '2028-06-30T10:00:00.000Z'],
    ['unchanged', 2, '2026-06-30T10:00:00.000Z'],
  ] as const)('D notAfter: %s, %i years', (rule, years, end) => {
    expect(notAfterBy(rule, { issuedAt, years, before: END }).toISOString()).toBe(end);
  });

  it('D notAfter: 29 February becomes 28 February, by the days of Shanghai', () => {
    const leap = at('2028-02-29T02:00:00Z');
    expect(notAfterBy('added', { issuedAt, years: 1, before: leap }).toISOString()).toBe('2029-02-28T02:00:00.000Z');
    expect(notAfterBy('added', { issuedAt, years: 4, before: leap }).toISOString()).toBe('2032-02-29T02:00:00.000Z');
    // Already 1 March in Shanghai.
    expect(notAfterBy('added', { issuedAt, years: 1, before: at('2028-02-29T16:00:00Z') }).toISOString()).toBe('2029-02-28T16:00:00.000Z');
    expect(notAfterBy('from-issue', { issuedAt: leap, years: 1, before: null }).toISOString()).toBe('2029-02-28T02:00:00.000Z');
  });

  it.each(['added', 'unchanged'] as const)('%s builds on an old end', (rule) => {
    expect(() => notAfterBy(rule, { issuedAt, years: 1, before: null })).toThrow(RangeError);
  });

  it('G notAfter: which business follows which rule', () => {
    const rules = Object.entries(businesses).map(([slug, { issues }]) => [slug, issues?.validity ?? null]);
    expect(Object.fromEntries(rules)).toEqual({
      new: 'from-issue',
      'renewal-valid': 'added',
      'renewal-expired': 'from-issue',
      change: 'unchanged',
      reissue: 'unchanged',
      revocation: null,
      'account-binding': null,
      unlock: null,
    });
  });
});

describe('a serial number', () => {
  it.each([
    ['4A0F', '4a0f'],
    ['f'.repeat(40), 'f'.repeat(40)],
    ['f'.repeat(41), null],
    ['', null],
    ['4a\u0000', null],
    ['0x4a', null],
  ])('%j is read as %j', (text, serial) => {
    expect(serialOf(text)).toBe(serial);
  });
});
