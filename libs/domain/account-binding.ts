/** Where an organisation stands with a kind of role account, and what may be answered for it next (G: business.md, "Account binding"). */
import type { ErrorCode } from './errors.js';

/** `open`: nothing was answered yet. */
export const bindingStates = {
  open: { zh: '未绑定', en: 'Not bound' },
  pending: { zh: '待审核', en: 'Waiting for the platform' },
  approved: { zh: '审核通过', en: 'Approved' },
  refused: { zh: '审核不通过', en: 'Refused' },
  unbound: { zh: '已解绑', en: 'Unbound' },
  'no-account': { zh: '无账号', en: 'No account' },
} as const;
export type BindingState = keyof typeof bindingStates;
export type RecordedBindingState = Exclude<BindingState, 'open'>;

/** D: an account that is bound, or waits to be, has to go before its kind is answered for anew; every other answer may be given again. */
export function bindingRefusal(state: BindingState): ErrorCode | null {
  switch (state) {
    case 'pending':
      return 'BINDING_PENDING';
    case 'approved':
      return 'BINDING_EXISTS';
    case 'open':
    case 'refused':
    case 'unbound':
    case 'no-account':
      return null;
  }
}

/** What the platform says of an account and its password. Unknown, another organisation's, wrong password: it does not tell which. */
export const accountFindings = ['right', 'wrong', 'sub-account', 'other-kind', 'in-use'] as const;
export type AccountFinding = (typeof accountFindings)[number];

/** G: sub-accounts are never bound. Null when the account may be submitted. */
export function findingRefusal(finding: AccountFinding): ErrorCode | null {
  switch (finding) {
    case 'right':
      return null;
    case 'wrong':
      return 'ACCOUNT_PASSWORD_WRONG';
    case 'sub-account':
      return 'SUB_ACCOUNT';
    case 'other-kind':
      return 'ACCOUNT_KIND_WRONG';
    case 'in-use':
      return 'ACCOUNT_IN_USE';
  }
}
