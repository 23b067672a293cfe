/**
 * Credits as the bank tells them, by push or by statement. The bank's own reference is their identity: told twice, recorded once. A statement
 * without references tells a credit by what it is, which then answers to both names (decision 0034).
 */
import { createHash } from 'node:crypto';
import { addDays, entryLikeness, fen, moved, sameCredit, shanghaiDay, startOfShanghaiDay } from '#domain';
import { Between, IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BankCredit } from './entities/money.js';
import { postAll, type Posting } from './ledger.js';
import { insertRows } from './row-sets.js';

/** What the bank says of a credit; `bookedAt` is an ISO instant, the amount whole fen. */
export interface CreditFacts {
  reference: string;
  bookedAt: string;
  amountFen: number;
  payerName: string;
  payerAccount: string;
  payerAccountType: 'corporate' | 'personal';
  remittance: string;
}

/**
 * Records a credit, or finds it. A report that contradicts what was recorded under its reference becomes a row of its own, held for
 * finance: neither is believed over the other, and neither is lost. Only the first is money: the bank has one entry of that reference.
 */
export async function recordCredit(tx: EntityManager, facts: CreditFacts, source: 'push' | 'statement', now: Date): Promise<BankCredit> {
  const { reference, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance } = facts;
  const told = { bookedAt: new Date(bookedAt), amountFen, payerName, payerAccount, payerAccountType, remittance, source, recordedAt: now };
  await lockDays(tx, [shanghaiDay(told.bookedAt)]);
  const known = (await findCredit(tx, reference)) ?? (await claimAlike(tx, facts));
  if (!known) {
    await insertOnce(tx, { ...told, bankReference: reference, state: 'recorded' });
    const recorded = await tx.findOneByOrFail(BankCredit, { bankReference: reference });
    await postAll(tx, [received(recorded, now)]);
    return recorded;
  }
  if (sameCredit(known, facts)) return known;
  const bankReference = `${reference}~${referenceDigest(`${amountFen}/${payerName}/${payerAccount}`).slice(0, 8)}`;
  const { orderId } = known;
  await insertOnce(tx, { ...told, bankReference, state: 'held', heldReason: 'contradicted', orderId, decidedAt: now });
  return tx.findOneByOrFail(BankCredit, { bankReference });
}

/** Credits of a day are recorded one report after the other: two that tell of one credit by different names must see each other. */
export async function lockDays(tx: EntityManager, days: readonly string[]): Promise<void> {
  for (const day of [...new Set(days)].sort())
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`bank-credit/${day}`]);
}

const findCredit = (tx: EntityManager, reference: string) =>
  tx.findOneBy(BankCredit, [{ bankReference: reference }, { otherReference: reference }]);

/** An identity that we gave, since the bank gave none. */
export const isOwnIdentity = (reference: string) => reference.startsWith('none:');

/**
 * A credit that was told under no name in common with this report, and is alike: one of the two has no reference of the bank's. From then
 * on it answers to both.
 */
async function claimAlike(tx: EntityManager, facts: CreditFacts): Promise<BankCredit | null> {
  const likeness = likenessOf(facts);
  const day = shanghaiDay(new Date(facts.bookedAt));
  const from = startOfShanghaiDay(day);
  const sameDay = Between(from, new Date(startOfShanghaiDay(addDays(day, 1)).getTime() - 1));
  const candidates = await tx.find(BankCredit, {
    where: { bookedAt: sameDay, amountFen: facts.amountFen, otherReference: IsNull() },
    order: { recordedAt: 'ASC', id: 'ASC' },
  });
  const alike = candidates.find(
    (each) =>
      isOwnIdentity(each.bankReference) !== isOwnIdentity(facts.reference) &&
      likenessOf({ ...each, bookedAt: each.bookedAt.toISOString() }) === likeness,
  );
  if (!alike) return null;
  await tx.update(BankCredit, { id: alike.id }, { otherReference: facts.reference });
  return alike;
}

const likenessOf = ({
  bookedAt,
  amountFen,
  payerName,
  remittance,
}: Pick<CreditFacts, 'bookedAt' | 'amountFen' | 'payerName' | 'remittance'>) =>
  entryLikeness({ day: shanghaiDay(new Date(bookedAt)), amountFen, payerName, remittance });

export interface CreditsTold {
  /** The ids of those that are new, by reference. */
  added: ReadonlyMap<string, string>;
  /** What was recorded before under a reference, whichever of its two names that is. */
  known: ReadonlyMap<string, CreditKnown>;
}
export type CreditKnown = Pick<BankCredit, 'id' | 'amountFen' | 'payerName' | 'payerAccount'>;

/** Many at once, as a statement tells them. */
export async function recordNewCredits(tx: EntityManager, credits: readonly CreditFacts[], now: Date): Promise<CreditsTold> {
  const known = await creditsKnown(
    tx,
    credits.map(({ reference }) => reference),
  );
  const rows = credits.filter(({ reference }) => !known.has(reference)).map((facts) => rowOf(facts, now));
  const inserted = new Set(await insertRows(tx, BankCredit, rows, { orIgnore: true, returning: 'id' }));
  const fresh = rows.filter(({ id }) => inserted.has(id));
  await postAll(
    tx,
    fresh.map((row) => received(row, now)),
  );
  return { added: new Map(fresh.map(({ bankReference, id }) => [bankReference, id])), known };
}

async function creditsKnown(tx: EntityManager, references: readonly string[]): Promise<Map<string, CreditKnown>> {
  const found: (Omit<CreditKnown, 'amountFen'> & { amountFen: string; names: string[] })[] = await tx.query(
    `SELECT id, amount_fen AS "amountFen", payer_name AS "payerName", payer_account AS "payerAccount",
       ARRAY[bank_reference, coalesce(other_reference, bank_reference)] AS names
     FROM bank_credit WHERE bank_reference = ANY($1) OR other_reference = ANY($1)`,
    [references],
  );
  return new Map(
    found.flatMap(({ names, amountFen, ...credit }) => names.map((name) => [name, { ...credit, amountFen: Number(amountFen) }] as const)),
  );
}

/** Money that came in is held until it is known what it is for. */
function received({ id: creditId, amountFen }: Pick<BankCredit, 'id' | 'amountFen'>, at: Date): Posting {
  const lines = moved({ account: 'received', creditId }, { account: 'held', creditId }, fen(amountFen));
  return { occasion: 'credit-received', onceKey: `received/${creditId}`, at, lines };
}

function rowOf({ reference, bookedAt, ...facts }: CreditFacts, now: Date) {
  const state = { state: 'recorded' as const, source: 'statement' as const, surplusFen: 0, recordedAt: now };
  return { ...facts, ...state, id: uuidv7(), bankReference: reference, bookedAt: new Date(bookedAt) };
}

async function insertOnce(tx: EntityManager, row: Omit<Partial<BankCredit>, 'id' | 'surplusFen'>): Promise<void> {
  const values = { ...row, id: uuidv7(), surplusFen: 0 };
  await tx.createQueryBuilder().insert().into(BankCredit).values(values).orIgnore().execute();
}

export const referenceDigest = (reference: string) => createHash('sha256').update(reference).digest('hex');
