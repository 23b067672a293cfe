/** How a file is refused: with the place where it was found wrong, and never with what stands there, for that is somebody's name. */
import { XinyinError, type ErrorCode } from '#domain';

/** A line of text, a cell of a sheet, an element of XML or a field of MT940. */
export interface Place {
  /** From 1; of the file, the sheet or the XML text. */
  line: number;
  /** What people call the place in it: a column's heading, `Sheet1!D7`, `Amt`, `:61:`. */
  column: string;
}

export type StatementFault = Extract<ErrorCode, `STATEMENT_${string}`>;

export const placeText = ({ line, column }: Place) => `line ${line}/${column}`;

export function refusal(
  { line, column }: Place,
  code: StatementFault,
  params: Readonly<Record<string, string | number>> = {},
): XinyinError {
  const field = placeText({ line, column });
  return new XinyinError('STATEMENT_REFUSED', { params: { line, column, reason: code }, fields: [{ field, code, params }] });
}
