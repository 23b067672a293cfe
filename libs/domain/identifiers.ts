/** Numbers that others issue and that carry their own check: GB 32100, GB 11643, mobile numbers. */
import type { ErrorCode } from './errors.js';
import { shanghaiDay, type Instant } from './time.js';

/** GB 32100-2015, 4.4: no I, O, Z, S, V; a character's place is its value. */
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** What is wrong with a unified social credit code, or null. */
export function usccProblem(code: string): ErrorCode | null {
  if (!/^[0-9A-HJ-NP-RTUW-Y]{18}$/.test(code)) return 'USCC_INVALID';
  return code.endsWith(usccCheckDigit(code.slice(0, 17))) ? null : 'USCC_CHECK_DIGIT';
}

/** GB 32100-2015, 5: C18 = (31 − Σ Ci·3^(i−1) mod 31) mod 31. */
export function usccCheckDigit(first17: string): string {
  let weight = 1;
  let sum = 0;
  for (const character of first17) {
    sum += USCC_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** GB 11643-1999: region, a real date of birth that has passed, sequence, ISO 7064 MOD 11-2. */
export function identityNumberProblem(number: string, now: Instant): ErrorCode | null {
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return 'IDENTITY_NUMBER_INVALID';
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const date = new Date(`${born}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === born;
  if (!real || born < '1900-01-01' || born > shanghaiDay(now)) return 'IDENTITY_NUMBER_INVALID';
  // ISO 7064 MOD 11-2: the check digit d makes (remainder + d) ≡ 1 (mod 11); ten is written X.
  let remainder = 0;
  for (const digit of number.slice(0, 17)) remainder = ((remainder + Number(digit)) * 2) % 11;
  return '0123456789X'.charAt((12 - remainder) % 11) === number.charAt(17) ? null : 'IDENTITY_NUMBER_INVALID';
}

/** A mobile number of mainland China, eleven digits, with the decorations people type removed; null when it is none. */
export function normalisePhone(text: string): string | null {
  const digits = text
    .normalize('NFKC')
    .replace(/[\s-]/g, '')
    .replace(/^(\+|00)86/, '');
  return /^1[3-9]\d{9}$/.test(digits) ? digits : null;
}

/** `138****5678`: enough for its owner to know it, too little for anybody else. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}
