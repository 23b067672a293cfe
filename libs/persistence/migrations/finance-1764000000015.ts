/** What finance decides about held credits, what it has to see to, and from which amount on two persons are needed. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Finance1764000000015 implements MigrationInterface {
  readonly name = 'Finance1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE credit_explanation (
      id uuid NOT NULL,
      credit_id uuid NOT NULL,
      kind text NOT NULL,
      order_id uuid,
      note_code text,
      note text NOT NULL,
      second_person boolean NOT NULL,
      state text NOT NULL,
      proposed_by uuid NOT NULL,
      proposed_at timestamptz(3) NOT NULL,
      decided_by uuid,
      decided_at timestamptz(3),
      started_at timestamptz(3),
      CONSTRAINT fk_credit_explanation_credit FOREIGN KEY (credit_id) REFERENCES bank_credit(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT fk_credit_explanation_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT ck_credit_explanation_kind CHECK (kind IN ('allocation','refund','other')),
      CONSTRAINT ck_credit_explanation_order CHECK ((kind = 'allocation') = (order_id IS NOT NULL)),
      CONSTRAINT ck_credit_explanation_note CHECK ((kind = 'other') = (note_code IS NOT NULL)),
      CONSTRAINT ck_credit_explanation_state CHECK (state IN ('proposed','applied','rejected')),
      CONSTRAINT ck_credit_explanation_four_eyes CHECK (decided_by IS NULL OR decided_by <> proposed_by),
      CONSTRAINT ck_credit_explanation_second CHECK (state <> 'applied' OR NOT second_person OR decided_by IS NOT NULL),
      PRIMARY KEY (id)
    )`,
  `CREATE UNIQUE INDEX uq_credit_explanation_open ON credit_explanation (credit_id) WHERE state = 'proposed'`,
  // What was proposed, and by whom, is what the second person agrees to.
  `CREATE FUNCTION keep_explanation_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR
         (NEW.credit_id, NEW.kind, NEW.order_id, NEW.note_code, NEW.note, NEW.second_person, NEW.proposed_by, NEW.proposed_at) IS DISTINCT FROM
         (OLD.credit_id, OLD.kind, OLD.order_id, OLD.note_code, OLD.note, OLD.second_person, OLD.proposed_by, OLD.proposed_at) THEN
        RAISE EXCEPTION 'what was proposed about a credit never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER credit_explanation_facts BEFORE UPDATE OR DELETE ON credit_explanation FOR EACH ROW EXECUTE FUNCTION keep_explanation_facts()`,
  `CREATE TABLE finance_case (
      id uuid NOT NULL,
      kind text NOT NULL,
      once_key text NOT NULL,
      credit_id uuid,
      order_id uuid,
      amount_fen bigint NOT NULL,
      opened_at timestamptz(3) NOT NULL,
      closed_by uuid,
      closed_at timestamptz(3),
      note text,
      CONSTRAINT uq_finance_case_once UNIQUE (once_key),
      CONSTRAINT fk_finance_case_credit FOREIGN KEY (credit_id) REFERENCES bank_credit(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT fk_finance_case_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT ck_finance_case_kind CHECK (kind IN ('credit-reversed','refund-contradicted')),
      CONSTRAINT ck_finance_case_closed CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (note IS NULL)),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE finance_limit (
      valid_from date NOT NULL,
      amount_fen bigint NOT NULL,
      CONSTRAINT ck_finance_limit_amount CHECK (amount_fen >= 0),
      PRIMARY KEY (valid_from)
    )`,
  // D: 1,000 yuan, what one organisation pays for four certificates of a year.
  `INSERT INTO finance_limit (valid_from, amount_fen) VALUES ('2021-05-08', 100000)`,
];
