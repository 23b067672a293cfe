/**
 * A refund whose payment the bank took back is owed again, as a row of its own: the one that was paid never changes. What finance gives back of what
 * was earned has a cause.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Refunds1764000000022 implements MigrationInterface {
  readonly name = 'Refunds1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...returned, ...proposals, ...facts]) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const returned = [
  `ALTER TABLE refund ADD COLUMN returned_of uuid, DROP CONSTRAINT ck_refund_reason`,
  `ALTER TABLE refund
      ADD CONSTRAINT fk_refund_returned FOREIGN KEY (returned_of) REFERENCES refund(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      ADD CONSTRAINT ck_refund_reason CHECK (reason IN ('early-close','surplus','held-credit','after-completion','returned')),
      ADD CONSTRAINT ck_refund_returned CHECK ((reason = 'returned') = (returned_of IS NOT NULL))`,
  `ALTER TABLE finance_case DROP CONSTRAINT ck_finance_case_kind`,
  `ALTER TABLE finance_case ADD CONSTRAINT ck_finance_case_kind CHECK (kind IN ('credit-reversed','refund-contradicted','refund-returned'))`,
];

const proposals = [
  `CREATE TABLE refund_proposal (
      id uuid NOT NULL,
      order_id uuid NOT NULL,
      amount_fen bigint NOT NULL,
      cause text NOT NULL,
      note text,
      proposed_by uuid NOT NULL,
      proposed_at timestamptz(3) NOT NULL,
      CONSTRAINT fk_refund_proposal_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT ck_refund_proposal_amount CHECK (amount_fen > 0),
      CONSTRAINT ck_refund_proposal_cause CHECK (cause IN ('charged-in-error','paid-twice','not-provided','complaint','other')),
      CONSTRAINT ck_refund_proposal_note CHECK (cause <> 'other' OR note IS NOT NULL),
      PRIMARY KEY (id)
    )`,
  `CREATE TRIGGER refund_proposal_append_only BEFORE UPDATE OR DELETE ON refund_proposal FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `ALTER TABLE refund ADD COLUMN proposal_id uuid`,
  `ALTER TABLE refund
      ADD CONSTRAINT fk_refund_proposal FOREIGN KEY (proposal_id) REFERENCES refund_proposal(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      ADD CONSTRAINT ck_refund_proposal CHECK (proposal_id IS NULL OR reason = 'after-completion')`,
];

const facts = [
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
      RETURN NEW;
    END $$`,
];
