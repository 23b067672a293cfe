/** `XB-2026-000123`: business, year of submission in Shanghai, running number. Short enough to be read on the telephone. */
import type { ApplicationNumber } from './brand.js';

export function applicationNumber(prefix: string, year: number, running: number): ApplicationNumber {
  return `${prefix}-${year}-${String(running).padStart(6, '0')}` as ApplicationNumber;
}

export const isApplicationNumber = (text: string): text is ApplicationNumber => /^[A-Z]{2}-\d{4}-\d{6,}$/.test(text);

/** What the applicant writes into the remittance: the number without hyphens, which bank screens tend to drop. */
export const paymentReference = (number: ApplicationNumber) => number.replaceAll('-', '');
