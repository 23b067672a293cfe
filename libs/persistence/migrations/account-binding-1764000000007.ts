/** Binding of role accounts: what an organisation answered for each kind, its history, and what the platform decided. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountBinding1764000000007 implements MigrationInterface {
  readonly name = 'AccountBinding1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const STATES = `state IN ('pending','approved','refused','unbound','no-account')`;
const statements = [
  `ALTER TABLE application DROP CONSTRAINT ck_application_stage`,
  `ALTER TABLE application
      ADD CONSTRAINT ck_application_stage CHECK (stage IN ('phone-verification','fee-confirmation','window-payment','review','correction','payment','key-recovery','issuance','installation','hand-over','platform-approval','suspension','dispatch','closed'))`,
  `CREATE TABLE account_binding (
      id uuid NOT NULL,
      uscc text NOT NULL,
      kind text NOT NULL,
      state text NOT NULL,
      account text,
      reason text,
      application_id uuid,
      check_id text,
      submission_id text,
      since timestamptz(3) NOT NULL,
      CONSTRAINT uq_account_binding_kind UNIQUE (uscc, kind),
      CONSTRAINT ck_account_binding_state CHECK (${STATES}),
      CONSTRAINT ck_account_binding_account CHECK ((state = 'no-account') = (account IS NULL) AND (account IS NULL) = (application_id IS NULL)),
      CONSTRAINT ck_account_binding_reason CHECK ((state = 'refused') = (reason IS NOT NULL)),
      PRIMARY KEY (id)
    )`,
  `ALTER TABLE account_binding ADD CONSTRAINT fk_account_binding_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE INDEX ix_account_binding_application ON account_binding (application_id)`,
  `CREATE TABLE account_binding_change (
      binding_id uuid NOT NULL,
      seq integer NOT NULL,
      at timestamptz(3) NOT NULL,
      state text NOT NULL,
      account text,
      reason text,
      application_id uuid,
      CONSTRAINT ck_account_binding_change_state CHECK (${STATES}),
      PRIMARY KEY (binding_id, seq)
    )`,
  `ALTER TABLE account_binding_change ADD CONSTRAINT fk_account_binding_change_binding FOREIGN KEY (binding_id) REFERENCES account_binding(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER account_binding_change_append_only BEFORE UPDATE OR DELETE ON account_binding_change FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TABLE platform_decision (
      id text NOT NULL,
      application_id uuid NOT NULL,
      submission_id text NOT NULL,
      decision text NOT NULL,
      reason text,
      decided_at timestamptz(3) NOT NULL,
      received_at timestamptz(3) NOT NULL,
      applied_at timestamptz(3),
      CONSTRAINT uq_platform_decision_application UNIQUE (application_id),
      CONSTRAINT ck_platform_decision_decision CHECK (decision IN ('approved','refused')),
      CONSTRAINT ck_platform_decision_reason CHECK ((decision = 'refused') = (reason IS NOT NULL)),
      PRIMARY KEY (id)
    )`,
  `ALTER TABLE platform_decision ADD CONSTRAINT fk_platform_decision_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
];
