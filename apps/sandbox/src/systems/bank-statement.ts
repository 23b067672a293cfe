/** Writes the statement file as the bank's contract describes it (CSV, RFC 4180): header, one line a credit, control line. */
import { TOTAL_MARK, statementColumns } from '#bank-statements';
import type { Credit } from './bank.js';

export function statementFile(credits: readonly Credit[]): string {
  const total = credits.reduce((sum, credit) => sum + credit.amountFen, 0);
  const lines = credits.map((credit) => {
    const { reference, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance } = credit;
    return [reference, bookedAt, 'CNY', amountFen, payerName, payerAccount, payerAccountType, remittance];
  });
  const records = [[...statementColumns], ...lines, [TOTAL_MARK, credits.length, total]];
  return records.map((cells) => cells.map(cell).join(',') + '\r\n').join('');
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
