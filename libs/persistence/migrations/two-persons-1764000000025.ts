/**
 * Who proposes a refund, who gives the account it goes to and who approves it are told apart; the database holds two persons to it. What may not
 * be removed row by row cannot be emptied at once either.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TwoPersons1764000000025 implements MigrationInterface {
  readonly name = 'TwoPersons1764000000025';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...refunds, ...reconciled, ...emptied]) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const refunds = [
  `ALTER TABLE refund ADD COLUMN payee_given_by uuid`,
  // Whoever gave an account stood in the proposer's place until now. What has ended stays as it is.
  `UPDATE refund SET payee_given_by = given.given_by
      FROM (SELECT DISTINCT ON (refund_id) refund_id, given_by FROM refund_payee ORDER BY refund_id, given_at DESC) given
      WHERE given.refund_id = refund.id AND refund.state IN ('due','approved','ordered','failed') AND refund.proposed_by = given.given_by`,
  // Where a person had proposed it, the audit knows who; what is approved already is not judged anew.
  `UPDATE refund SET proposed_by = entry.actor_id::uuid FROM audit_entry entry
      WHERE entry.once_key = 'refund-due/' || refund.id AND entry.action = 'refund.due' AND entry.actor_kind = 'staff'
        AND refund.payee_given_by IS NOT NULL AND refund.state IN ('due','failed') AND refund.reason IN ('held-credit','after-completion')`,
  `ALTER TABLE refund DROP CONSTRAINT ck_refund_four_eyes`,
  `ALTER TABLE refund ADD CONSTRAINT ck_refund_four_eyes CHECK (approved_by IS NULL OR ((proposed_by IS NULL OR approved_by <> proposed_by) AND (payee_given_by IS NULL OR approved_by <> payee_given_by)))`,
  // Beside what was kept so far: who proposed it, and that somebody has. Another account does not make another proposer.
  `CREATE OR REPLACE FUNCTION keep_refund_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR
         (NEW.id, NEW.order_id, NEW.credit_id, NEW.reason, NEW.returned_of, NEW.proposal_id, NEW.amount_fen, NEW.due_since) IS DISTINCT FROM
         (OLD.id, OLD.order_id, OLD.credit_id, OLD.reason, OLD.returned_of, OLD.proposal_id, OLD.amount_fen, OLD.due_since) THEN
        RAISE EXCEPTION 'what is owed back, for what, and since when never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF OLD.state IN ('paid','withdrawn') AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a refund that has ended never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF OLD.state IN ('approved','ordered') AND (NEW.payee_account, NEW.payee_name) IS DISTINCT FROM (OLD.payee_account, OLD.payee_name) THEN
        RAISE EXCEPTION 'an account that was approved never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF OLD.proposed_by IS NOT NULL AND NEW.proposed_by IS DISTINCT FROM OLD.proposed_by THEN
        RAISE EXCEPTION 'who proposed a refund never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF NEW.state = 'approved' AND OLD.state = 'due' AND NEW.proposed_by IS NULL THEN
        RAISE EXCEPTION 'one person alone approves no refund' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
];

/** What the reconciliation of a day asks of its statements: a few of their entries. */
const reconciled = [
  `CREATE INDEX ix_bank_statement_entry_stray ON bank_statement_entry (booked_day) WHERE outcome = 'added' AND credit_id IS NULL AND refund_id IS NULL`,
  `CREATE INDEX ix_bank_statement_entry_refund ON bank_statement_entry (refund_id) WHERE refund_id IS NOT NULL`,
];

/** Of money, and of who decided what. */
const KEPT = [
  ...['window_payment', 'fee_order', 'refund', 'refund_payee', 'refund_proposal', 'invoice', 'bank_statement'],
  ...['credit_explanation', 'credit_explanation_share', 'finance_case', 'finance_limit'],
  ...['agent_change_decision', 'account_binding_change', 'hours_waiver', 'unlock_ticket', 'unlock_decision'],
];
const emptied = KEPT.map(
  (table) => `CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
);
