/** Fridays: days set over the calendar, batches with their reports, what the courier tells, parcels that go out again. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Fridays1764000000016 implements MigrationInterface {
  readonly name = 'Fridays1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const reference = (table: string) =>
  `ALTER TABLE ${table} ADD CONSTRAINT fk_${table}_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`;

const statements = [
  `ALTER TABLE dispatch_item ADD COLUMN carried_from date, ADD COLUMN times_moved integer NOT NULL DEFAULT 0, ADD COLUMN moved_from date,
      ADD COLUMN delivery text, ADD COLUMN delivery_at timestamptz(3), ADD COLUMN sendings integer NOT NULL DEFAULT 1,
      ADD COLUMN corrected_receiver jsonb,
      ADD CONSTRAINT ck_dispatch_item_delivery CHECK (delivery IN ('picked-up','delivered','returned','lost')),
      ADD CONSTRAINT ck_dispatch_item_delivered CHECK ((delivery IS NULL) = (delivery_at IS NULL))`,
  `ALTER TABLE dispatch_item ALTER COLUMN times_moved DROP DEFAULT, ALTER COLUMN sendings DROP DEFAULT`,
  `CREATE UNIQUE INDEX uq_dispatch_item_tracking ON dispatch_item (tracking_number) WHERE tracking_number IS NOT NULL`,
  // What was carried before the day it came from was kept: its own Friday less a week, which gives the same Friday again.
  `UPDATE dispatch_item SET carried_from = day - 7 WHERE times_carried > 0`,
  `CREATE TABLE dispatch_batch (
      "day" date NOT NULL,
      opened_at timestamptz(3) NOT NULL,
      closed_at timestamptz(3),
      PRIMARY KEY ("day")
    )`,
  `CREATE TABLE dispatch_outcome (
      "day" date NOT NULL,
      application_id uuid NOT NULL,
      carried_reason text,
      carried_to date,
      tracking_number text,
      at timestamptz(3) NOT NULL,
      CONSTRAINT ck_dispatch_outcome_carried CHECK ((carried_reason IS NULL) = (carried_to IS NULL)),
      PRIMARY KEY ("day", application_id)
    )`,
  reference('dispatch_outcome'),
  `CREATE TABLE courier_event (
      id text NOT NULL,
      tracking_number text NOT NULL,
      event text NOT NULL,
      occurred_at timestamptz(3) NOT NULL,
      received_at timestamptz(3) NOT NULL,
      applied_at timestamptz(3),
      CONSTRAINT ck_courier_event CHECK (event IN ('picked-up','delivered','returned','lost')),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_courier_event_waiting ON courier_event (received_at) WHERE applied_at IS NULL`,
  `CREATE TABLE free_reissue (
      serial text NOT NULL,
      application_id uuid NOT NULL,
      granted_by uuid NOT NULL,
      granted_at timestamptz(3) NOT NULL,
      used_by uuid,
      CONSTRAINT uq_free_reissue_used UNIQUE (used_by),
      PRIMARY KEY (serial)
    )`,
  reference('free_reissue'),
  `CREATE TABLE token_label (
      application_id uuid NOT NULL,
      "index" integer NOT NULL,
      resets integer NOT NULL,
      printed_at timestamptz(3),
      printed_by uuid,
      PRIMARY KEY (application_id, "index")
    )`,
  reference('token_label'),
  `CREATE TABLE calendar_day (
      id uuid NOT NULL,
      "day" date NOT NULL,
      kind text NOT NULL,
      reason text NOT NULL,
      set_by uuid NOT NULL,
      set_at timestamptz(3) NOT NULL,
      withdrawn_by uuid,
      withdrawn_at timestamptz(3),
      CONSTRAINT ck_calendar_day_kind CHECK (kind IN ('holiday','working')),
      CONSTRAINT ck_calendar_day_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
      PRIMARY KEY (id)
    )`,
  `CREATE UNIQUE INDEX uq_calendar_day ON calendar_day ("day") WHERE withdrawn_at IS NULL`,
  `CREATE TABLE calendar_data (
      version text NOT NULL,
      seen_at timestamptz(3) NOT NULL,
      PRIMARY KEY (version)
    )`,
];
