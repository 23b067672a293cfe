/**
 * A change of the agent at a window names it and keeps its hours; a message whose case ended before an operator had it comes to an end. What is
 * asked of certificates (what is open about this one, which are revoked) is found by an index.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WindowAndMessages1764000000019 implements MigrationInterface {
  readonly name = 'WindowAndMessages1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE agent_change ADD COLUMN window_slug text`,
  `CREATE TABLE hours_waiver (
      application_id uuid NOT NULL,
      day date NOT NULL,
      waived_by uuid NOT NULL,
      reason text NOT NULL,
      waived_at timestamptz(3) NOT NULL,
      PRIMARY KEY (application_id, day)
    )`,
  `ALTER TABLE hours_waiver ADD CONSTRAINT fk_hours_waiver_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER hours_waiver_append_only BEFORE UPDATE OR DELETE ON hours_waiver FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `ALTER TABLE sms_message DROP CONSTRAINT ck_sms_message_state`,
  `ALTER TABLE sms_message ADD CONSTRAINT ck_sms_message_state CHECK (state IN ('waiting','under-way','delivered','undelivered','not-sent'))`,
  `CREATE INDEX ix_sms_message_waiting ON sms_message (sent_at) WHERE state = 'waiting'`,
  `CREATE INDEX ix_application_subject ON application (subject_serial) WHERE subject_serial IS NOT NULL`,
  `CREATE INDEX ix_certificate_revoked ON certificate (revoked_at) WHERE state = 'revoked'`,
];
