/** Reminders, who wants none, and which cases are late. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Reminders1764000000009 implements MigrationInterface {
  readonly name = 'Reminders1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE sms_message ALTER COLUMN application_id DROP NOT NULL`,
  `ALTER TABLE application ADD COLUMN overdue_since timestamptz(3)`,
  `CREATE TABLE reminder_opt_out (
      phone text NOT NULL,
      since timestamptz(3) NOT NULL,
      PRIMARY KEY (phone)
    )`,
];
