/** A table as its file holds it, before anybody knows what its columns are. */
export interface Cell {
  text: string;
  /** Shown in red: how some banks write a negative. */
  red?: boolean;
  formula?: boolean;
  /** A number of a spreadsheet, so a binary fraction or the count of a day. */
  number?: boolean;
}

export interface Row {
  line: number;
  cells: Cell[];
  /** How people call the place of a cell. */
  column(index: number): string;
}

/** Our own contract with the bank: a control line is part of it. */
export const TOTAL_MARK = '#TOTAL';
