/** 证书解锁: tickets of customer service, the second person's decision, the answer to the token. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Unlock1764000000008 implements MigrationInterface {
  readonly name = 'Unlock1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE application DROP CONSTRAINT ck_application_stage`,
  `ALTER TABLE application
      ADD CONSTRAINT ck_application_stage CHECK (stage IN ('phone-verification','fee-confirmation','window-payment','review','correction','payment','key-recovery','issuance','installation','hand-over','platform-approval','suspension','approval','unlocking','dispatch','closed'))`,
  `CREATE UNIQUE INDEX uq_application_unlock_open ON application (subject_serial) WHERE outcome IS NULL AND business = 'unlock'`,
  `CREATE TABLE unlock_ticket (
      application_id uuid NOT NULL,
      contact text NOT NULL,
      token_serial_number text NOT NULL,
      called_back_by uuid NOT NULL,
      called_back_at timestamptz(3) NOT NULL,
      CONSTRAINT ck_unlock_ticket_contact CHECK (contact IN ('telephone','qq')),
      PRIMARY KEY (application_id)
    )`,
  `ALTER TABLE unlock_ticket ADD CONSTRAINT fk_unlock_ticket_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER unlock_ticket_append_only BEFORE UPDATE OR DELETE ON unlock_ticket FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TABLE unlock_decision (
      application_id uuid NOT NULL,
      outcome text NOT NULL,
      reason text,
      decided_by uuid NOT NULL,
      decided_at timestamptz(3) NOT NULL,
      CONSTRAINT ck_unlock_decision_outcome CHECK (outcome IN ('approved','rejected')),
      CONSTRAINT ck_unlock_decision_reason CHECK ((outcome = 'rejected') = (reason IS NOT NULL)),
      PRIMARY KEY (application_id)
    )`,
  `ALTER TABLE unlock_decision ADD CONSTRAINT fk_unlock_decision_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER unlock_decision_append_only BEFORE UPDATE OR DELETE ON unlock_decision FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  // Four eyes: who opened the ticket, or called back for it, does not approve it.
  `CREATE FUNCTION refuse_own_unlock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM application a WHERE a.id = NEW.application_id AND a.entered_by = NEW.decided_by)
         OR EXISTS (SELECT 1 FROM unlock_ticket t WHERE t.application_id = NEW.application_id AND t.called_back_by = NEW.decided_by) THEN
        RAISE EXCEPTION 'nobody approves an unlocking that they opened' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER unlock_decision_four_eyes BEFORE INSERT ON unlock_decision FOR EACH ROW EXECUTE FUNCTION refuse_own_unlock()`,
  `CREATE TABLE unlock_redemption (
      application_id uuid NOT NULL,
      code_id uuid NOT NULL,
      challenge text NOT NULL,
      redeemed_at timestamptz(3) NOT NULL,
      answer text,
      answered_at timestamptz(3),
      CONSTRAINT ck_unlock_redemption_answered CHECK ((answer IS NULL) = (answered_at IS NULL)),
      PRIMARY KEY (application_id)
    )`,
  `ALTER TABLE unlock_redemption ADD CONSTRAINT fk_unlock_redemption_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
];
