/** Invoices as a queue, blue and red; links that are ours and end; corrected data; money given back after completion. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Invoices1764000000017 implements MigrationInterface {
  readonly name = 'Invoices1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const LINE_NAMES = `CASE line->>'code' WHEN 'opening' THEN '一次性开户费' WHEN 'annual-service' THEN '年服务费' WHEN 'reissue' THEN '补办费' ELSE '变更费' END`;

const statements = [
  `ALTER TABLE refund DROP CONSTRAINT ck_refund_reason`,
  `ALTER TABLE refund ADD CONSTRAINT ck_refund_reason CHECK (reason IN ('early-close','surplus','held-credit','after-completion'))`,
  `ALTER TABLE invoice DROP CONSTRAINT uq_invoice_application`,
  `ALTER TABLE invoice
      ADD COLUMN sequence integer NOT NULL DEFAULT 1, ADD COLUMN colour text NOT NULL DEFAULT 'blue',
      ADD COLUMN occasion text NOT NULL DEFAULT 'completion', ADD COLUMN occasion_id uuid, ADD COLUMN reverses uuid,
      ADD COLUMN title text, ADD COLUMN tax_number text, ADD COLUMN lines jsonb, ADD COLUMN state text NOT NULL DEFAULT 'queued',
      ADD COLUMN due_at timestamptz(3), ADD COLUMN issued_at timestamptz(3), ADD COLUMN pdf_sha256 text, ADD COLUMN xml_sha256 text,
      ADD COLUMN refused_code text, ADD COLUMN tries integer NOT NULL DEFAULT 0, ADD COLUMN tried_at timestamptz(3), ADD COLUMN told_at timestamptz(3)`,
  // What was made before has its number and lacks its files: the queue fetches them, and orders nothing.
  `UPDATE invoice i SET occasion_id = i.application_id, title = a.certificate_name, tax_number = a.uscc, due_at = i.ordered_at, issued_at = i.ordered_at,
      lines = (SELECT coalesce(jsonb_agg(jsonb_build_object('name', ${LINE_NAMES}, 'quantity', line->'quantity', 'amountFen', line->'amountFen')), '[]')
        FROM fee_order o, jsonb_array_elements(o.lines) line WHERE o.application_id = i.application_id)
      FROM application a WHERE a.id = i.application_id`,
  `ALTER TABLE invoice
      ALTER COLUMN sequence DROP DEFAULT, ALTER COLUMN colour DROP DEFAULT, ALTER COLUMN occasion DROP DEFAULT, ALTER COLUMN state DROP DEFAULT,
      ALTER COLUMN tries DROP DEFAULT, ALTER COLUMN occasion_id SET NOT NULL, ALTER COLUMN title SET NOT NULL, ALTER COLUMN tax_number SET NOT NULL,
      ALTER COLUMN lines SET NOT NULL, ALTER COLUMN due_at SET NOT NULL, ALTER COLUMN invoice_number DROP NOT NULL, ALTER COLUMN link DROP NOT NULL`,
  `ALTER TABLE invoice
      ADD CONSTRAINT fk_invoice_reverses FOREIGN KEY (reverses) REFERENCES invoice(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      ADD CONSTRAINT uq_invoice_sequence UNIQUE (application_id, sequence),
      ADD CONSTRAINT uq_invoice_occasion UNIQUE (occasion, occasion_id, colour),
      ADD CONSTRAINT uq_invoice_number UNIQUE (invoice_number),
      ADD CONSTRAINT ck_invoice_amount CHECK (amount_fen > 0),
      ADD CONSTRAINT ck_invoice_colour CHECK (colour IN ('blue','red') AND (colour = 'red') = (reverses IS NOT NULL)),
      ADD CONSTRAINT ck_invoice_occasion CHECK (occasion IN ('completion','refund','correction')),
      ADD CONSTRAINT ck_invoice_state CHECK (state IN ('queued','issued','refused','void')),
      ADD CONSTRAINT ck_invoice_issued CHECK (state <> 'issued' OR (invoice_number IS NOT NULL AND issued_at IS NOT NULL)),
      ADD CONSTRAINT ck_invoice_refused CHECK (state <> 'refused' OR refused_code IS NOT NULL)`,
  `CREATE UNIQUE INDEX uq_invoice_reverses ON invoice (reverses) WHERE state <> 'void'`,
  `CREATE INDEX ix_invoice_queue ON invoice (due_at, application_id, sequence) WHERE told_at IS NULL`,
  // A number that was given is the tax office's: neither it nor what it stands for changes.
  `CREATE FUNCTION keep_invoice_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR (NEW.id, NEW.application_id, NEW.sequence, NEW.colour, NEW.occasion, NEW.occasion_id, NEW.reverses, NEW.title, NEW.tax_number, NEW.lines, NEW.amount_fen)
         IS DISTINCT FROM (OLD.id, OLD.application_id, OLD.sequence, OLD.colour, OLD.occasion, OLD.occasion_id, OLD.reverses, OLD.title, OLD.tax_number, OLD.lines, OLD.amount_fen) THEN
        RAISE EXCEPTION 'what an invoice says never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF OLD.invoice_number IS NOT NULL AND NEW.invoice_number IS DISTINCT FROM OLD.invoice_number
         OR OLD.state IN ('issued','void') AND NEW.state IS DISTINCT FROM OLD.state THEN
        RAISE EXCEPTION 'an invoice that was made, or is void, stays so' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER invoice_facts BEFORE UPDATE OR DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION keep_invoice_facts()`,
  `CREATE TABLE invoice_link (
      id uuid NOT NULL,
      invoice_id uuid NOT NULL,
      token_hash bytea NOT NULL,
      made_at timestamptz(3) NOT NULL,
      until timestamptz(3) NOT NULL,
      ended_at timestamptz(3),
      CONSTRAINT fk_invoice_link_invoice FOREIGN KEY (invoice_id) REFERENCES invoice(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT uq_invoice_link_token UNIQUE (token_hash),
      CONSTRAINT ck_invoice_link_until CHECK (until > made_at),
      PRIMARY KEY (id)
    )`,
  `CREATE UNIQUE INDEX uq_invoice_link_live ON invoice_link (invoice_id) WHERE ended_at IS NULL`,
  `CREATE TABLE invoice_correction (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      title text NOT NULL,
      tax_number text NOT NULL,
      asked_by_kind text NOT NULL,
      asked_by uuid,
      asked_at timestamptz(3) NOT NULL,
      started_at timestamptz(3),
      done_at timestamptz(3),
      CONSTRAINT fk_invoice_correction_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT ck_invoice_correction_by CHECK ((asked_by_kind = 'staff') = (asked_by IS NOT NULL) AND asked_by_kind IN ('applicant','staff')),
      PRIMARY KEY (id)
    )`,
  `CREATE UNIQUE INDEX uq_invoice_correction_open ON invoice_correction (application_id) WHERE done_at IS NULL`,
];
