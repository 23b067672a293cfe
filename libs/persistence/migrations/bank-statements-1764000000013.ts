/** Statement files, their entries, and what they say of credits: a second name, a reversal. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BankStatements1764000000013 implements MigrationInterface {
  readonly name = 'BankStatements1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE bank_statement (
      sha256 text NOT NULL,
      source text NOT NULL,
      "day" date,
      uploaded_by uuid,
      format text,
      received_at timestamptz(3) NOT NULL,
      state text NOT NULL,
      entry_count integer NOT NULL,
      recorded_count integer NOT NULL,
      decided_count integer NOT NULL,
      refusal jsonb,
      finished_at timestamptz(3),
      CONSTRAINT ck_bank_statement_source CHECK (source IN ('upload','bank')),
      CONSTRAINT ck_bank_statement_state CHECK (state IN ('received','recording','deciding','done','refused')),
      CONSTRAINT ck_bank_statement_refusal CHECK ((state = 'refused') = (refusal IS NOT NULL)),
      CONSTRAINT ck_bank_statement_counts CHECK (entry_count >= 0 AND recorded_count BETWEEN 0 AND entry_count AND decided_count BETWEEN 0 AND entry_count),
      PRIMARY KEY (sha256)
    )`,
  `CREATE TABLE bank_statement_entry (
      statement_sha256 text NOT NULL,
      "position" integer NOT NULL,
      identity text NOT NULL,
      bank_reference text,
      place text NOT NULL,
      booked_day date NOT NULL,
      value_day date NOT NULL,
      booked_at timestamptz(3) NOT NULL,
      amount_fen bigint NOT NULL,
      reversal boolean NOT NULL,
      reversal_of text,
      payer_name text NOT NULL,
      payer_account text NOT NULL,
      payer_account_type text NOT NULL,
      remittance text NOT NULL,
      outcome text,
      credit_id uuid,
      CONSTRAINT ck_bank_statement_entry_amount CHECK (amount_fen <> 0),
      CONSTRAINT ck_bank_statement_entry_outcome CHECK (outcome IN ('added','known','contradicted')),
      PRIMARY KEY (statement_sha256, "position")
    )`,
  `CREATE UNIQUE INDEX uq_bank_statement_entry_added ON bank_statement_entry (identity) WHERE outcome = 'added'`,
  `CREATE INDEX ix_bank_statement_entry_unlinked ON bank_statement_entry (reversal_of) WHERE reversal AND outcome = 'added' AND credit_id IS NULL`,
  `ALTER TABLE bank_statement_entry ADD CONSTRAINT fk_bank_statement_entry_statement FOREIGN KEY (statement_sha256) REFERENCES bank_statement(sha256) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE bank_statement_entry ADD CONSTRAINT fk_bank_statement_entry_credit FOREIGN KEY (credit_id) REFERENCES bank_credit(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE bank_credit ADD other_reference text`,
  `ALTER TABLE bank_credit ADD reversed_by text`,
  `ALTER TABLE bank_credit ADD reversed_at timestamptz(3)`,
  `ALTER TABLE bank_credit ADD CONSTRAINT uq_bank_credit_other_reference UNIQUE (other_reference)`,
  `ALTER TABLE bank_credit ADD CONSTRAINT uq_bank_credit_reversed_by UNIQUE (reversed_by)`,
  `CREATE INDEX ix_bank_credit_booked ON bank_credit (booked_at, amount_fen)`,
  `CREATE TRIGGER bank_statement_entry_never_removed BEFORE DELETE ON bank_statement_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER bank_statement_entry_no_truncate BEFORE TRUNCATE ON bank_statement_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE FUNCTION keep_entry_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.identity, NEW.bank_reference, NEW.booked_at, NEW.booked_day, NEW.value_day, NEW.amount_fen, NEW.reversal, NEW.reversal_of,
          NEW.payer_name, NEW.payer_account, NEW.payer_account_type, NEW.remittance) IS DISTINCT FROM
         (OLD.identity, OLD.bank_reference, OLD.booked_at, OLD.booked_day, OLD.value_day, OLD.amount_fen, OLD.reversal, OLD.reversal_of,
          OLD.payer_name, OLD.payer_account, OLD.payer_account_type, OLD.remittance) THEN
        RAISE EXCEPTION 'what the bank said of an entry never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER bank_statement_entry_facts BEFORE UPDATE ON bank_statement_entry FOR EACH ROW EXECUTE FUNCTION keep_entry_facts()`,
];
