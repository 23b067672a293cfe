/** What a reviewer may decide, and what a return or rejection must say. */
import { isFormField, type FormField } from './application-form.js';
import type { FieldError } from './errors.js';
import { isFiledMaterial, type Material } from './materials.js';
import { textProblem } from './names.js';
import { minutes } from './time.js';

export type ReviewOutcome = 'approved' | 'returned' | 'rejected';
export type ReturnableField = FormField | `materials/${Material}`;

export interface ReviewReason {
  /** A form field (`organisation/uscc`) or a material (`materials/licence`). */
  readonly field: string;
  readonly code: ReasonCode;
  /** In the reviewer's words, for the agent to read. Kept in Postgres only. */
  readonly note?: string;
}

export const reasonWords = {
  unreadable: { zh: '不清晰', en: 'cannot be read' },
  'stamp-missing': { zh: '未加盖单位公章', en: 'has no company stamp' },
  mismatch: { zh: '与证照不一致', en: 'differs from the licence' },
  outdated: { zh: '已过有效期', en: 'is out of date' },
  'wrong-document': { zh: '不是所需材料', en: 'is not the document asked for' },
  other: { zh: '其他原因', en: 'other' },
} as const;
export type ReasonCode = keyof typeof reasonWords;

/** D: how long a claimed case stays with its reviewer before the queue offers it again. */
export const CLAIM_LEASE_MS = minutes(30);

export function isReturnable(field: string): field is ReturnableField {
  if (field.startsWith('materials/')) return isFiledMaterial(field.slice('materials/'.length));
  return isFormField(field);
}

/** Nobody returns or rejects without saying what and why; an approval carries no reasons. */
export function checkReasons(outcome: ReviewOutcome, reasons: readonly ReviewReason[]): FieldError[] {
  if (outcome === 'approved') return reasons.length > 0 ? [{ field: 'reasons', code: 'FIELD_UNKNOWN' }] : [];
  if (reasons.length === 0) return [{ field: 'reasons', code: 'RETURN_NEEDS_REASON' }];
  const errors: FieldError[] = [];
  reasons.forEach((reason, index) => {
    if (!isReturnable(reason.field)) errors.push({ field: `reasons/${index}/field`, code: 'FIELD_CHOICE' });
    const problem = textProblem(reason.note ?? '');
    if (problem) errors.push({ field: `reasons/${index}/note`, code: problem });
    if (reason.code === 'other' && !reason.note?.trim()) errors.push({ field: `reasons/${index}/note`, code: 'RETURN_NEEDS_REASON' });
  });
  return errors;
}

/** A name typed wrongly must also be right on the stamped form: which fields a correction may touch besides the one returned. */
export function correctable(returned: readonly string[]): ReadonlySet<string> {
  const fields = new Set(returned);
  if (returned.some((field) => isFormField(field))) fields.add('materials/application-form');
  return fields;
}
