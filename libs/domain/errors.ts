/**
 * The one table of everything that can be refused or go wrong. It drives problem+json (RFC 9457), Temporal failure types and the words
 * on screens: a code never changes its meaning, and no text outside this folder tells a person what went wrong.
 */
import { caseErrors } from './errors/case.js';
import { inputErrors } from './errors/input.js';
import { statementErrors } from './errors/statement.js';
import { systemErrors } from './errors/system.js';

/** One row: HTTP status, whether trying the same again can help, what is wrong, and what the person can do about it. */
export interface ErrorRow {
  readonly status: number;
  readonly retryable: boolean;
  readonly zh: string;
  readonly en: string;
  readonly remedyZh: string;
  readonly remedyEn: string;
}

export const errorTable = { ...inputErrors, ...caseErrors, ...statementErrors, ...systemErrors } as const satisfies Record<
  string,
  ErrorRow
>;
export type ErrorCode = keyof typeof errorTable;

/** One wrong field. `field` is a JSON pointer without its leading slash, e.g. `organisation/uscc`. */
export interface FieldError {
  readonly field: string;
  readonly code: ErrorCode;
  /** Values a text may name as `{limit}`; never personal data. */
  readonly params?: Readonly<Record<string, string | number>>;
}

/** The only error that Xinyin's own code throws on purpose. */
export class XinyinError extends Error {
  readonly fields: readonly FieldError[];
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    readonly code: ErrorCode,
    options: { fields?: readonly FieldError[]; params?: Readonly<Record<string, string | number>>; cause?: unknown } = {},
  ) {
    super(code, { cause: options.cause });
    this.name = 'XinyinError';
    this.fields = options.fields ?? [];
    this.params = options.params ?? {};
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** A refusal that names one field of the input. */
export function fieldError(field: string, code: ErrorCode, params: Readonly<Record<string, string | number>> = {}): XinyinError {
  return new XinyinError('INPUT_INVALID', { fields: [{ field, code, params }] });
}

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(errorTable, value);
}

/** The words of a code in both languages, with `{name}` replaced from params; a param that is itself a word has its English as `nameEn`. */
export function describeError(code: ErrorCode, params: Readonly<Record<string, string | number>> = {}) {
  const row: ErrorRow = errorTable[code];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
  const fillEn = (text: string) => fill(text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[`${name}En`] ?? whole)));
  return { zh: fill(row.zh), en: fillEn(row.en), remedyZh: fill(row.remedyZh), remedyEn: fillEn(row.remedyEn) };
}
