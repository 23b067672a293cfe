/** Entries of a statement become credits: each once, by its identity, whichever of push, this file or another told it first. */
import { sameCredit, shanghaiDay } from '#domain';
import {
  BankCredit,
  BankStatement,
  BankStatementEntry,
  isOwnIdentity,
  lockDays,
  recordCredit,
  recordNewCredits,
  type CreditFacts,
  type EntryOutcome,
} from '#persistence';
import { Between, In, IsNull, Like, type EntityManager } from 'typeorm';
import type { StatementPart } from './statements.js';

interface Recorded {
  position: number;
  outcome: EntryOutcome;
  creditId: string | null;
}

export async function recordBatch(tx: EntityManager, { sha256, from, to }: StatementPart, at: Date): Promise<void> {
  const entries = await tx.find(BankStatementEntry, {
    where: { statementSha256: sha256, position: Between(from, to), outcome: IsNull() },
    order: { position: 'ASC' },
  });
  const credits = entries.filter(({ amountFen, reversal }) => amountFen > 0 && !reversal);
  const others = entries.filter((entry) => !credits.includes(entry));
  await lockDays(
    tx,
    credits.map(({ bookedAt }) => shanghaiDay(bookedAt)),
  );
  const recorded = [...(await recordCredits(tx, credits, at)), ...(await recordOthers(tx, others))];
  await tx.query(
    `UPDATE bank_statement_entry e SET outcome = r.outcome, credit_id = r."creditId"
     FROM jsonb_to_recordset($2::jsonb) AS r(position int, outcome text, "creditId" uuid)
     WHERE e.statement_sha256 = $1 AND e.position = r.position`,
    [sha256, JSON.stringify(recorded)],
  );
  await tx.update(BankStatement, { sha256 }, { recordedCount: to });
}

async function recordCredits(tx: EntityManager, entries: readonly BankStatementEntry[], at: Date): Promise<Recorded[]> {
  const oneByOne = entries.some(({ identity }) => isOwnIdentity(identity)) || (await hasUnnamed(tx, entries));
  const added = oneByOne ? new Map<string, string>() : await recordNewCredits(tx, entries.map(factsOf), at);
  const known = oneByOne ? new Map<string, BankCredit>() : await creditsOf(tx, entries);
  const recorded: Recorded[] = [];
  for (const entry of entries) {
    const { position, identity } = entry;
    const id = added.get(identity);
    const before = known.get(identity);
    if (id !== undefined) recorded.push({ position, outcome: 'added', creditId: id });
    else if (before && sameCredit(before, entry)) recorded.push({ position, outcome: 'known', creditId: before.id });
    else recorded.push(await recordOne(tx, entry, at));
  }
  return recorded;
}

/** A statement without references was taken for one of these days: then an entry may have been told already under no name of the bank's. */
async function hasUnnamed(tx: EntityManager, entries: readonly BankStatementEntry[]): Promise<boolean> {
  const times = entries.map(({ bookedAt }) => bookedAt.getTime());
  if (times.length === 0) return false;
  const day = 86_400_000;
  const span = Between(new Date(Math.min(...times) - day), new Date(Math.max(...times) + day));
  return tx.existsBy(BankCredit, { bookedAt: span, bankReference: Like('none:%'), otherReference: IsNull() });
}

async function creditsOf(tx: EntityManager, entries: readonly BankStatementEntry[]): Promise<Map<string, BankCredit>> {
  const identities = In(entries.map(({ identity }) => identity));
  const found = await tx.find(BankCredit, { where: [{ bankReference: identities }, { otherReference: identities }] });
  return new Map(
    found.flatMap((credit) => [credit.bankReference, credit.otherReference ?? credit.bankReference].map((name) => [name, credit])),
  );
}

async function recordOne(tx: EntityManager, entry: BankStatementEntry, at: Date): Promise<Recorded> {
  const before = await tx.countBy(BankCredit, [{ bankReference: entry.identity }, { otherReference: entry.identity }]);
  const credit = await recordCredit(tx, factsOf(entry), 'statement', at);
  const { position, identity } = entry;
  if (credit.heldReason === 'contradicted' && credit.bankReference !== identity)
    return { position, outcome: 'contradicted', creditId: credit.id };
  const fresh = before === 0 && credit.bankReference === identity;
  return { position, outcome: fresh ? 'added' : 'known', creditId: credit.id };
}

function factsOf({ identity, bookedAt, ...entry }: BankStatementEntry): CreditFacts {
  const { amountFen, payerName, payerAccount, payerAccountType, remittance } = entry;
  return { reference: identity, bookedAt: bookedAt.toISOString(), amountFen, payerName, payerAccount, payerAccountType, remittance };
}

/** What goes out, and what takes back: kept once, and pays nothing. */
async function recordOthers(tx: EntityManager, entries: readonly BankStatementEntry[]): Promise<Recorded[]> {
  const identities = entries.map(({ identity }) => identity);
  const told = await tx.find(BankStatementEntry, {
    where: { identity: In(identities), outcome: 'added' },
    select: { identity: true, creditId: true, statementSha256: true, position: true },
  });
  const before = new Map(told.map(({ identity, creditId }) => [identity, creditId]));
  return entries.map(({ position, identity }) =>
    before.has(identity)
      ? { position, outcome: 'known', creditId: before.get(identity) ?? null }
      : { position, outcome: 'added', creditId: null },
  );
}
