/** Of a part of a statement: the credits that it was the first to tell, and the cases that are to hear of them. */
import type { EntityManager } from 'typeorm';
import type { Told } from '../payment/index.js';
import type { StatementPart } from './statements.js';

/** A case to be told of a credit. */
export interface CreditTold {
  creditId: string;
  applicationId: string;
  result: Told['result'];
}

/** Their ids, in the order of the file. */
export async function addedCredits(tx: EntityManager, { sha256, from, to }: StatementPart): Promise<string[]> {
  const rows: { creditId: string }[] = await tx.query(
    `SELECT credit_id AS "creditId" FROM bank_statement_entry
     WHERE statement_sha256 = $1 AND position BETWEEN $2 AND $3 AND outcome = 'added' AND NOT reversal AND credit_id IS NOT NULL ORDER BY position`,
    [sha256, from, to],
  );
  return rows.map(({ creditId }) => creditId);
}

/**
 * As the credits stand when their cases are told: one that paid a part is no longer short when another has brought the rest. A case finds out
 * by the credit whether it was told before.
 */
export async function noticesOf(tx: EntityManager, { sha256, from, to }: StatementPart): Promise<CreditTold[]> {
  return tx.query(
    `SELECT c.id AS "creditId", o.application_id AS "applicationId",
       CASE WHEN c.state = 'held' THEN 'held' WHEN o.status = 'paid' THEN 'exact' ELSE 'short' END AS result
     FROM bank_statement_entry e JOIN bank_credit c ON c.id = e.credit_id
     CROSS JOIN LATERAL (
       SELECT l.order_id FROM ledger_line l WHERE c.state = 'matched' AND l.credit_id = c.id AND l.order_id IS NOT NULL
       UNION SELECT c.order_id WHERE c.state = 'held') meant
     JOIN fee_order o ON o.id = meant.order_id
     WHERE e.statement_sha256 = $1 AND e.position BETWEEN $2 AND $3 AND e.outcome = 'added' AND NOT e.reversal
     ORDER BY e.position, o.id`,
    [sha256, from, to],
  );
}
