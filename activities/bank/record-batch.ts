/** Entries of a statement become credits: each once, by its identity, whichever of push, this file or another told it first. */
import { sameCredit } from '#domain';
import {
  BankStatement,
  isOwnIdentity,
  lockDays,
  recordNewCredits,
  recordReport,
  rowsAsJson,
  type CreditFacts,
  type EntryOutcome,
} from '#persistence';
import type { EntityManager } from 'typeorm';
import type { StatementPart } from './statements.js';

interface Entry extends CreditFacts {
  position: number;
  reversal: boolean;
}
interface Recorded {
  position: number;
  outcome: EntryOutcome;
  creditId: string | null;
}

export async function recordBatch(tx: EntityManager, part: StatementPart, at: Date): Promise<void> {
  const entries = await unrecorded(tx, part);
  const credits = entries.filter(({ amountFen, reversal }) => amountFen > 0 && !reversal);
  const others = entries.filter((entry) => !credits.includes(entry));
  await lockDays(tx, credits);
  const recorded = [...(await recordCredits(tx, credits, at)), ...(await recordOthers(tx, others))];
  await tx.query(
    `UPDATE "bank_statement_entry" e SET outcome = told.outcome, credit_id = told."creditId"
     FROM json_to_recordset($2::json) AS told(position int, outcome text, "creditId" uuid)
     WHERE e.statement_sha256 = $1 AND e.position = told.position`,
    [part.sha256, rowsAsJson(recorded)],
  );
  // Last, since every part of the file waits here for the one before it.
  await tx.increment(BankStatement, { sha256: part.sha256 }, 'recordedCount', recorded.length);
}

async function unrecorded(tx: EntityManager, { sha256, from, to }: StatementPart): Promise<Entry[]> {
  const rows: (Omit<Entry, 'amountFen' | 'bookedAt'> & { amountFen: string; bookedAt: Date })[] = await tx.query(
    `SELECT position, reversal, identity AS reference, booked_at AS "bookedAt", amount_fen AS "amountFen", payer_name AS "payerName",
       payer_account AS "payerAccount", payer_account_type AS "payerAccountType", remittance
     FROM bank_statement_entry WHERE statement_sha256 = $1 AND position BETWEEN $2 AND $3 AND outcome IS NULL ORDER BY position`,
    [sha256, from, to],
  );
  return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen), bookedAt: row.bookedAt.toISOString() }));
}

async function recordCredits(tx: EntityManager, entries: readonly Entry[], at: Date): Promise<Recorded[]> {
  // In a file that names some entries and others not, one may be alike to another of the same file.
  const oneByOne = new Set(entries.map(({ reference }) => isOwnIdentity(reference))).size > 1;
  const { added, known } = oneByOne ? NOTHING_TOLD : await recordNewCredits(tx, entries.map(factsOf), at);
  const recorded: Recorded[] = [];
  for (const entry of entries) {
    const { position, reference } = entry;
    const id = added.get(reference);
    const before = known.get(reference);
    if (id !== undefined) recorded.push({ position, outcome: 'added', creditId: id });
    else if (before && sameCredit(before, entry)) recorded.push({ position, outcome: 'known', creditId: before.id });
    else recorded.push(await recordOne(tx, entry, at));
  }
  return recorded;
}

const NOTHING_TOLD: Awaited<ReturnType<typeof recordNewCredits>> = { added: new Map(), known: new Map() };

async function recordOne(tx: EntityManager, entry: Entry, at: Date): Promise<Recorded> {
  const { position, reference } = entry;
  const { credit, first } = await recordReport(tx, factsOf(entry), 'statement', at);
  const isContradiction = credit.heldReason === 'contradicted' && credit.bankReference !== reference;
  return { position, outcome: first ? 'added' : isContradiction ? 'contradicted' : 'known', creditId: credit.id };
}

const factsOf = ({ position: _, reversal: __, ...facts }: Entry): CreditFacts => facts;

/** What goes out, and what takes back: kept once, and pays nothing. */
async function recordOthers(tx: EntityManager, entries: readonly Entry[]): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  const told: { identity: string; creditId: string | null }[] = await tx.query(
    `SELECT identity, credit_id AS "creditId" FROM bank_statement_entry WHERE identity = ANY($1) AND outcome = 'added'`,
    [entries.map(({ reference }) => reference)],
  );
  const before = new Map(told.map(({ identity, creditId }) => [identity, creditId]));
  return entries.map(({ position, reference }) =>
    before.has(reference)
      ? { position, outcome: 'known', creditId: before.get(reference) ?? null }
      : { position, outcome: 'added', creditId: null },
  );
}
