/** What an applicant declares, checked by every rule at once: those of the form, and what the seal can carry (印章与证书一并申请, G). */
import { checkForm, type FieldError, type Instant, type PartialForm } from '#domain';
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
