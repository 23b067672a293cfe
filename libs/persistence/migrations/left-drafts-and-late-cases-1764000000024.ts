/** Files whose draft was deleted go, too; a case that is late in its stage is a task for a supervisor. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LeftDraftsAndLateCases1764000000024 implements MigrationInterface {
  readonly name = 'LeftDraftsAndLateCases1764000000024';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE object_removal (
      sha256 text NOT NULL PRIMARY KEY,
      left_at timestamptz(3) NOT NULL
    )`,
  `ALTER TABLE staff_task DROP CONSTRAINT ck_staff_task_kind`,
  `ALTER TABLE staff_task ADD CONSTRAINT ck_staff_task_kind CHECK (kind IN ('message-undelivered','case-overdue'))`,
  `ALTER TABLE staff_task DROP CONSTRAINT ck_staff_task_note`,
  `ALTER TABLE staff_task ADD CONSTRAINT ck_staff_task_note CHECK (note IN ('called','wrong-number','followed-up','none','arrived','moved-on'))`,
  `CREATE INDEX ix_staff_task_open_application ON staff_task (application_id) WHERE done_at IS NULL`,
  // What was marked before there were tasks for it.
  `INSERT INTO staff_task (id, kind, subject, application_id, why, opened_at)
    SELECT gen_random_uuid(), 'case-overdue',
      format('application/%s/%s/%s', id, stage, to_char(stage_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
      id, stage, overdue_since
    FROM application WHERE overdue_since IS NOT NULL AND stage <> 'closed'`,
];
