/** The ledger: posted in the transaction of what it records, once, and never changed. What stands where is read from its lines. */
import { fen, type Fen, type LedgerLine, type LedgerOccasion, type Place, type Standing } from '#domain';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { LedgerLineRow, LedgerPosting } from './entities/finance.js';
import { insertRows } from './row-sets.js';

export interface Posting {
  occasion: LedgerOccasion;
  /** Posts once, however often it is called. */
  onceKey: string;
  at: Date;
  lines: readonly LedgerLine[];
}

/** Answers false when this was posted before. That both sides are equal, and cover what they give, the database says at the commit. */
export async function post(tx: EntityManager, posting: Posting): Promise<boolean> {
  return (await postAll(tx, [posting])).has(posting.onceKey);
}

/** Many in one statement each for postings and lines. Answers the keys of those that are new. */
export async function postAll(tx: EntityManager, postings: readonly Posting[]): Promise<ReadonlySet<string>> {
  const heads = postings
    .filter(({ lines }) => lines.length > 0)
    .map(({ occasion, onceKey, at, lines }) => ({ row: { id: uuidv7(), onceKey, occasion, postedAt: at }, lines }));
  const rows = heads.map(({ row }) => row);
  const fresh = new Set(await insertRows(tx, LedgerPosting, rows, { orIgnore: true, returning: 'onceKey' }));
  const lineRows = heads
    .filter(({ row }) => fresh.has(row.onceKey))
    .flatMap(({ row, lines }) =>
      lines.map(({ creditId = null, orderId = null, refundId = null, account, amountFen }, place) => {
        return { postingId: row.id, line: place + 1, account, amountFen, creditId, orderId, refundId };
      }),
    );
  await insertRows(tx, LedgerLineRow, lineRows);
  return fresh;
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
