/**
 * Four eyes in the database too, for every way in which somebody of the office has a case in hand: what they corrected in it, the scans they
 * filed, the fee they set or waived. The acts stand in the audit, which nobody changes; `handsOn` lists the same ones.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FourEyes1764000000023 implements MigrationInterface {
  readonly name = 'FourEyes1764000000023';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  `ALTER TABLE correction ADD COLUMN submitted_by uuid`,
  `CREATE OR REPLACE FUNCTION refuse_own_hands() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      person uuid := CASE TG_TABLE_NAME
        WHEN 'review_decision' THEN (to_jsonb(NEW)->>'reviewer_id')::uuid
        WHEN 'agent_change_decision' THEN (to_jsonb(NEW)->>'decided_by')::uuid
        ELSE (to_jsonb(NEW)->>'approved_by')::uuid END;
    BEGIN
      IF EXISTS (SELECT 1 FROM application a WHERE a.id = NEW.application_id AND a.entered_by = person)
         OR EXISTS (SELECT 1 FROM window_payment p JOIN fee_order o ON o.id = p.order_id WHERE o.application_id = NEW.application_id AND p.taken_by = person)
         OR EXISTS (SELECT 1 FROM agent_change c WHERE c.application_id = NEW.application_id AND c.entered_by = person AND c.state <> 'recorded')
         OR EXISTS (SELECT 1 FROM audit_entry e WHERE e.subject = 'application/' || NEW.application_id AND e.actor_kind = 'staff' AND e.actor_id = person::text
           AND e.action IN ('application.submitted','correction.entered','correction.submitted','material.scanned','form.arrived','fee.confirmed','fee.waived','window.paid','agent.change-asked')) THEN
        RAISE EXCEPTION 'nobody decides on a case that they have had in hand' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  // A waived fee is one of those acts.
  `DROP TRIGGER review_decision_own_grant ON review_decision`,
  `DROP FUNCTION refuse_own_grant()`,
];
