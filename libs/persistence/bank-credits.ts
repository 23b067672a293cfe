/**
 * Credits as the bank tells them, by push or by statement. The bank's own reference is their identity: told twice, recorded once. A statement
 * without references tells a credit by what it is, which then answers to both names (decision 0034).
 */
import { createHash } from 'node:crypto';
import { addDays, entryLikeness, fen, moved, sameCredit, shanghaiDay, startOfShanghaiDay } from '#domain';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BankCredit } from './entities/money.js';
import { postAll, type Posting } from './ledger.js';
import { insertRows, rowsAsJson } from './row-sets.js';

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
  return (await recordReport(tx, facts, source, now)).credit;
}

/** `first`: nobody had told of this credit before. */
export async function recordReport(
  tx: EntityManager,
  facts: CreditFacts,
  source: 'push' | 'statement',
  now: Date,
): Promise<{ credit: BankCredit; first: boolean }> {
  const { reference, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance } = facts;
  const told = { bookedAt: new Date(bookedAt), amountFen, payerName, payerAccount, payerAccountType, remittance, source, recordedAt: now };
  await lockDays(tx, [facts]);
  const before = (await findCredit(tx, reference)) ?? ((await claimAlike(tx, [facts])).size > 0 ? await findCredit(tx, reference) : null);
  if (!before && (await insertOnce(tx, { ...told, bankReference: reference, state: 'recorded' }))) {
    const credit = await tx.findOneByOrFail(BankCredit, { bankReference: reference });
    await postAll(tx, [received(credit, now)]);
    return { credit, first: true };
  }
  // Where another report of it was recorded at this moment, that one was the first.
  const known = before ?? (await tx.findOneByOrFail(BankCredit, { bankReference: reference }));
  if (sameCredit(known, facts)) return { credit: known, first: false };
  const bankReference = `${reference}~${referenceDigest(`${amountFen}/${payerName}/${payerAccount}`).slice(0, 8)}`;
  const { orderId } = known;
  await insertOnce(tx, { ...told, bankReference, state: 'held', heldReason: 'contradicted', orderId, decidedAt: now });
  return { credit: await tx.findOneByOrFail(BankCredit, { bankReference }), first: false };
}

/**
 * Two reports that tell of one credit by different names must see each other: one of the names is none of the bank's, so whoever brings such a
 * one has its days alone. Reports by the bank's own names meet in the names.
 */
export async function lockDays(tx: EntityManager, credits: readonly Pick<CreditFacts, 'reference' | 'bookedAt'>[]): Promise<void> {
  const days = new Set(credits.map(({ bookedAt }) => shanghaiDay(new Date(bookedAt))));
  const lock = credits.some(({ reference }) => isOwnIdentity(reference)) ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  for (const day of [...days].sort()) await tx.query(`SELECT ${lock}(hashtextextended($1, 0))`, [`bank-credit/${day}`]);
}

const findCredit = (tx: EntityManager, reference: string) =>
  tx.findOneBy(BankCredit, [{ bankReference: reference }, { otherReference: reference }]);

/** An identity that we gave, since the bank gave none. */
export const isOwnIdentity = (reference: string) => reference.startsWith('none:');

/**
 * Credits that were told under no name in common with these, and are alike: one of the two has no reference of the bank's. From then on they
 * answer to both; each is claimed once, the first recorded first. All of `credits` bear references of one kind, see `isOwnIdentity`.
 */
async function claimAlike(tx: EntityManager, credits: readonly CreditFacts[]): Promise<Map<string, CreditKnown>> {
  const days = credits.map(({ bookedAt }) => shanghaiDay(new Date(bookedAt))).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const otherKind = isOwnIdentity(credits[0]?.reference ?? '') ? 'NOT LIKE' : 'LIKE';
  const found: (Omit<CreditKnown, 'amountFen'> & { amountFen: string; remittance: string; bookedAt: Date })[] = await tx.query(
    `SELECT id, amount_fen AS "amountFen", payer_name AS "payerName", payer_account AS "payerAccount", remittance, booked_at AS "bookedAt"
     FROM bank_credit WHERE booked_at >= $1 AND booked_at < $2 AND amount_fen = ANY($3) AND bank_reference ${otherKind} 'none:%'
       AND other_reference IS NULL ORDER BY recorded_at, id FOR NO KEY UPDATE`,
    [startOfShanghaiDay(first), startOfShanghaiDay(addDays(last, 1)), [...new Set(credits.map(({ amountFen }) => amountFen))]],
  );
  const alike = new Map<string, CreditKnown[]>();
  for (const { amountFen: fenText, bookedAt, ...row } of found) {
    const credit = { ...row, amountFen: Number(fenText) };
    addTo(alike, likenessOf({ ...credit, bookedAt: bookedAt.toISOString() }), credit);
  }
  const claimed = credits.flatMap((facts) => {
    const credit = alike.get(likenessOf(facts))?.shift();
    return credit ? [[facts.reference, credit] as const] : [];
  });
  if (claimed.length > 0)
    await tx.query(
      `UPDATE "bank_credit" c SET other_reference = told.name FROM json_to_recordset($1::json) AS told(id uuid, name text) WHERE c.id = told.id`,
      [rowsAsJson(claimed.map(([name, { id }]) => ({ id, name })))],
    );
  return new Map(claimed);
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
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

/** Many at once, as a statement tells them; their references are all of one kind, see `isOwnIdentity`. */
export async function recordNewCredits(tx: EntityManager, credits: readonly CreditFacts[], now: Date): Promise<CreditsTold> {
  const told = await creditsKnown(
    tx,
    credits.map(({ reference }) => reference),
  );
  const untold = credits.filter(({ reference }) => !told.has(reference));
  const known = new Map([...told, ...(await claimAlike(tx, untold))]);
  const rows = untold.filter(({ reference }) => !known.has(reference)).map((facts) => rowOf(facts, now));
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

/** False where a credit of this name is there. */
async function insertOnce(tx: EntityManager, row: Omit<Partial<BankCredit>, 'id' | 'surplusFen'>): Promise<boolean> {
  const inserted = await insertRows(tx, BankCredit, [{ ...row, id: uuidv7(), surplusFen: 0 }], { orIgnore: true, returning: 'id' });
  return inserted.length > 0;
}

export const referenceDigest = (reference: string) => createHash('sha256').update(reference).digest('hex');
