/**
 * What goes out of our account by the reference that the bank gave to a refund is that refund's payment: the statement confirms it as the
 * bank's own report does, whichever comes first. Another amount, or a refund that the bank had failed, is a matter for finance. Decision 0043.
 */
import { paymentKey, type RefundState } from '#domain';
import { openFinanceCase } from '#persistence';
import type { EntityManager } from 'typeorm';

/** An order to the bank that a statement shows as paid. */
export interface RefundPaid {
  refundId: string;
  attempt: number;
}

interface Debit extends RefundPaid {
  sha256: string;
  position: number;
  state: RefundState;
  creditId: string | null;
  orderId: string | null;
  amountFen: string;
  /** What went out, of the same refund. */
  paidFen: string;
}

/**
 * All debits that are unlinked, of this file and of those before: the bank's answer may have been on its way when an older one came. Answers
 * those whose runs are to hear of it; asked again, the same.
 */
export async function linkPaidRefunds(tx: EntityManager, sha256: string, at: Date): Promise<RefundPaid[]> {
  const found: Debit[] = await tx.query(
    `SELECT e.statement_sha256 AS sha256, e.position, r.id AS "refundId", r.attempt, r.state, r.credit_id AS "creditId", r.order_id AS "orderId",
       r.amount_fen AS "amountFen", -e.amount_fen AS "paidFen"
     FROM refund r JOIN bank_statement_entry e ON e.bank_reference = r.bank_reference
     WHERE r.bank_reference IS NOT NULL AND e.amount_fen < 0 AND NOT e.reversal AND e.outcome = 'added' AND (e.refund_id IS NULL OR e.statement_sha256 = $1)
     ORDER BY r.id FOR UPDATE OF r`,
    [sha256],
  );
  for (const debit of found) await link(tx, debit, at);
  return found.filter((debit) => debit.state === 'ordered' && fits(debit)).map(({ refundId, attempt }) => ({ refundId, attempt }));
}

const fits = ({ amountFen, paidFen }: Debit) => amountFen === paidFen;

async function link(tx: EntityManager, debit: Debit, at: Date): Promise<void> {
  const { refundId, attempt, state, creditId, orderId } = debit;
  await tx.query(`UPDATE bank_statement_entry SET refund_id = $3 WHERE statement_sha256 = $1 AND position = $2 AND refund_id IS NULL`, [
    debit.sha256,
    debit.position,
    refundId,
  ]);
  if (fits(debit) && (state === 'ordered' || state === 'paid')) return;
  await openFinanceCase(
    tx,
    {
      kind: 'refund-contradicted',
      onceKey: `refund-contradicted/${paymentKey(refundId, attempt)}`,
      ...{ creditId, orderId, amountFen: Number(debit.amountFen) },
      subject: `refund/${refundId}`,
      actor: { kind: 'bank', id: 'statement' },
      details: { refund: refundId },
    },
    at,
  );
}
