/** A refund whose payment the bank took back is owed again, as a row of its own: the one that was paid never changes. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Refunds1764000000022 implements MigrationInterface {
  readonly name = 'Refunds1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of returned) await runner.query(statement);
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
  `CREATE OR REPLACE FUNCTION keep_refund_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR (NEW.id, NEW.order_id, NEW.credit_id, NEW.reason, NEW.returned_of, NEW.amount_fen, NEW.due_since) IS DISTINCT FROM
         (OLD.id, OLD.order_id, OLD.credit_id, OLD.reason, OLD.returned_of, OLD.amount_fen, OLD.due_since) THEN
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
