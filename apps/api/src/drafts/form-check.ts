/** What an applicant declares, checked by every rule at once: those of the form, and what the seal can carry (印章与证书一并申请, G). */
import {
  businesses,
  checkForm,
  isRevocationCause,
  readField,
  type BusinessDefinition,
  type FieldError,
  type FormField,
  type Instant,
  type PartialForm,
} from '#domain';
import type { Draft } from '#persistence';
import { checkSealName } from '#seal';

const NAME_FIELD = 'organisation/certificateName';

/** All that is wrong with what is filled in; with `complete`, also what is missing. */
export function checkApplicationForm(form: PartialForm, when: { now: Instant; complete: boolean }): FieldError[] {
  const errors = checkForm(form, when);
  const name = form.organisation?.certificateName;
  // A name that no certificate can carry is told so first: which of its characters the seal lacks says nothing more.
  if (name === undefined || errors.some(({ field }) => field === NAME_FIELD)) return errors;
  return [...errors, ...checkSealName(name)];
}

/** Changes of what stays as it is. */
export function changesOfFixed(fixed: readonly FormField[], before: PartialForm, change: PartialForm): FieldError[] {
  return fixed
    .filter((field) => readField(change, field) !== undefined && readField(change, field) !== readField(before, field))
    .map((field): FieldError => ({ field, code: 'FIELD_FIXED' }));
}

/** Where a business asks why the old certificate ends, one of its own reasons; elsewhere none. */
export function causeMissing({ business, form: { cause } }: Pick<Draft, 'business' | 'form'>): FieldError[] {
  const { causes }: BusinessDefinition = businesses[business];
  if (causes.length === 0) return cause === undefined ? [] : [{ field: 'cause', code: 'FIELD_UNKNOWN' }];
  if (cause === undefined) return [{ field: 'cause', code: 'FIELD_REQUIRED' }];
  return isRevocationCause(cause) && causes.includes(cause) ? [] : [{ field: 'cause', code: 'FIELD_CHOICE' }];
}
