/** People, drafts, applications, review, and the audit that nothing can rewrite. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Intake1764000000001 implements MigrationInterface {
  readonly name = 'Intake1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `CREATE TABLE staff_account (
      id uuid NOT NULL,
      username text NOT NULL,
      display_name text NOT NULL,
      phone text NOT NULL,
      password_hash text NOT NULL,
      roles text NOT NULL,
      disabled_at timestamptz(3),
      CONSTRAINT uq_staff_account_username UNIQUE (username),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE session (
      id uuid NOT NULL,
      token_hash bytea NOT NULL,
      phone text,
      staff_id uuid,
      created_at timestamptz(3) NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      ended_at timestamptz(3),
      CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
      CONSTRAINT ck_session_owner CHECK ((phone IS NULL) <> (staff_id IS NULL)),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_session_expires_at ON session (expires_at)`,
  `CREATE TABLE sms_code (
      id uuid NOT NULL,
      subject text NOT NULL,
      phone text NOT NULL,
      code_hash bytea NOT NULL,
      created_at timestamptz(3) NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      attempts integer NOT NULL,
      used_at timestamptz(3),
      CONSTRAINT ck_sms_code_attempts CHECK (attempts BETWEEN 0 AND 5),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_sms_code_subject_phone ON sms_code (subject, phone)`,
  `CREATE TABLE allowance (
      "key" text NOT NULL,
      window_start timestamptz(3) NOT NULL,
      used integer NOT NULL,
      last_at timestamptz(3) NOT NULL,
      PRIMARY KEY ("key")
    )`,
  `CREATE TABLE seen_nonce (
      key_id text NOT NULL,
      nonce text NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      PRIMARY KEY (key_id, nonce)
    )`,
  `CREATE INDEX ix_seen_nonce_expires_at ON seen_nonce (expires_at)`,
  `CREATE TABLE draft (
      id uuid NOT NULL,
      owner_phone text NOT NULL,
      business text NOT NULL,
      "system" text NOT NULL,
      form jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL,
      updated_at timestamptz(3) NOT NULL,
      application_id uuid,
      version integer NOT NULL,
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_draft_owner_phone ON draft (owner_phone)`,
  `CREATE TABLE upload (
      id uuid NOT NULL,
      draft_id uuid NOT NULL,
      material text NOT NULL,
      file_name text NOT NULL,
      media_type text NOT NULL,
      size_bytes integer NOT NULL,
      sha256 text NOT NULL,
      uploaded_at timestamptz(3) NOT NULL,
      replaced_at timestamptz(3),
      CONSTRAINT ck_upload_size CHECK (size_bytes > 0),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_upload_draft ON upload (draft_id)`,
  `CREATE TABLE consent (
      id uuid NOT NULL,
      draft_id uuid NOT NULL,
      agreement text NOT NULL,
      version text NOT NULL,
      accepted_at timestamptz(3) NOT NULL,
      session_id uuid NOT NULL,
      CONSTRAINT uq_consent_draft_agreement_version UNIQUE (draft_id, agreement, version),
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE application (
      id uuid NOT NULL,
      number text NOT NULL,
      business text NOT NULL,
      "system" text NOT NULL,
      channel text NOT NULL,
      draft_id uuid NOT NULL,
      idempotency_key text NOT NULL,
      submitted_by_phone text NOT NULL,
      submitted_at timestamptz(3) NOT NULL,
      additional boolean NOT NULL,
      form jsonb NOT NULL,
      certificate_name text NOT NULL,
      uscc text NOT NULL,
      agent_phone text NOT NULL,
      stage text NOT NULL,
      waiting_for text NOT NULL,
      stage_since timestamptz(3) NOT NULL,
      due_at timestamptz(3),
      parked_reason text,
      outcome text,
      started_at timestamptz(3),
      completed_at timestamptz(3),
      dispatch_day date,
      dispatch_reason text,
      dispatch_promise jsonb,
      closed_at timestamptz(3),
      version integer NOT NULL,
      CONSTRAINT uq_application_idempotency UNIQUE (submitted_by_phone, idempotency_key),
      CONSTRAINT uq_application_draft UNIQUE (draft_id),
      CONSTRAINT uq_application_number UNIQUE (number),
      CONSTRAINT ck_application_outcome CHECK ((stage = 'closed') = (outcome IS NOT NULL)),
      CONSTRAINT ck_application_stage CHECK (stage IN ('phone-verification','review','correction','payment','issuance','dispatch','closed')),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_application_unstarted ON application (submitted_at) WHERE started_at IS NULL`,
  `CREATE INDEX ix_application_agent_phone ON application (agent_phone)`,
  `CREATE INDEX ix_application_uscc ON application (uscc)`,
  `CREATE INDEX ix_application_stage ON application (stage)`,
  `CREATE TABLE application_counter (
      prefix text NOT NULL,
      year integer NOT NULL,
      last_number integer NOT NULL,
      PRIMARY KEY (prefix, year)
    )`,
  `CREATE TABLE audit_entry (
      subject text NOT NULL,
      seq integer NOT NULL,
      "at" timestamptz(3) NOT NULL,
      actor_kind text NOT NULL,
      actor_id text NOT NULL,
      action text NOT NULL,
      details jsonb NOT NULL,
      "next" text,
      "until" timestamptz(3),
      once_key text,
      previous_hash bytea NOT NULL,
      hash bytea NOT NULL,
      CONSTRAINT uq_audit_entry_once UNIQUE (subject, once_key),
      PRIMARY KEY (subject, seq)
    )`,
  `CREATE INDEX ix_audit_entry_at ON audit_entry ("at")`,
  `CREATE TABLE review_round (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      round integer NOT NULL,
      opened_at timestamptz(3) NOT NULL,
      claimed_by uuid,
      claim_until timestamptz(3),
      decided_at timestamptz(3),
      decision_id uuid,
      CONSTRAINT uq_review_round UNIQUE (application_id, round),
      CONSTRAINT ck_review_round_claim CHECK ((claimed_by IS NULL) = (claim_until IS NULL)),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_review_round_open ON review_round (opened_at) WHERE decided_at IS NULL`,
  `CREATE TABLE review_decision (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      round integer NOT NULL,
      outcome text NOT NULL,
      reasons jsonb NOT NULL,
      reviewer_id uuid NOT NULL,
      reviewer_phone text NOT NULL,
      submitter_phone text NOT NULL,
      agent_phone text NOT NULL,
      sent_at timestamptz(3) NOT NULL,
      applied_at timestamptz(3),
      CONSTRAINT ck_review_decision_four_eyes CHECK (reviewer_phone <> submitter_phone AND reviewer_phone <> agent_phone),
      CONSTRAINT ck_review_decision_outcome CHECK (outcome IN ('approved','returned','rejected')),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_review_decision_application ON review_decision (application_id)`,
  `CREATE TABLE correction (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      round integer NOT NULL,
      returned_fields jsonb NOT NULL,
      form jsonb NOT NULL,
      opened_at timestamptz(3) NOT NULL,
      submitted_at timestamptz(3),
      applied_at timestamptz(3),
      CONSTRAINT uq_correction_round UNIQUE (application_id, round),
      PRIMARY KEY (id)
    )`,
  `ALTER TABLE upload ADD CONSTRAINT fk_upload_draft FOREIGN KEY (draft_id) REFERENCES draft(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE consent ADD CONSTRAINT fk_consent_draft FOREIGN KEY (draft_id) REFERENCES draft(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE application ADD CONSTRAINT fk_application_draft FOREIGN KEY (draft_id) REFERENCES draft(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE review_round ADD CONSTRAINT fk_review_round_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE review_decision ADD CONSTRAINT fk_review_decision_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE correction ADD CONSTRAINT fk_correction_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$`,
  `CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
];
