/** How the office writes sums, days and instants on paper. */

/** Fen as yuan with separators: 125000 → '1,250.00'. */
export function yuan(fen: number | bigint): string {
  const amount = wholeFen(fen);
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`;
}

const NUMERALS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const MYRIADS = ['', '万', '亿', '万亿'];

/**
 * Fen in the capital numerals of payment documents (《支付结算办法》附一): one 零 for any run of zeros between figures, 整 after yuan or jiao,
 * nothing after fen. 125000 → '壹仟贰佰伍拾元整'.
 */
export function yuanInCapitals(fen: number | bigint): string {
  const amount = wholeFen(fen);
  if (amount < 0n) return `负${yuanInCapitals(-amount)}`;
  const whole = amount / 100n;
  if (whole >= 10n ** 16n) throw new RangeError('an amount in capitals stays below ten quadrillion yuan');
  const jiao = Number((amount / 10n) % 10n);
  const cent = Number(amount % 10n);
  if (jiao === 0 && cent === 0) return `${wholeInCapitals(whole) || '零'}元整`;
  const yuanPart = whole === 0n ? '' : `${wholeInCapitals(whole)}元`;
  if (jiao === 0) return `${yuanPart}${yuanPart && '零'}${NUMERALS[cent]}分`;
  return `${yuanPart}${NUMERALS[jiao]}角${cent === 0 ? '整' : `${NUMERALS[cent]}分`}`;
}

function wholeInCapitals(whole: bigint): string {
  const figures = whole.toString();
  let words = '';
  let zeros = false;
  let groupUsed = false;
  for (let index = 0; index < figures.length; index += 1) {
    const place = figures.length - 1 - index;
    const figure = Number(figures[index]);
    if (figure === 0) zeros = true;
    else {
      words += `${zeros && words ? '零' : ''}${NUMERALS[figure]}${PLACES[place % 4]}`;
      zeros = false;
      groupUsed = true;
    }
    if (place % 4 === 0) {
      if (groupUsed) words += MYRIADS[place / 4];
      groupUsed = false;
    }
  }
  return words;
}

function wholeFen(fen: number | bigint): bigint {
  // BigInt() refuses a fraction, but silently takes a number that has already lost its last figures.
  if (typeof fen === 'number' && !Number.isSafeInteger(fen)) throw new RangeError('an amount is a whole number of fen');
  return BigInt(fen);
}

const SHANGHAI = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });

/** An ISO instant as the office's clock shows it: '2026-03-05T16:30:00Z' → '2026-03-06 00:30'. */
export function officeTime(instant: string): string {
  return SHANGHAI.format(new Date(instant));
}

/** '2026-03-06' → '2026年3月6日 星期五'. */
export function dayInWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  const weekday = '日一二三四五六'[new Date(`${day}T00:00:00Z`).getUTCDay()];
  if (weekday === undefined) throw new RangeError('a day is YYYY-MM-DD');
  return `${year}年${month}月${date}日 星期${weekday}`;
}
