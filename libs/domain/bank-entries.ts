/** What an entry on our account is known by where the bank says nothing, and what its account is. Policy: decisions 0034 and 0035. */
import { referencesIn } from './application-number.js';
import { heldReasonWords, type HeldReason } from './credit-matching.js';
import { normaliseAccountName } from './names.js';

export interface EntryFacts {
  /** The Shanghai day it was booked on. */
  readonly day: string;
  /** Whole fen: in is positive, out is negative. */
  readonly amountFen: number;
  readonly payerName: string;
  readonly remittance: string;
}

/**
 * Two entries alike in this may be the same entry told in two ways. Time, account and wording of a remittance are left out, since banks
 * write them differently by channel, or not at all; the fee orders it names are in, for they say what the money is for.
 */
export function entryLikeness({ day, amountFen, payerName, remittance }: EntryFacts): string {
  const orders = [...new Set(referencesIn(remittance))].sort().join(' ');
  return [day, amountFen, normaliseAccountName(payerName), orders].join('|');
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

/** D: what an office takes as one statement file. A day has some hundred entries; larger exports are split by day. */
export const statementRules = { maxUploadBytes: 80 * 1024 * 1024, entriesOfAPage: 1000 } as const;

/** What an entry of a statement came to: that of its credit, or why it has none of its own. */
export const entryStandings = [
  ...(['waiting', 'matched', 'held', 'recorded', 'to-refund', 'explained', 'reversed'] as const),
  ...(['known', 'contradicted', 'debit', 'refund', 'reversal'] as const),
] as const;
export type EntryStanding = (typeof entryStandings)[number];

const entryReasons = {
  waiting: { zh: '尚未登记', en: 'not recorded yet' },
  recorded: { zh: '已登记，等待匹配', en: 'recorded, not decided yet' },
  known: { zh: '此前已由推送或其他对账单告知', en: 'told before, by push or in another statement' },
  'to-refund': { zh: '待退回付款人', en: 'goes back to the payer' },
  explained: { zh: '财务已说明', en: 'explained by finance' },
  reversed: { zh: '银行已冲正该笔款项', en: 'the bank took this entry back' },
  debit: { zh: '支出，不参与匹配', en: 'goes out: pays nothing' },
  refund: { zh: '退款支出，与本机构退款相符', en: 'pays a refund of ours' },
  'reversal-linked': { zh: '冲正，已标记对应到账', en: 'takes back a credit, and finance is told' },
  'reversal-returned': {
    zh: '退汇，退款被银行退回，待重新退款',
    en: 'takes back a refund’s payment: it is owed again, and finance is told',
  },
  'reversal-unlinked': { zh: '冲正，未能确定对应的款项', en: 'takes back an entry that could not be told for certain' },
} as const;

/** The reason in both languages; null where there is nothing to explain. `linked`: what a reversal takes back, where that is certain. */
export function entryReason(standing: EntryStanding, heldReason: HeldReason | null, linked: 'credit' | 'refund' | null) {
  if (standing === 'matched') return null;
  if (standing === 'held' || standing === 'contradicted') {
    const code = heldReason ?? 'contradicted';
    return { code, ...heldReasonWords[code] };
  }
  const code = standing === 'reversal' ? reversals[linked ?? 'nothing'] : standing;
  return { code, ...entryReasons[code] };
}

const reversals = { credit: 'reversal-linked', refund: 'reversal-returned', nothing: 'reversal-unlinked' } as const;
