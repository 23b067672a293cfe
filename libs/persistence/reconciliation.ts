/** Reads what a day's reconciliation holds against each other. It decides nothing: `differencesOf` in the domain does. */
import {
  addDays,
  fen,
  ledgerAccounts,
  startOfShanghaiDay,
  type Balances,
  type CalendarDay,
  type CreditFact,
  type DayFacts,
  type EntryFact,
  type LedgerAccount,
  type OrderFact,
  type RefundFact,
  type WindowFact,
} from '#domain';
import type { EntityManager } from 'typeorm';

type Row<Fact> = { [Name in keyof Fact]: unknown };

/** One snapshot: a credit that comes while the day is read is in all of it or in none. */
export async function readDay(manager: EntityManager, day: CalendarDay): Promise<DayFacts> {
  return manager.transaction('REPEATABLE READ', async (tx) => {
    const [from, to] = [startOfShanghaiDay(day), startOfShanghaiDay(addDays(day, 1))];
    const read = async <Fact extends object>(sql: string): Promise<Fact[]> => {
      const rows = await tx.query<Row<Fact>[]>(sql, [from, to]);
      return rows.map((row) => inFen(row) as Fact);
    };
    return {
      day,
      credits: await read<CreditFact>(CREDITS),
      strayEntries: await read<EntryFact>(STRAY_ENTRIES),
      window: await read<WindowFact>(WINDOW),
      orders: await read<OrderFact>(ORDERS),
      openRefunds: await read<RefundFact>(REFUNDS),
      undebitedRefunds: await read<DayFacts['undebitedRefunds'][number]>(UNDEBITED_REFUNDS),
      claims: await read<DayFacts['claims'][number]>(CLAIMS),
      movements: await balances(tx, 'p.posted_at >= $1 AND p.posted_at < $2', [from, to]),
      balances: await balances(tx, 'p.posted_at < $1', [to]),
    };
  });
}

async function balances(tx: EntityManager, when: string, bounds: Date[]): Promise<Balances> {
  const rows: { account: LedgerAccount; amount: string }[] = await tx.query(
    `SELECT l.account, sum(CASE l.account WHEN 'received' THEN l.amount_fen ELSE -l.amount_fen END) AS amount
     FROM ledger_line l JOIN ledger_posting p ON p.id = l.posting_id WHERE ${when} GROUP BY l.account`,
    bounds,
  );
  const found = new Map(rows.map(({ account, amount }) => [account, fen(Number(amount))]));
  const all = Object.keys(ledgerAccounts) as LedgerAccount[];
  return Object.fromEntries(all.map((account) => [account, found.get(account) ?? fen(0)])) as unknown as Balances;
}

/** Sums come from the driver as text. */
const inFen = (row: Row<object>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, name.endsWith('Fen') && value !== null ? fen(Number(value)) : value]),
  );

const DAY = (column: string) => `to_char(${column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')`;

const CREDITS = `
  SELECT c.bank_reference AS reference, c.amount_fen AS "amountFen", c.state, c.held_reason AS "heldReason",
    ${DAY('c.booked_at')} AS "bookedOn", ${DAY('p.posted_at')} AS "postedOn", ${DAY('c.reversed_at')} AS "reversedOn",
    coalesce(c.note_code = 'window-receipt', false) AS "windowReceipt",
    (SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l WHERE l.credit_id = c.id AND l.account = 'received') AS "inLedgerFen",
    (SELECT coalesce(-sum(l.amount_fen), 0) FROM ledger_line l WHERE l.credit_id = c.id AND l.order_id IS NOT NULL) AS "givenFen"
  FROM bank_credit c LEFT JOIN ledger_posting p ON p.once_key = 'received/' || c.id
  WHERE (c.booked_at >= $1 AND c.booked_at < $2) OR (p.posted_at >= $1 AND p.posted_at < $2) OR (c.reversed_at >= $1 AND c.reversed_at < $2)
  ORDER BY c.booked_at, c.id`;

const SHANGHAI_DAY = (instant: string) => `(${instant}::timestamptz AT TIME ZONE 'Asia/Shanghai')::date`;
const OF_DAY = (column: string) => `${column} >= ${SHANGHAI_DAY('$1')} AND ${column} < ${SHANGHAI_DAY('$2')}`;

/** Every movement of the account is `added` once, by whichever statement was the first to tell it. Credits have rows of their own. */
const STRAY_ENTRIES = `
  SELECT coalesce(e.bank_reference, e.identity) AS reference, e.amount_fen AS "amountFen", e.reversal FROM bank_statement_entry e
  WHERE e.outcome = 'added' AND e.credit_id IS NULL AND e.refund_id IS NULL AND ${OF_DAY('e.booked_day')}
  ORDER BY e.booked_at, e.statement_sha256, e.position`;

const WINDOW = `
  SELECT w.slip_number AS "slipNumber", w.method, w.amount_fen AS "amountFen",
    EXISTS (SELECT 1 FROM bank_credit c WHERE c.bank_reference = w.slip_number)
      OR EXISTS (SELECT 1 FROM bank_credit c WHERE c.other_reference = w.slip_number) AS "atBank"
  FROM window_payment w WHERE w.taken_at >= $1 AND w.taken_at < $2 ORDER BY w.taken_at, w.order_id`;

/** Of what had been earned: owed back, and paid back. What came back from the bank is owed again, and its red invoice is made. */
const GIVEN_BACK = (which: string) => `(SELECT coalesce(-sum(l.amount_fen), 0) FROM ledger_line l JOIN refund r ON r.id = l.refund_id
      JOIN refund origin ON origin.id = coalesce(r.returned_of, r.id) WHERE l.order_id = o.id AND origin.reason = 'after-completion' AND ${which})`;

const ORDERS = `
  SELECT o.reference, o.status, o.amount_fen AS "amountFen", o.received_fen AS "receivedFen",
    (SELECT sum(CASE i.colour WHEN 'red' THEN -i.amount_fen ELSE i.amount_fen END) FROM invoice i
      WHERE i.application_id = a.id AND i.issued_at IS NOT NULL) AS "invoiceFen",
    coalesce(a.completed_at >= $1 AND a.completed_at < $2, false) AS completed,
    (SELECT coalesce(-sum(l.amount_fen), 0) FROM ledger_line l LEFT JOIN bank_credit c ON c.id = l.credit_id
      WHERE l.order_id = o.id AND l.account <> 'received' AND c.state IS DISTINCT FROM 'reversed') AS "inLedgerFen",
    (SELECT coalesce(-sum(l.amount_fen), 0) FROM ledger_line l WHERE l.order_id = o.id AND l.account = 'earned') AS "earnedFen",
    ${GIVEN_BACK(`l.account IN ('to-refund','refunded')`)} AS "givenBackFen", ${GIVEN_BACK(`l.account = 'to-refund' AND r.returned_of IS NULL`)} AS "givingBackFen"
  FROM fee_order o JOIN application a ON a.id = o.application_id
  WHERE (a.completed_at >= $1 AND a.completed_at < $2)
    OR EXISTS (SELECT 1 FROM invoice i WHERE i.application_id = a.id AND i.issued_at >= $1 AND i.issued_at < $2)
    OR EXISTS (SELECT 1 FROM ledger_line l JOIN ledger_posting p ON p.id = l.posting_id WHERE l.order_id = o.id AND p.posted_at >= $1 AND p.posted_at < $2)
  ORDER BY o.reference`;

const REFUNDS = `
  SELECT coalesce(o.reference, c.bank_reference) AS reference, r.amount_fen AS "amountFen", r.state, r.reason, p.cause
  FROM refund r LEFT JOIN fee_order o ON o.id = r.order_id LEFT JOIN bank_credit c ON c.id = r.credit_id
    LEFT JOIN refund_proposal p ON p.id = r.proposal_id
  WHERE r.due_since >= $1 AND r.due_since < $2 AND r.state NOT IN ('paid', 'withdrawn') ORDER BY r.due_since, r.id`;

/** Only a statement that came when the day was over can lack something of it. */
const UNDEBITED_REFUNDS = `
  SELECT coalesce(o.reference, c.bank_reference) AS reference, r.amount_fen AS "amountFen"
  FROM refund r LEFT JOIN fee_order o ON o.id = r.order_id LEFT JOIN bank_credit c ON c.id = r.credit_id
  WHERE r.state = 'paid' AND r.settled_at >= $1 AND r.settled_at < $2
    AND NOT EXISTS (SELECT 1 FROM bank_statement_entry e WHERE e.refund_id = r.id)
    AND EXISTS (SELECT 1 FROM bank_statement s WHERE s.state = 'done' AND s.received_at >= $2 AND (${OF_DAY('s.day')} OR
      EXISTS (SELECT 1 FROM bank_statement_entry e WHERE e.statement_sha256 = s.sha256 AND ${OF_DAY('e.booked_day')})))
  ORDER BY r.settled_at, r.id`;

const CLAIMS = `
  SELECT c.bank_reference AS reference, sum(l.amount_fen) AS "amountFen" FROM ledger_line l JOIN bank_credit c ON c.id = l.credit_id
  WHERE l.account = 'held' AND c.state = 'reversed' AND c.reversed_at >= $1 AND c.reversed_at < $2
  GROUP BY c.id, c.bank_reference HAVING sum(l.amount_fen) > 0 ORDER BY c.bank_reference`;
