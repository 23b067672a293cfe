/** What is answered for a kind: its account with the password, or that there is none; never both, never half. */
import { fieldError, formFields, isAccountKind, textProblem, type AccountKind, type Instant } from '#domain';
import { z } from 'zod';

export const bindingInput = z.strictObject({
  certificate: z.string().max(80),
  kind: z.string().max(60),
  account: z.string().max(200).optional(),
  password: z.string().max(128).optional(),
  noAccount: z.literal(true).optional(),
});
export type BindingInput = z.infer<typeof bindingInput>;

export interface GivenAccount {
  account: string;
  password: string;
}

const AT_ANY_TIME: Instant = new Date(0);

/** @throws XinyinError INPUT_INVALID naming the field; never its value */
export function readBindingInput({ kind, account, password, noAccount }: BindingInput): {
  kind: AccountKind;
  given: GivenAccount | 'no account';
} {
  if (!isAccountKind(kind)) throw fieldError('kind', 'FIELD_CHOICE');
  if (noAccount) {
    if (account !== undefined) throw fieldError('account', 'FIELD_UNKNOWN');
    if (password !== undefined) throw fieldError('password', 'FIELD_UNKNOWN');
    return { kind, given: 'no account' };
  }
  const wrong = formFields['roleAccount/account'](account, AT_ANY_TIME);
  if (account === undefined || wrong) throw fieldError('account', wrong?.code ?? 'FIELD_REQUIRED', wrong?.params);
  if (password === undefined || password === '') throw fieldError('password', 'FIELD_REQUIRED');
  const problem = textProblem(password);
  if (problem) throw fieldError('password', problem);
  return { kind, given: { account, password } };
}
