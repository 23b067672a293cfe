/** What the e-invoice service knows of an invoice: blue, or red over a blue one. */
export interface Invoice {
  invoiceNumber: string;
  /** The name of its files: 256 random bits. */
  token: string;
  colour: 'blue' | 'red';
  /** The number that a red one takes back, and why. */
  reverses?: string;
  reason?: 'refund' | 'correction';
  title: string;
  taxNumber: string;
  /** Of a red one below nothing, as on its face. */
  amountFen: number;
  lines: { name: string; quantity: number; amountFen: number }[];
  at: string;
}

export const SELLER = { name: '信印电子认证服务有限公司', taxNumber: '91510100MA6200088W' };

/** 6 %: what stands on the invoice includes the tax. */
const TAX_PERCENT = 6;
export const TAX_RATE = `${TAX_PERCENT}%`;

/** Net and tax of an amount that includes it, in whole fen, halves away from nothing. */
export function taxed(amountFen: number): { netFen: number; taxFen: number } {
  const sign = amountFen < 0 ? -1 : 1;
  const netFen = sign * Math.round((Math.abs(amountFen) * 100) / (100 + TAX_PERCENT));
  return { netFen, taxFen: amountFen - netFen };
}

/** Net and tax of the whole: the sums of the lines, as they stand above them. */
export function totals({ lines }: Pick<Invoice, 'lines'>): { netFen: number; taxFen: number } {
  return lines
    .map(({ amountFen }) => taxed(amountFen))
    .reduce((sum, line) => ({ netFen: sum.netFen + line.netFen, taxFen: sum.taxFen + line.taxFen }), { netFen: 0, taxFen: 0 });
}
