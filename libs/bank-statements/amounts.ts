/** Amounts as people and banks write them, to whole fen. Strict: what is in doubt is no amount. */
const PLAIN = /^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2}0*)?$/;
const CURRENCY = /^(?:CNY|RMB|人民币|[¥￥])|(?:元|CNY|RMB)$/g;

/** Full-width digits and signs become plain ones: 银行 screens mix them. Minus signs of any kind become `-`. */
export const plainText = (text: string) => text.normalize('NFKC').replace(/[\u2212\u2013\u2014\ufe63]/g, '-');

/**
 * `1,234.50`, `１，２３４．５０`, `-1,234.5`, `(1,234.50)`, `¥ 1234` → fen, or null. A dash or nothing at all is not an amount.
 * @param red whether it is shown in red, which writes a negative without a sign
 */
export function fenOf(text: string, red = false): number | null {
  let plain = plainText(text).replace(/\s/g, '').toUpperCase();
  const bracketed = /^\(.*\)$/.test(plain);
  if (bracketed) plain = plain.slice(1, -1);
  plain = plain.replace(CURRENCY, '');
  const signed = /^[+-]/.test(plain);
  const minus = plain.startsWith('-');
  if (signed) plain = plain.slice(1).replace(CURRENCY, '');
  // Two ways to say "negative" at once leave open what is meant, but red beside a sign is only a colour.
  if ((bracketed && signed) || !PLAIN.test(plain)) return null;
  const [whole = '', cents = ''] = plain.replaceAll(',', '').split('.');
  const fen = Number(whole) * 100 + Number(cents.slice(0, 2).padEnd(2, '0'));
  if (!Number.isSafeInteger(fen)) return null;
  const negative = bracketed || minus || (red && !signed);
  return negative && fen !== 0 ? -fen : fen;
}

/** A number of a spreadsheet, which is a binary fraction: 1234.56 may stand there as 1234.5599999999999. */
export function fenOfNumber(text: string): number | null {
  const fen = Number(text) * 100;
  const rounded = Math.round(fen);
  return text.trim() !== '' && Number.isSafeInteger(rounded) && Math.abs(fen - rounded) < 1e-3 ? (rounded === 0 ? 0 : rounded) : null;
}
