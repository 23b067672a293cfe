/** The other certificate businesses and the windows: what a case is about, who entered it, what replaced what. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Businesses1764000000006 implements MigrationInterface {
  readonly name = 'Businesses1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE draft ADD COLUMN channel text NOT NULL DEFAULT 'online', ADD COLUMN entered_by uuid, ADD COLUMN subject_serial text,
      ADD COLUMN hours_waived_by uuid, ADD COLUMN hours_waived_reason text,
      ADD CONSTRAINT ck_draft_waived CHECK ((hours_waived_by IS NULL) = (hours_waived_reason IS NULL))`,
  `ALTER TABLE draft ALTER COLUMN channel DROP DEFAULT`,
  `ALTER TABLE application ADD COLUMN window_slug text, ADD COLUMN entered_by uuid, ADD COLUMN subject_serial text`,
  `ALTER TABLE application DROP CONSTRAINT ck_application_stage`,
  `ALTER TABLE application
      ADD CONSTRAINT ck_application_stage CHECK (stage IN ('phone-verification','fee-confirmation','window-payment','review','correction','payment','key-recovery','issuance','installation','hand-over','suspension','dispatch','closed')),
      ADD CONSTRAINT ck_application_window CHECK ((channel = 'window') = (window_slug IS NOT NULL)),
      ADD CONSTRAINT ck_application_entered CHECK ((channel = 'online') = (entered_by IS NULL))`,
  `CREATE UNIQUE INDEX uq_application_subject_open ON application (subject_serial)
      WHERE outcome IS NULL AND business IN ('renewal-valid','renewal-expired','change','reissue')`,
  // A token was one place; from here on it lives through several, each with a container of its own.
  `ALTER TABLE token ADD COLUMN container text NOT NULL DEFAULT 'xinyin'`,
  `ALTER TABLE token ALTER COLUMN container DROP DEFAULT`,
  `ALTER TABLE token DROP CONSTRAINT token_pkey, DROP CONSTRAINT uq_token_place`,
  `ALTER TABLE token ADD PRIMARY KEY (application_id, "index"), ADD CONSTRAINT uq_token_container UNIQUE (serial_number, container)`,
  `ALTER TABLE seal ADD COLUMN revoked_at timestamptz(3), ADD COLUMN revocation_reason text`,
  `ALTER TABLE fee_order ADD COLUMN payer text NOT NULL DEFAULT 'organisation'`,
  `ALTER TABLE fee_order ALTER COLUMN payer DROP DEFAULT`,
  `ALTER TABLE fee_order ADD CONSTRAINT ck_fee_order_payer CHECK (payer IN ('organisation','anybody','on-the-spot'))`,
  `CREATE TABLE window_payment (
      order_id uuid NOT NULL,
      method text NOT NULL,
      slip_number text NOT NULL,
      amount_fen bigint NOT NULL,
      taken_by uuid NOT NULL,
      taken_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_window_payment_slip UNIQUE (method, slip_number),
      CONSTRAINT ck_window_payment_amount CHECK (amount_fen > 0),
      CONSTRAINT ck_window_payment_method CHECK (method IN ('card','transfer')),
      PRIMARY KEY (order_id)
    )`,
  `ALTER TABLE window_payment ADD CONSTRAINT fk_window_payment_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER window_payment_append_only BEFORE UPDATE OR DELETE ON window_payment FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TABLE refund (
      order_id uuid NOT NULL,
      amount_fen bigint NOT NULL,
      state text NOT NULL,
      due_since timestamptz(3) NOT NULL,
      CONSTRAINT ck_refund_state CHECK (state IN ('due','paid')),
      CONSTRAINT ck_refund_amount CHECK (amount_fen > 0),
      PRIMARY KEY (order_id)
    )`,
  `ALTER TABLE refund ADD CONSTRAINT fk_refund_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TABLE key_recovery_approval (
      application_id uuid NOT NULL,
      approved_by uuid NOT NULL,
      approved_at timestamptz(3) NOT NULL,
      PRIMARY KEY (application_id, approved_by)
    )`,
  `ALTER TABLE key_recovery_approval ADD CONSTRAINT fk_key_recovery_approval_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TABLE key_challenge (
      id uuid NOT NULL,
      subject text NOT NULL,
      serial text NOT NULL,
      nonce bytea NOT NULL,
      digest bytea NOT NULL,
      created_at timestamptz(3) NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      used_at timestamptz(3),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_key_challenge_expires_at ON key_challenge (expires_at)`,
  // Four eyes at the window: who entered the case, or took its money, neither reviews it nor lets its key come back.
  `CREATE FUNCTION refuse_own_hands() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      person uuid := CASE TG_TABLE_NAME WHEN 'review_decision' THEN (to_jsonb(NEW)->>'reviewer_id')::uuid ELSE (to_jsonb(NEW)->>'approved_by')::uuid END;
    BEGIN
      IF EXISTS (SELECT 1 FROM application a WHERE a.id = NEW.application_id AND a.entered_by = person)
         OR EXISTS (SELECT 1 FROM window_payment p JOIN fee_order o ON o.id = p.order_id WHERE o.application_id = NEW.application_id AND p.taken_by = person) THEN
        RAISE EXCEPTION 'nobody decides on what they entered or took payment for' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER review_decision_four_eyes BEFORE INSERT ON review_decision FOR EACH ROW EXECUTE FUNCTION refuse_own_hands()`,
  `CREATE TRIGGER key_recovery_four_eyes BEFORE INSERT ON key_recovery_approval FOR EACH ROW EXECUTE FUNCTION refuse_own_hands()`,
];
