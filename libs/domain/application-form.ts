/** What an applicant declares, and the rules each item must keep. The wire shape is checked by the API; what is right is decided here. */
import { fieldError, type ErrorCode, type FieldError, type XinyinError } from './errors.js';
import { identityNumberProblem, normalisePhone, usccProblem } from './identifiers.js';
import { foreignNameCharacter, textProblem } from './names.js';
import { isRevocationCause } from './revocation-causes.js';
import { isAccountKind } from './role-account.js';
import type { Instant } from './time.js';

export interface ApplicationForm {
  organisation: { certificateName: string; uscc: string; province: string; city: string };
  agent: { name: string; identityNumber: string; phone: string };
  delivery: { recipient: string; phone: string; address: string; postcode?: string };
  roleAccount: { kind: string; account: string };
  certificates: { count: number; years: number };
  /** Why the old certificate ends, where a business asks for it. */
  cause?: string;
  remarks?: string;
}

/** A draft holds any part of the form; absent means not filled in yet. */
export type PartialForm = {
  [Section in keyof ApplicationForm]?: ApplicationForm[Section] extends object | undefined
    ? Partial<ApplicationForm[Section]>
    : ApplicationForm[Section];
};

/** Policy limits (D): data, so that the office can change them without touching a rule. */
export const formLimits = {
  certificates: { min: 1, max: 20 },
  years: { min: 1, max: 5 },
  /** X.520 ub-organization-name and ub-common-name, RFC 5280 appendix A. */
  certificateName: 64,
  text: 200,
  remarks: 500,
} as const;

type Check = (value: unknown, now: Instant) => FieldFinding | null;
interface FieldFinding {
  code: ErrorCode;
  params?: Record<string, string | number>;
}

/** Every field of the form by its pointer: the one list that drafts, submissions, returns and screens go by. */
export const formFields = {
  'organisation/certificateName': required(certificateName),
  'organisation/uscc': required(problem(usccProblem)),
  'organisation/province': required(text(20)),
  'organisation/city': required(text(20)),
  'agent/name': required(text(40)),
  'agent/identityNumber': required((value, now) => finding(identityNumberProblem(String(value), now))),
  'agent/phone': required(problem(phoneProblem)),
  'delivery/recipient': required(text(40)),
  'delivery/phone': required(problem(phoneProblem)),
  'delivery/address': required(text(formLimits.text)),
  'delivery/postcode': optional((value) => (/^\d{6}$/.test(String(value)) ? null : { code: 'FIELD_FORMAT' })),
  'roleAccount/kind': required((value) => (isAccountKind(String(value)) ? null : { code: 'FIELD_CHOICE' })),
  'roleAccount/account': required(
    (value) => text(40)(value, new Date(0)) ?? (/^[\w.@-]+$/.test(String(value)) ? null : { code: 'FIELD_FORMAT' }),
  ),
  'certificates/count': required(wholeNumber(formLimits.certificates)),
  'certificates/years': required(wholeNumber(formLimits.years)),
  cause: optional((value) => (isRevocationCause(String(value)) ? null : { code: 'FIELD_CHOICE' })),
  // The only field of several lines.
  remarks: optional((value, now) => text(formLimits.remarks)(String(value).replace(/\r?\n/g, ' '), now)),
} as const satisfies Record<string, Check>;
export type FormField = keyof typeof formFields;
export const isFormField = (name: string): name is FormField => Object.hasOwn(formFields, name);

/** All that is wrong with what is filled in; with `complete`, also what is missing. Empty when the form may be submitted. */
export function checkForm(form: PartialForm, { now, complete }: { now: Instant; complete: boolean }): FieldError[] {
  const errors: FieldError[] = [];
  for (const [field, check] of Object.entries(formFields)) {
    const value = readField(form, field);
    if (value === undefined && !complete) continue;
    const found = check(value, now);
    if (found) errors.push({ field, ...found });
  }
  return errors;
}

/** Reads `organisation/uscc` and the like. */
export function readField(form: PartialForm, field: string): unknown {
  return field
    .split('/')
    .reduce<unknown>((value, key) => (value && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined), form);
}

/** @throws XinyinError PHONE_INVALID on the field named */
export function requirePhone(value: string, field: string): string {
  const phone = normalisePhone(value);
  if (phone === null) throw phoneRefused(field);
  return phone;
}
const phoneRefused = (field: string): XinyinError => fieldError(field, 'PHONE_INVALID');

function required(check: Check): Check {
  const blank = (value: unknown) => value === undefined || (typeof value === 'string' && value.trim() === '');
  return (value, now) => (blank(value) ? { code: 'FIELD_REQUIRED' } : check(value, now));
}
function optional(check: Check): Check {
  return (value, now) => (value === undefined || value === '' ? null : check(value, now));
}
function finding(code: ErrorCode | null): FieldFinding | null {
  return code === null ? null : { code };
}
function problem(rule: (value: string) => ErrorCode | null): Check {
  return (value) => finding(rule(String(value)));
}
function phoneProblem(value: string): ErrorCode | null {
  return normalisePhone(value) === null ? 'PHONE_INVALID' : null;
}
function text(limit: number): Check {
  return (value) => {
    const found = textProblem(String(value));
    if (found) return { code: found };
    return [...String(value)].length > limit ? { code: 'FIELD_TOO_LONG', params: { limit } } : null;
  };
}
function certificateName(value: unknown, now: Instant): FieldFinding | null {
  const name = String(value);
  const found = text(formLimits.certificateName)(name, now);
  if (found) return found;
  if (name !== name.trim() || name.trim() === '') return { code: 'FIELD_FORMAT' };
  const character = foreignNameCharacter(name);
  return character === null ? null : { code: 'CERTIFICATE_NAME_CHARACTER', params: { character } };
}
function wholeNumber({ min, max }: { min: number; max: number }): Check {
  return (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max ? null : { code: 'FIELD_RANGE', params: { min, max } };
}
