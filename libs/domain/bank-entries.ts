/** What an entry on our account is known by where the bank says nothing, and what its account is. Policy: decisions 0034 and 0035. */
import { referencesIn } from './application-number.js';
import { normaliseAccountName } from './names.js';

export interface EntryFacts {
  /** The Shanghai day it was booked on. */
  readonly day: string;
  /** Whole fen: in is positive, out is negative. */
  readonly amountFen: number;
  readonly payerName: string;
  readonly payerAccount: string;
  readonly remittance: string;
}

/**
 * Two entries alike in this may be the same entry told in two ways. Time and wording of a remittance are left out, since banks write
 * them differently by channel; the fee orders it names are in, for they say what the money is for.
 */
export function entryLikeness({ day, amountFen, payerName, payerAccount, remittance }: EntryFacts): string {
  const orders = [...new Set(referencesIn(remittance))].sort().join(' ');
  return [day, amountFen, normaliseAccountName(payerName), payerAccount.normalize('NFKC').replace(/\D/g, ''), orders].join('|');
}

/** What stands in the names of organisations and in no person's. */
const ORGANISATION_WORD =
  /公司|集团|厂|院|所|店|社|中心|大学|学校|部|局|会|站|行|馆|协会|基金|事务|合伙|企业|医|药|经营|CO\.|LTD|INC|COMPANY/iu;

/** D: where the bank does not say, an account of a person is one whose holder is named like a person: two to four Han characters, or with a point. */
export function accountTypeByName(name: string): 'corporate' | 'personal' {
  const plain = normaliseAccountName(name);
  if (ORGANISATION_WORD.test(plain)) return 'corporate';
  return /^\p{Script=Han}{2,4}$|^\p{Script=Han}+[·・.]\p{Script=Han}+$/u.test(plain) ? 'personal' : 'corporate';
}
