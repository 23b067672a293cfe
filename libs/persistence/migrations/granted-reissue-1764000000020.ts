/** Four eyes in the database too: whoever granted a reissue without a fee does not review the case that uses it. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GrantedReissue1764000000020 implements MigrationInterface {
  readonly name = 'GrantedReissue1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION refuse_own_grant() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT 1 FROM free_reissue f WHERE f.used_by = NEW.application_id AND f.granted_by = NEW.reviewer_id) THEN
          RAISE EXCEPTION 'nobody decides on a case whose fee they have waived' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(
      `CREATE TRIGGER review_decision_own_grant BEFORE INSERT ON review_decision FOR EACH ROW EXECUTE FUNCTION refuse_own_grant()`,
    );
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}
