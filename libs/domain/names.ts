/** Texts that people type, and when two names are the same name. */
import type { ErrorCode } from './errors.js';

/** Cc, Cf (zero-width, direction marks), Co, Cn, separators of lines, and what is drawn as nothing (fillers, variation selectors). */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
/** Letters, digits, Han, spaces and the few signs that stand in registered names of organisations. */
const NAME_CHARACTER = /^[\p{L}\p{M}\p{Nd}\p{Nl} ()（）·・.．,，、&＆\-－—'’“”"《》〈〉/+]$/u;

export function textProblem(text: string): ErrorCode | null {
  if (LONE_SURROGATE.test(text)) return 'TEXT_LONE_SURROGATE';
  return INVISIBLE.test(text) ? 'TEXT_CONTROL_CHARACTER' : null;
}

/** What no field can hold, whatever it is for: NUL, which PostgreSQL's text does not have, and half of a surrogate pair, which is no character. */
export function unstorableText(text: string): 'TEXT_LONE_SURROGATE' | 'TEXT_CONTROL_CHARACTER' | null {
  if (LONE_SURROGATE.test(text)) return 'TEXT_LONE_SURROGATE';
  return text.includes('\0') ? 'TEXT_CONTROL_CHARACTER' : null;
}

/** The first character that a certificate name cannot carry, or null. */
export function foreignNameCharacter(name: string): string | null {
  return [...name].find((character) => !NAME_CHARACTER.test(character)) ?? null;
}

/**
 * Normalises only what typing cannot change: Unicode compatibility forms (which covers full and half width and the brackets （）)
 * and spaces. Letter case, punctuation and abbreviations stay: anything else is another name, and nothing is guessed.
 */
export function normaliseAccountName(name: string): string {
  // Twice: without the space between them, a letter and a free-standing accent compose, and a normal form must be its own.
  return name.normalize('NFKC').replace(/\s+/gu, '').normalize('NFKC');
}

export function samePayer(payerName: string, certificateName: string): boolean {
  return normaliseAccountName(payerName) === normaliseAccountName(certificateName);
}
