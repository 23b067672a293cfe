/** Delivery of SMS: hand-overs to two operators, receipts, and tasks for people. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MessageDelivery1764000000012 implements MigrationInterface {
  readonly name = 'MessageDelivery1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE sms_message ALTER COLUMN provider_id DROP NOT NULL`,
  `ALTER TABLE sms_message ADD COLUMN phone text`,
  // What was sent before was taken by its operator, who reported nothing: it is not followed.
  `ALTER TABLE sms_message ADD COLUMN state text NOT NULL DEFAULT 'under-way'`,
  `ALTER TABLE sms_message ALTER COLUMN state DROP DEFAULT`,
  `ALTER TABLE sms_message ADD COLUMN follow_at timestamptz(3)`,
  `ALTER TABLE sms_message ADD COLUMN followed_at timestamptz(3)`,
  `ALTER TABLE sms_message ADD CONSTRAINT ck_sms_message_state CHECK (state IN ('waiting','under-way','delivered','undelivered'))`,
  `CREATE INDEX ix_sms_message_follow ON sms_message (follow_at) WHERE follow_at IS NOT NULL`,
  `CREATE TABLE sms_hand_over (
      message_id uuid NOT NULL,
      provider text NOT NULL,
      provider_id text,
      state text NOT NULL,
      "at" timestamptz(3) NOT NULL,
      settled_at timestamptz(3),
      code text,
      CONSTRAINT uq_sms_hand_over_provider_id UNIQUE (provider, provider_id),
      CONSTRAINT ck_sms_hand_over_code CHECK ((state IN ('not-taken','failed')) = (code IS NOT NULL)),
      CONSTRAINT ck_sms_hand_over_settled CHECK ((state IN ('delivered','failed')) = (settled_at IS NOT NULL)),
      CONSTRAINT ck_sms_hand_over_taken CHECK ((state = 'not-taken') = (provider_id IS NULL)),
      CONSTRAINT ck_sms_hand_over_state CHECK (state IN ('not-taken','taken','delivered','failed')),
      CONSTRAINT ck_sms_hand_over_provider CHECK (provider IN ('sms','sms2')),
      PRIMARY KEY (message_id, provider)
    )`,
  `CREATE INDEX ix_sms_hand_over_at ON sms_hand_over ("at")`,
  `ALTER TABLE sms_hand_over ADD CONSTRAINT fk_sms_hand_over_message FOREIGN KEY (message_id) REFERENCES sms_message(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TABLE sms_early_receipt (
      provider text NOT NULL,
      provider_id text NOT NULL,
      status text NOT NULL,
      "at" timestamptz(3) NOT NULL,
      code text,
      received_at timestamptz(3) NOT NULL,
      PRIMARY KEY (provider, provider_id)
    )`,
  `CREATE INDEX ix_sms_early_receipt_received_at ON sms_early_receipt (received_at)`,
  `CREATE TABLE staff_task (
      id uuid NOT NULL,
      kind text NOT NULL,
      subject text NOT NULL,
      application_id uuid,
      why text NOT NULL,
      opened_at timestamptz(3) NOT NULL,
      claimed_by uuid,
      claim_until timestamptz(3),
      done_at timestamptz(3),
      done_by uuid,
      note text,
      CONSTRAINT uq_staff_task_subject UNIQUE (kind, subject),
      CONSTRAINT ck_staff_task_note CHECK (note IN ('called','wrong-number','none','arrived')),
      CONSTRAINT ck_staff_task_done CHECK ((done_at IS NULL) = (note IS NULL) AND (done_by IS NULL OR done_at IS NOT NULL)),
      CONSTRAINT ck_staff_task_claim CHECK ((claimed_by IS NULL) = (claim_until IS NULL)),
      CONSTRAINT ck_staff_task_kind CHECK (kind IN ('message-undelivered')),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_staff_task_open ON staff_task (opened_at) WHERE done_at IS NULL`,
];
