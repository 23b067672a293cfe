/**
 * An entry that takes a credit back: its money leaves the ledger from where it stands, and finance is told. It revokes nothing. Which credit it means is certain when the bank names
 * it, or when one alone fits; otherwise the reversal stays unlinked, for a person. Rules: decision 0035.
 */
import { days, fen, normaliseAccountName, shanghaiDay, system, yuan } from '#domain';
import { appendAudit, BankCredit, BankStatementEntry, statementSubject } from '#persistence';
import { IsNull, LessThan, MoreThan, Not, type EntityManager } from 'typeorm';
import { takeBack } from '../payment/index.js';

/** D: how far back an entry is looked for that the bank does not name. */
export const REVERSED_WITHIN_DAYS = 31;

/** All that are unlinked, of this file and of those before: what an older one takes back may have come in this one. */
export async function linkReversals(tx: EntityManager, sha256: string, at: Date): Promise<{ reversed: string[] }> {
  const unlinked = await tx.find(BankStatementEntry, {
    where: { reversal: true, outcome: 'added', creditId: IsNull(), amountFen: LessThan(0) },
    order: { bookedAt: 'ASC', statementSha256: 'ASC', position: 'ASC' },
  });
  const reversed: string[] = [];
  for (const entry of unlinked) {
    const credit = await creditMeant(tx, entry);
    if (!credit) continue;
    reversed.push(credit.id);
    await takeBack(tx, credit.id, at);
    await tx.update(BankCredit, { id: credit.id }, { reversedBy: entry.identity });
    await tx.update(BankStatementEntry, { statementSha256: entry.statementSha256, position: entry.position }, { creditId: credit.id });
    const details = { credit: credit.id, amount: yuan(fen(credit.amountFen)), decided: credit.state };
    await appendAudit(tx, { subject: statementSubject(sha256), at, actor: system('bank-statement'), action: 'credit.reversed', details });
  }
  // With those that an attempt whose answer was lost has linked: whoever hears of them hears the same again.
  const ofThisFile = await tx.findBy(BankStatementEntry, {
    statementSha256: sha256,
    reversal: true,
    outcome: 'added',
    creditId: Not(IsNull()),
  });
  return { reversed: [...new Set([...reversed, ...ofThisFile.flatMap(({ creditId }) => creditId ?? [])])] };
}

async function creditMeant(tx: EntityManager, entry: BankStatementEntry): Promise<BankCredit | null> {
  const named = entry.reversalOf ?? entry.bankReference;
  const byName = named === null ? null : await creditNamed(tx, named);
  if (byName) return fits(byName, entry) ? byName : null;
  // Named by the bank and not come yet: nothing else is meant.
  if (entry.reversalOf !== null) return null;
  const since = MoreThan(new Date(entry.bookedAt.getTime() - days(REVERSED_WITHIN_DAYS)));
  const alike = await tx.find(BankCredit, { where: { amountFen: -entry.amountFen, reversedBy: IsNull(), bookedAt: since } });
  const meant = alike.filter((credit) => fits(credit, entry) && sameParty(credit, entry));
  return meant.length === 1 ? (meant[0] ?? null) : null;
}

const creditNamed = (tx: EntityManager, reference: string) =>
  tx.findOneBy(BankCredit, [{ bankReference: reference }, { otherReference: reference }]);

/** The whole of it, not before it was there, and not twice. */
const fits = (credit: BankCredit, { amountFen, bookedDay }: BankStatementEntry) =>
  credit.amountFen === -amountFen &&
  credit.reversedBy === null &&
  shanghaiDay(credit.bookedAt) <= bookedDay &&
  credit.heldReason !== 'contradicted';

type Party = Pick<BankStatementEntry, 'payerName' | 'payerAccount'>;
/** The other party of both: who paid, or was paid. */
export function sameParty(one: Party, other: Party): boolean {
  const digits = (text: string) => text.replace(/\D/g, '');
  const sameName = normaliseAccountName(one.payerName) === normaliseAccountName(other.payerName);
  return sameName && digits(one.payerAccount) === digits(other.payerAccount);
}
