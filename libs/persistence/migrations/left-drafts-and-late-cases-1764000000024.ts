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
];
