/** Which certificate a business may be about, and when. Rule: business.md, "What is applied for", line "when". */
import type { BusinessSlug, IssuingRule } from './businesses/index.js';
import type { ErrorCode } from './errors.js';
import { addDays, addYears, shanghaiDay, startOfShanghaiDay, type Instant } from './time.js';

/**
 * A serial number as it is typed or sent: hexadecimal, at most the 20 octets of RFC 5280, 4.1.2.2. Null for what can be none, which names no
 * certificate and goes into no query.
 */
export const serialOf = (text: string): string | null => (/^[0-9a-f]{1,40}$/i.test(text) ? text.toLowerCase() : null);

export interface CertificateStanding {
  readonly state: 'valid' | 'held' | 'revoked';
  readonly notAfter: Instant;
}

/** G: renewal from 60 days before the end, counted in days of Shanghai. */
export const RENEWAL_DAYS = 60;
export const renewableFrom = (notAfter: Instant): Instant => startOfShanghaiDay(addDays(shanghaiDay(notAfter), -RENEWAL_DAYS));

/** The last second belongs to the validity (RFC 5280, 4.1.2.5: "inclusive"). */
export const hasExpired = (notAfter: Instant, now: Instant): boolean => now.getTime() >= notAfter.getTime() + 1000;

/** Whether a certificate was ended, for good or for a while, whatever the clock says. */
export function standingRefusal({ state }: Pick<CertificateStanding, 'state'>): ErrorCode | null {
  if (state === 'revoked') return 'CERTIFICATE_REVOKED';
  return state === 'held' ? 'CERTIFICATE_HELD' : null;
}

/** Null when the business may begin for this certificate now; otherwise the refusal. */
export function subjectRefusal(business: BusinessSlug, { state, notAfter }: CertificateStanding, now: Instant): ErrorCode | null {
  if (state === 'revoked') return 'CERTIFICATE_REVOKED';
  const expired = hasExpired(notAfter, now);
  switch (business) {
    case 'new':
      return null;
    case 'renewal-valid':
      if (expired) return 'CERTIFICATE_EXPIRED';
      if (state === 'held') return 'CERTIFICATE_HELD';
      return now < renewableFrom(notAfter) ? 'RENEWAL_TOO_EARLY' : null;
    case 'renewal-expired':
      if (state === 'held') return 'CERTIFICATE_HELD';
      return expired ? null : 'CERTIFICATE_NOT_EXPIRED';
    case 'change':
    case 'account-binding':
    case 'unlock':
      if (state === 'held') return 'CERTIFICATE_HELD';
      return expired ? 'CERTIFICATE_EXPIRED' : null;
    case 'reissue':
    case 'revocation':
      return expired ? 'CERTIFICATE_EXPIRED' : null;
  }
}

/** D: several at once for one organisation, but never two that would each replace the same certificate. A revocation waits for nothing. */
export const replacing: readonly BusinessSlug[] = ['renewal-valid', 'renewal-expired', 'change', 'reissue'];

/**
 * The end of what is issued. Rule: business.md, "What is applied for", line "notAfter".
 * @throws RangeError when a rule builds on an old end and there is none
 */
export function notAfterBy(
  rule: IssuingRule['validity'],
  { issuedAt, years, before }: { issuedAt: Instant; years: number; before: Instant | null },
): Instant {
  if (rule === 'from-issue') return addYears(issuedAt, years);
  if (before === null) throw new RangeError('no certificate whose end this could build on');
  return rule === 'added' ? addYears(before, years) : before;
}
