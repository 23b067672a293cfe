/** The ledger: posted in the transaction of what it records, once, and never changed. What stands where is read from its lines. */
import { fen, type Fen, type LedgerLine, type LedgerOccasion, type Place, type Standing } from '#domain';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { rowsAsJson } from './row-sets.js';

export interface Posting {
  occasion: LedgerOccasion;
  /** Posts once, however often it is called. */
  onceKey: string;
  at: Date;
  lines: readonly LedgerLine[];
}

/** Answers false when this was posted before. That both sides are equal, and cover what they give, the database says. */
export async function post(tx: EntityManager, posting: Posting): Promise<boolean> {
  return (await postAll(tx, [posting])).has(posting.onceKey);
}

/** Postings that are new, and their lines: in one statement, so that the database compares their sides as soon as they are there. */
const POST = `WITH fresh AS (
    INSERT INTO "ledger_posting" (id, once_key, occasion, posted_at)
    SELECT id, "onceKey", occasion, "postedAt"
    FROM json_to_recordset($1::json) AS told(id uuid, "onceKey" text, occasion text, "postedAt" timestamptz)
    ON CONFLICT DO NOTHING RETURNING id, once_key),
  lines AS (
    INSERT INTO "ledger_line" (posting_id, line, account, amount_fen, credit_id, order_id, refund_id)
    SELECT fresh.id, told.line, told.account, told."amountFen", told."creditId", told."orderId", told."refundId"
    FROM json_to_recordset($2::json) AS told("postingId" uuid, line int, account text, "amountFen" bigint, "creditId" uuid, "orderId" uuid, "refundId" uuid)
    JOIN fresh ON fresh.id = told."postingId")
  SELECT once_key AS "onceKey" FROM fresh`;

/** Many in one statement. Answers the keys of those that are new. */
export async function postAll(tx: EntityManager, postings: readonly Posting[]): Promise<ReadonlySet<string>> {
  const rows = postings
    .filter(({ lines }) => lines.length > 0)
    .map(({ occasion, onceKey, at: postedAt, lines }) => ({ id: uuidv7(), onceKey, occasion, postedAt, lines }));
  if (rows.length === 0) return new Set();
  const heads = rows.map(({ lines: _, ...head }) => head);
  const lines = rows.flatMap(({ id: postingId, lines }) => lines.map((line, place) => ({ ...line, postingId, line: place + 1 })));
  const fresh: { onceKey: string }[] = await tx.query(POST, [rowsAsJson(heads), rowsAsJson(lines)]);
  return new Set(fresh.map(({ onceKey }) => onceKey));
}

/** What is held of a credit and is nobody's yet: all of it, or what finance has left of it. */
export async function heldForNobody(tx: EntityManager, creditId: string): Promise<Fen> {
  const places = await standings(tx, { creditId });
  return fen(places.find(({ account, orderId }) => account === 'held' && orderId === null)?.amountFen ?? 0);
}

/** What stands at the places of a credit, an order or a refund, in one fixed order; not what came in. */
export async function standings(tx: EntityManager, of: Pick<Place, 'creditId' | 'orderId' | 'refundId'>): Promise<Standing[]> {
  const [column, id] = of.creditId ? ['credit_id', of.creditId] : of.orderId ? ['order_id', of.orderId] : ['refund_id', of.refundId];
  const rows: { account: Place['account']; credit_id: string | null; order_id: string | null; refund_id: string | null; amount: string }[] =
    await tx.query(
      `SELECT account, credit_id, order_id, refund_id, -sum(amount_fen) AS amount FROM ledger_line
       WHERE ${column} = $1 AND account <> 'received' GROUP BY 1, 2, 3, 4 HAVING sum(amount_fen) <> 0 ORDER BY 1, 2, 3, 4`,
      [id],
    );
  return rows.map(({ account, credit_id, order_id, refund_id, amount }) => {
    return { account, creditId: credit_id, orderId: order_id, refundId: refund_id, amountFen: fen(Number(amount)) };
  });
}
