/** Tariff, orders, credits, invoices; certificates, seals, tokens and their way to the holder. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MoneyAndIssuance1764000000002 implements MigrationInterface {
  readonly name = 'MoneyAndIssuance1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE certificate (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      "index" integer NOT NULL,
      kind text NOT NULL,
      serial text NOT NULL,
      tbs bytea NOT NULL,
      der bytea,
      state text NOT NULL,
      not_before timestamptz(3) NOT NULL,
      not_after timestamptz(3) NOT NULL,
      issued_at timestamptz(3),
      revoked_at timestamptz(3),
      revocation_reason text,
      CONSTRAINT uq_certificate_serial UNIQUE (serial),
      CONSTRAINT uq_certificate_place UNIQUE (application_id, "index", kind),
      CONSTRAINT ck_certificate_state CHECK ((state = 'prepared') = (der IS NULL)),
      CONSTRAINT ck_certificate_kind CHECK (kind IN ('signing','encryption')),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE escrowed_key (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      "index" integer NOT NULL,
      public_point bytea NOT NULL,
      escrow bytea NOT NULL,
      created_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_escrowed_key_place UNIQUE (application_id, "index"),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE seal (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      "index" integer NOT NULL,
      es_id text NOT NULL,
      der bytea NOT NULL,
      png bytea NOT NULL,
      made_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_seal_es_id UNIQUE (es_id),
      CONSTRAINT uq_seal_place UNIQUE (application_id, "index"),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE token (
      serial_number text NOT NULL,
      application_id uuid NOT NULL,
      "index" integer NOT NULL,
      state text NOT NULL,
      certification_request bytea,
      enveloped_key bytea,
      written_at timestamptz(3),
      CONSTRAINT uq_token_place UNIQUE (application_id, "index"),
      PRIMARY KEY (serial_number)
    )`,
  `CREATE TABLE dispatch_item (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      "day" date NOT NULL,
      state text NOT NULL,
      times_carried integer NOT NULL,
      carried_reason text,
      binding_ids text,
      tracking_number text,
      packed_at timestamptz(3),
      handed_over_at timestamptz(3),
      hand_over_id text,
      handed_over_by uuid,
      CONSTRAINT uq_dispatch_item_application UNIQUE (application_id),
      CONSTRAINT ck_dispatch_item_state CHECK (state IN ('due','bound','packed','handed-over')),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_dispatch_item_day ON dispatch_item ("day", state)`,
  `CREATE TABLE document (
      id uuid NOT NULL,
      owner text NOT NULL,
      kind text NOT NULL,
      "index" integer NOT NULL,
      media_type text NOT NULL,
      sha256 text NOT NULL,
      made_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_document_place UNIQUE (owner, kind, "index"),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE authority_certificate (
      role text NOT NULL,
      der bytea NOT NULL,
      PRIMARY KEY (role)
    )`,
  `CREATE TABLE published_crl (
      issuer text NOT NULL,
      number integer NOT NULL,
      this_update timestamptz(3) NOT NULL,
      next_update timestamptz(3) NOT NULL,
      der bytea NOT NULL,
      CONSTRAINT ck_published_crl_issuer CHECK (issuer IN ('root','issuing')),
      PRIMARY KEY (issuer, number)
    )`,
  `CREATE TABLE sms_message (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      once_key text NOT NULL,
      template text NOT NULL,
      "values" jsonb NOT NULL,
      provider_id text NOT NULL,
      sent_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_sms_message_once UNIQUE (once_key),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_sms_message_application ON sms_message (application_id)`,
  `CREATE TABLE tariff_item (
      id uuid NOT NULL,
      code text NOT NULL,
      amount_fen bigint NOT NULL,
      valid_from date NOT NULL,
      valid_to date,
      confirmed boolean NOT NULL,
      CONSTRAINT uq_tariff_item UNIQUE (code, valid_from),
      CONSTRAINT ck_tariff_item_amount CHECK (amount_fen >= 0),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE fee_order (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      reference text NOT NULL,
      certificate_name text NOT NULL,
      payer_key text NOT NULL,
      lines jsonb NOT NULL,
      amount_fen bigint NOT NULL,
      received_fen bigint NOT NULL,
      status text NOT NULL,
      created_at timestamptz(3) NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      paid_at timestamptz(3),
      CONSTRAINT uq_fee_order_reference UNIQUE (reference),
      CONSTRAINT uq_fee_order_application UNIQUE (application_id),
      CONSTRAINT ck_fee_order_paid CHECK (status <> 'paid' OR received_fen >= amount_fen),
      CONSTRAINT ck_fee_order_status CHECK (status IN ('open','paid','expired','cancelled')),
      CONSTRAINT ck_fee_order_amount CHECK (amount_fen > 0 AND received_fen >= 0),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_fee_order_payer_key ON fee_order (payer_key)`,
  `CREATE TABLE bank_credit (
      id uuid NOT NULL,
      bank_reference text NOT NULL,
      source text NOT NULL,
      booked_at timestamptz(3) NOT NULL,
      recorded_at timestamptz(3) NOT NULL,
      amount_fen bigint NOT NULL,
      payer_name text NOT NULL,
      payer_account text NOT NULL,
      payer_account_type text NOT NULL,
      remittance text NOT NULL,
      state text NOT NULL,
      order_id uuid,
      held_reason text,
      surplus_fen bigint NOT NULL,
      decided_at timestamptz(3),
      CONSTRAINT uq_bank_credit_reference UNIQUE (bank_reference),
      CONSTRAINT ck_bank_credit_state CHECK ((state = 'recorded' AND held_reason IS NULL) OR (state = 'matched' AND order_id IS NOT NULL AND held_reason IS NULL) OR (state = 'held' AND held_reason IS NOT NULL)),
      CONSTRAINT ck_bank_credit_amount CHECK (amount_fen > 0),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_bank_credit_state ON bank_credit (state)`,
  `CREATE TABLE invoice (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      amount_fen bigint NOT NULL,
      invoice_number text NOT NULL,
      link text NOT NULL,
      ordered_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_invoice_application UNIQUE (application_id),
      PRIMARY KEY (id)
    )`,
  `ALTER TABLE certificate ADD CONSTRAINT fk_certificate_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE escrowed_key ADD CONSTRAINT fk_escrowed_key_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE seal ADD CONSTRAINT fk_seal_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE token ADD CONSTRAINT fk_token_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE dispatch_item ADD CONSTRAINT fk_dispatch_item_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE fee_order ADD CONSTRAINT fk_fee_order_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE bank_credit ADD CONSTRAINT fk_bank_credit_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE invoice ADD CONSTRAINT fk_invoice_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER bank_credit_never_removed BEFORE DELETE ON bank_credit FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER bank_credit_no_truncate BEFORE TRUNCATE ON bank_credit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER certificate_no_truncate BEFORE TRUNCATE ON certificate FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE FUNCTION keep_signed_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR NEW.tbs <> OLD.tbs OR NEW.serial <> OLD.serial OR (OLD.der IS NOT NULL AND NEW.der IS DISTINCT FROM OLD.der) THEN
        RAISE EXCEPTION 'an issued certificate never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER certificate_never_changes BEFORE UPDATE OR DELETE ON certificate FOR EACH ROW EXECUTE FUNCTION keep_signed_bytes()`,
  `CREATE FUNCTION keep_credit_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.bank_reference, NEW.amount_fen, NEW.payer_name, NEW.payer_account, NEW.payer_account_type, NEW.remittance, NEW.booked_at) IS DISTINCT FROM
         (OLD.bank_reference, OLD.amount_fen, OLD.payer_name, OLD.payer_account, OLD.payer_account_type, OLD.remittance, OLD.booked_at) THEN
        RAISE EXCEPTION 'what the bank said of a credit never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER bank_credit_facts BEFORE UPDATE ON bank_credit FOR EACH ROW EXECUTE FUNCTION keep_credit_facts()`,
];
