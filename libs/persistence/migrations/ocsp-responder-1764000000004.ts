/** Requests of OCSP responders and their certificates. What was asked and what was signed never changes. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OcspResponder1764000000004 implements MigrationInterface {
  readonly name = 'OcspResponder1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE ocsp_responder (
      id uuid NOT NULL,
      request bytea NOT NULL,
      code bytea NOT NULL,
      certificate bytea,
      not_after timestamptz(3),
      made_at timestamptz(3) NOT NULL,
      CONSTRAINT ck_ocsp_responder_certified CHECK ((certificate IS NULL) = (not_after IS NULL)),
      PRIMARY KEY (id)
    )`,
  `CREATE FUNCTION keep_responder_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR (NEW.id, NEW.request, NEW.code, NEW.made_at) IS DISTINCT FROM (OLD.id, OLD.request, OLD.code, OLD.made_at)
         OR (OLD.certificate IS NOT NULL AND (NEW.certificate, NEW.not_after) IS DISTINCT FROM (OLD.certificate, OLD.not_after)) THEN
        RAISE EXCEPTION 'a responder''s request and certificate never change' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER ocsp_responder_never_changes BEFORE UPDATE OR DELETE ON ocsp_responder FOR EACH ROW EXECUTE FUNCTION keep_responder_certificate()`,
  `CREATE TRIGGER ocsp_responder_no_truncate BEFORE TRUNCATE ON ocsp_responder FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
];
