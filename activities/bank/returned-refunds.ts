/**
 * An entry that takes back what had gone out to pay a refund (退汇): the money is here again and owed again, and a person of finance sees to it.
 * Nothing goes out by itself. Which refund is meant is certain when the bank names its payment, or when one alone fits; else the entry stays
 * unlinked, for a person. Rules: decision 0047.
 */
import { days, paymentKey, shanghaiDay } from '#domain';
import { BankStatementEntry, openFinanceCase, Refund } from '#persistence';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { oweAgain } from '../refund/index.js';
import { REVERSED_WITHIN_DAYS, sameParty } from './reversals.js';

const BANK = { kind: 'bank', id: 'statement' } as const;

/** All that are unlinked, of any file: the payment may have been confirmed, or told at all, only after an older one came. */
export async function linkReturnedRefunds(tx: EntityManager, at: Date): Promise<void> {
  const unlinked = await tx.find(BankStatementEntry, {
    where: { reversal: true, outcome: 'added', creditId: IsNull(), refundId: IsNull(), amountFen: MoreThan(0) },
    order: { bookedAt: 'ASC', statementSha256: 'ASC', position: 'ASC' },
  });
  for (const entry of unlinked) {
    const refund = await refundMeant(tx, entry);
    if (refund) await link(tx, entry, refund, at);
  }
}

async function link(tx: EntityManager, entry: BankStatementEntry, refund: Refund, at: Date): Promise<void> {
  const { id, attempt, creditId, orderId, amountFen } = refund;
  await oweAgain(tx, refund, BANK, at);
  await tx.update(BankStatementEntry, { statementSha256: entry.statementSha256, position: entry.position }, { refundId: id });
  const matter = { kind: 'refund-returned', onceKey: `refund-returned/${paymentKey(id, attempt)}`, creditId, orderId, amountFen } as const;
  await openFinanceCase(tx, { ...matter, subject: `refund/${id}`, actor: BANK, details: { refund: id } }, at);
}

async function refundMeant(tx: EntityManager, entry: BankStatementEntry): Promise<Refund | null> {
  const named = entry.reversalOf ?? entry.bankReference;
  const byName = named === null ? null : await tx.findOneBy(Refund, { bankReference: named });
  if (byName) return (await fits(tx, byName, entry)) ? byName : null;
  // Named by the bank and not known: nothing else is meant.
  if (entry.reversalOf !== null) return null;
  const approvedAt = MoreThan(new Date(entry.bookedAt.getTime() - days(REVERSED_WITHIN_DAYS)));
  const alike = await tx.findBy(Refund, { state: 'paid', amountFen: entry.amountFen, approvedAt });
  const meant: Refund[] = [];
  for (const refund of alike) if (paidTo(refund, entry) && (await fits(tx, refund, entry))) meant.push(refund);
  return meant.length === 1 ? (meant[0] ?? null) : null;
}

const paidTo = ({ payeeName, payeeAccount }: Refund, entry: BankStatementEntry) =>
  sameParty({ payerName: payeeName ?? '', payerAccount: payeeAccount ?? '' }, entry);

/** The whole of it, paid, not before it was approved, and not taken back already. */
async function fits(tx: EntityManager, { id, state, amountFen, approvedAt }: Refund, entry: BankStatementEntry): Promise<boolean> {
  const inTime = approvedAt !== null && shanghaiDay(approvedAt) <= entry.bookedDay;
  if (state !== 'paid' || amountFen !== entry.amountFen || !inTime) return false;
  return !(await tx.existsBy(BankStatementEntry, { refundId: id, reversal: true }));
}
