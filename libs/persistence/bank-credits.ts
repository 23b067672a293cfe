/**
 * Credits as the bank tells them, by push or by statement. The bank's own reference is their identity: told twice, recorded once. A statement
 * without references tells a credit by what it is, which then answers to both names (decision 0034).
 */
import { createHash } from 'node:crypto';
import { addDays, entryLikeness, fen, moved, sameCredit, shanghaiDay, startOfShanghaiDay } from '#domain';
import { Between, In, IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BankCredit } from './entities/money.js';
import { postAll, type Posting } from './ledger.js';

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

/** Many at once, as a statement tells them. Answers those that are new, by reference; the others were told before. */
export async function recordNewCredits(tx: EntityManager, credits: readonly CreditFacts[], now: Date): Promise<Map<string, string>> {
  const references = credits.map(({ reference }) => reference);
  const known = await tx.find(BankCredit, {
    where: [{ bankReference: In(references) }, { otherReference: In(references) }],
    select: { bankReference: true, otherReference: true },
  });
  const told = new Set(known.flatMap(({ bankReference, otherReference }) => [bankReference, otherReference]));
  const rows = credits.filter(({ reference }) => !told.has(reference)).map((facts) => rowOf(facts, now));
  if (rows.length === 0) return new Map();
  const inserted = await tx
    .createQueryBuilder()
    .insert()
    .into(BankCredit)
    .values(rows)
    .orIgnore()
    .returning('id, bank_reference')
    .execute();
  const added = new Map((inserted.raw as { id: string; bank_reference: string }[]).map(({ id, bank_reference }) => [bank_reference, id]));
  const fresh = rows.filter(({ bankReference }) => added.has(bankReference));
  await postAll(
    tx,
    fresh.map((row) => received(row, now)),
  );
  return added;
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
