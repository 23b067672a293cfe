/** Queue tickets of the windows. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Queue1764000000010 implements MigrationInterface {
  readonly name = 'Queue1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE queue_ticket (
      id uuid NOT NULL,
      window_slug text NOT NULL,
      "day" date NOT NULL,
      number integer NOT NULL,
      taken_at timestamptz(3) NOT NULL,
      called_at timestamptz(3),
      called_by uuid,
      desk text,
      CONSTRAINT uq_queue_ticket_number UNIQUE (window_slug, "day", number),
      CONSTRAINT ck_queue_ticket_called CHECK ((called_at IS NULL) = (called_by IS NULL) AND (called_at IS NULL) = (desk IS NULL)),
      CONSTRAINT ck_queue_ticket_number CHECK (number > 0),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_queue_ticket_waiting ON queue_ticket (window_slug, "day", number) WHERE called_at IS NULL`,
];
