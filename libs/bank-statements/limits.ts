/** D: how much a statement may be. Data, so that an office with another bank changes a figure and no code. */
import { statementRules } from '#domain';

const MEGABYTE = 1024 * 1024;

export const statementLimits = {
  /** 100,000 lines in the most wordy format (camt.053) are about 70 MB. */
  maxBytes: statementRules.maxUploadBytes,
  maxEntries: 200_000,
  /** What the parts of an XLSX that are read may unfold to, together: declared, and again while it is inflated. */
  maxInflatedBytes: 256 * MEGABYTE,
  /** Texts that an XLSX shares between cells are the only part held in memory whole. */
  maxSharedTextCharacters: 32_000_000,
  /** One row or entry: an element of XML with all that is in it. */
  maxElementCharacters: 64_000,
  maxColumns: 200,
  /** Lines before the header: the bank's title, our account, the range of days. */
  maxPreambleRows: 40,
  maxAmountFen: 10_000_000_000_000,
  /** Banks that print names in a field of this width go on with the rest of the name on the next line. */
  nameWidth: 35,
  /** Interest may run from some days after the booking; a year ahead is a mistake. */
  valueDaysAhead: 10,
  longestName: 200,
  longestAccount: 64,
  longestRemittance: 500,
} as const;

export type StatementLimits = { readonly [Name in keyof typeof statementLimits]: number };
export const megabytes = (bytes: number) => Math.floor(bytes / MEGABYTE);
