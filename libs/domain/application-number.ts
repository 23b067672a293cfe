/** `XB-2026-000123`: business, year of submission in Shanghai, running number. Short enough to be read on the telephone. */
import type { ApplicationNumber } from './brand.js';

export function applicationNumber(prefix: string, year: number, running: number): ApplicationNumber {
  return `${prefix}-${year}-${String(running).padStart(6, '0')}` as ApplicationNumber;
}

export const isApplicationNumber = (text: string): text is ApplicationNumber => /^[A-Z]{2}-\d{4}-\d{6,}$/.test(text);

/** What the applicant writes into the remittance: the number without hyphens, which bank screens tend to drop. */
export const paymentReference = (number: ApplicationNumber) => number.replaceAll('-', '');

/** Every payment reference in a remittance text, however it was typed: with any dash, in full width, in small letters. */
export function referencesIn(remittance: string): string[] {
  const text = remittance
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\u2212]/gu, '');
  return text.match(/[A-Z]{2}20\d{8}/g) ?? [];
}

/** What is printed on a token: its application and its place among the tokens of that application. */
export const tokenNumber = (number: string, index: number) => `${number.replaceAll('-', '')}-${String(index).padStart(2, '0')}`;
