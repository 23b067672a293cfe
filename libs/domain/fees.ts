/** Fees from an effective-dated tariff, in fen. Rule: business.md, "What is applied for" (G: 50 opening + 200 a year, each certificate). */
import { fen, type Fen } from './brand.js';
import type { CalendarDay } from './time.js';

export type TariffCode = 'opening' | 'annual-service' | 'reissue' | 'change';

export interface TariffItem {
  readonly code: TariffCode;
  readonly amountFen: Fen;
  readonly validFrom: CalendarDay;
  readonly validTo: CalendarDay | null;
  /** False while the guide publishes no amount: nobody is charged by such a line without a supervisor. */
  readonly confirmed: boolean;
}

/** One line asked for by a business: how many units of a tariff item. */
export interface FeeRequest {
  readonly code: TariffCode;
  readonly quantity: number;
}

export interface FeeLine extends FeeRequest {
  readonly unitFen: Fen;
  readonly amountFen: Fen;
}

export const tariffWords: Record<TariffCode, { zh: string; en: string }> = {
  opening: { zh: '一次性开户费', en: 'Opening fee' },
  'annual-service': { zh: '年服务费', en: 'Annual service fee' },
  reissue: { zh: '补办费', en: 'Reissue fee' },
  change: { zh: '变更费', en: 'Change fee' },
};

/** @throws RangeError when the tariff has no item, or two, in force on the day: a gap in the data, not in the applicant's input */
export function priceFees(requests: readonly FeeRequest[], tariff: readonly TariffItem[], on: CalendarDay): FeeLine[] {
  return requests.map(({ code, quantity }) => {
    const inForce = tariff.filter((item) => item.code === code && item.validFrom <= on && (item.validTo === null || on <= item.validTo));
    const [item] = inForce;
    if (!item || inForce.length > 1) throw new RangeError(`the tariff has ${inForce.length} items for ${code} on ${on}`);
    return { code, quantity, unitFen: item.amountFen, amountFen: fen(item.amountFen * quantity) };
  });
}

export function totalFen(lines: readonly { readonly amountFen: Fen }[]): Fen {
  return fen(lines.reduce((sum, line) => sum + line.amountFen, 0));
}
