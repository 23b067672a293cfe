/** An entry of a statement, and a refusal, as the terminal shows them. */
import { fen, yuan } from '#domain';

export interface EntryLine {
  reference: string;
  day: string;
  amountFen: number;
  payer: string;
  outcome: string;
  reason: { code: string; zh: string; en: string } | null;
}

export interface Refused {
  /** `line 7/贷方发生额`, `line 9/Sheet1!D9`. */
  place: string;
  code: string;
  zh: string;
  en: string;
}

/** These and no other fields: what programs read is a promise. */
export const entryLine = ({ reference, day, amountFen, payer, outcome, reason }: EntryLine): EntryLine => ({
  ...{ reference, day, amountFen, payer, outcome, reason },
});

export function entryInWords({ reference, day, amountFen, payer, outcome, reason }: EntryLine): string {
  const why = reason ? `: ${reason.zh} ${reason.en}` : '';
  return `${day} ${yuan(fen(amountFen))} ${payer} ${reference} ${outcome}${why}`;
}

export const refusalInWords = ({ place, code, zh, en }: Refused) => `refused at ${place}: ${zh} ${en} (${code})`;
