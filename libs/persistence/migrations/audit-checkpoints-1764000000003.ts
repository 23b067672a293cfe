/** Checkpoints that tie the audit chains together, as unchangeable as the entries themselves. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditCheckpoints1764000000003 implements MigrationInterface {
  readonly name = 'AuditCheckpoints1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE audit_checkpoint (
      "number" integer NOT NULL,
      "at" timestamptz(3) NOT NULL,
      entries bigint NOT NULL,
      chains bigint NOT NULL,
      digest bytea NOT NULL,
      previous_hash bytea NOT NULL,
      hash bytea NOT NULL,
      signature bytea NOT NULL,
      CONSTRAINT ck_audit_checkpoint_number CHECK (number > 0),
      PRIMARY KEY ("number")
    )`,
  `CREATE TABLE audit_checkpoint_head (
      subject text NOT NULL,
      seq integer NOT NULL,
      hash bytea NOT NULL,
      checkpoint_number integer NOT NULL,
      CONSTRAINT uq_audit_checkpoint_head_place UNIQUE (checkpoint_number, subject),
      PRIMARY KEY (subject, seq)
    )`,
  `ALTER TABLE audit_checkpoint_head ADD CONSTRAINT fk_audit_checkpoint_head_checkpoint FOREIGN KEY (checkpoint_number) REFERENCES audit_checkpoint("number") ON DELETE NO ACTION ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED`,
  ...['audit_checkpoint', 'audit_checkpoint_head'].flatMap((table) => [
    `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
    `CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  ]),
];
