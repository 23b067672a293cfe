/** 经办人变更: what was asked for, who approved it, and since when whoever submitted opens the case no longer. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentChange1764000000011 implements MigrationInterface {
  readonly name = 'AgentChange1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE application ADD COLUMN submitter_released_at timestamptz(3)`,
  `CREATE TABLE agent_change (
      id uuid NOT NULL,
      application_id uuid NOT NULL,
      kind text NOT NULL,
      channel text NOT NULL,
      entered_by uuid,
      called_number text,
      agent_name text,
      identity_number text,
      letter_id uuid,
      old_phone text NOT NULL,
      new_phone text NOT NULL,
      state text NOT NULL,
      recorded_at timestamptz(3) NOT NULL,
      due_at timestamptz(3),
      settled_at timestamptz(3),
      CONSTRAINT ck_agent_change_kind CHECK (kind IN ('other-agent','lost-phone')),
      CONSTRAINT ck_agent_change_channel CHECK (channel IN ('online','window','telephone')),
      CONSTRAINT ck_agent_change_state CHECK (state IN ('recorded','asked','approved','applied','rejected','expired','case-ended')),
      CONSTRAINT ck_agent_change_entered CHECK ((channel = 'online') = (entered_by IS NULL)),
      CONSTRAINT ck_agent_change_called CHECK ((channel = 'telephone') = (called_number IS NOT NULL)),
      CONSTRAINT ck_agent_change_agent CHECK ((kind = 'other-agent') = (agent_name IS NOT NULL AND identity_number IS NOT NULL AND letter_id IS NOT NULL)),
      CONSTRAINT ck_agent_change_phones CHECK (old_phone <> new_phone),
      PRIMARY KEY (id)
    )`,
  `ALTER TABLE agent_change ADD CONSTRAINT fk_agent_change_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE agent_change ADD CONSTRAINT fk_agent_change_letter FOREIGN KEY (letter_id) REFERENCES upload(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE INDEX ix_agent_change_application ON agent_change (application_id)`,
  `CREATE INDEX ix_agent_change_new_phone ON agent_change (new_phone)`,
  `CREATE UNIQUE INDEX uq_agent_change_open ON agent_change (application_id) WHERE state IN ('asked','approved')`,
  `CREATE UNIQUE INDEX uq_agent_change_letter ON agent_change (letter_id) WHERE state <> 'recorded'`,
  `CREATE TABLE agent_change_decision (
      change_id uuid NOT NULL,
      outcome text NOT NULL,
      application_id uuid NOT NULL,
      reason text,
      decided_by uuid NOT NULL,
      decided_at timestamptz(3) NOT NULL,
      CONSTRAINT ck_agent_change_decision_outcome CHECK (outcome IN ('approved','rejected')),
      CONSTRAINT ck_agent_change_decision_reason CHECK ((outcome = 'rejected') = (reason IS NOT NULL)),
      PRIMARY KEY (change_id, outcome)
    )`,
  `ALTER TABLE agent_change_decision ADD CONSTRAINT fk_agent_change_decision_change FOREIGN KEY (change_id) REFERENCES agent_change(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE agent_change_decision ADD CONSTRAINT fk_agent_change_decision_application FOREIGN KEY (application_id) REFERENCES application(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TRIGGER agent_change_decision_append_only BEFORE UPDATE OR DELETE ON agent_change_decision FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  // Four eyes: whoever entered a change of the agent has had the case in hand, for this decision and for every other in it.
  `CREATE OR REPLACE FUNCTION refuse_own_hands() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      person uuid := CASE TG_TABLE_NAME
        WHEN 'review_decision' THEN (to_jsonb(NEW)->>'reviewer_id')::uuid
        WHEN 'agent_change_decision' THEN (to_jsonb(NEW)->>'decided_by')::uuid
        ELSE (to_jsonb(NEW)->>'approved_by')::uuid END;
    BEGIN
      IF EXISTS (SELECT 1 FROM application a WHERE a.id = NEW.application_id AND a.entered_by = person)
         OR EXISTS (SELECT 1 FROM window_payment p JOIN fee_order o ON o.id = p.order_id WHERE o.application_id = NEW.application_id AND p.taken_by = person)
         OR EXISTS (SELECT 1 FROM agent_change c WHERE c.application_id = NEW.application_id AND c.entered_by = person AND c.state <> 'recorded') THEN
        RAISE EXCEPTION 'nobody decides on what they entered or took payment for' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER agent_change_decision_four_eyes BEFORE INSERT ON agent_change_decision FOR EACH ROW EXECUTE FUNCTION refuse_own_hands()`,
];
