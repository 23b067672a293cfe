/**
 * The ledger's guards ask for all that comes in one statement at once, where they asked for each row at the commit: a statement file brings
 * three hundred thousand rows. What they hold is the same, and it holds after every statement.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LeanerLedgerGuards1764000000027 implements MigrationInterface {
  readonly name = 'LeanerLedgerGuards1764000000027';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const statements = [
  // A posting comes in one statement with its lines, whose sides `require_lines_hold` compares: what is left to find is one without any.
  `DROP TRIGGER ledger_posting_balanced ON ledger_posting`,
  `DROP FUNCTION require_balanced_posting()`,
  `CREATE FUNCTION require_posting_lines() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM added WHERE NOT EXISTS (SELECT 1 FROM ledger_line l WHERE l.posting_id = added.id)) THEN
        RAISE EXCEPTION 'a posting of the ledger has two sides that are equal' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  `CREATE TRIGGER ledger_posting_lines AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION require_posting_lines()`,
  // Each posting, credit and place is looked up by itself, for a plan that was made while the ledger was small would read all of it.
  `CREATE OR REPLACE FUNCTION require_lines_hold() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    DECLARE told bigint; booked bigint;
    BEGIN
      IF EXISTS (SELECT 1 FROM (SELECT DISTINCT posting_id FROM added) posting CROSS JOIN LATERAL
                   (SELECT sum(l.amount_fen) AS balance FROM ledger_line l WHERE l.posting_id = posting.posting_id) sides WHERE sides.balance <> 0) THEN
        RAISE EXCEPTION 'a posting of the ledger has two sides that are equal' USING ERRCODE = 'restrict_violation';
      END IF;
      -- Held to the end, so that of two who post for one credit the second sees what the first has done.
      PERFORM 1 FROM bank_credit WHERE id IN (SELECT credit_id FROM added) ORDER BY id FOR NO KEY UPDATE;
      SELECT coalesce(ours.amount, 0), sums.booked INTO told, booked
        FROM (SELECT DISTINCT credit_id FROM added WHERE account = 'received' AND credit_id IS NOT NULL) credit
        LEFT JOIN LATERAL (SELECT CASE WHEN c.state = 'reversed' OR c.held_reason = 'contradicted' OR c.note_code = 'window-receipt' THEN 0 ELSE c.amount_fen END AS amount
                             FROM bank_credit c WHERE c.id = credit.credit_id) ours ON true
        CROSS JOIN LATERAL (SELECT sum(l.amount_fen) AS booked FROM ledger_line l WHERE l.account = 'received' AND l.credit_id = credit.credit_id) sums
        WHERE sums.booked IS DISTINCT FROM coalesce(ours.amount, 0) LIMIT 1;
      IF NOT FOUND THEN
        SELECT coalesce(taken.amount, 0), sums.booked INTO told, booked
          FROM (SELECT DISTINCT order_id FROM added WHERE account = 'received' AND credit_id IS NULL) ordered
          LEFT JOIN LATERAL (SELECT w.amount_fen AS amount FROM window_payment w WHERE w.order_id = ordered.order_id) taken ON true
          CROSS JOIN LATERAL (SELECT sum(l.amount_fen) AS booked FROM ledger_line l
                                WHERE l.account = 'received' AND l.credit_id IS NULL AND l.order_id = ordered.order_id) sums
          WHERE sums.booked IS DISTINCT FROM coalesce(taken.amount, 0) LIMIT 1;
      END IF;
      IF FOUND THEN
        RAISE EXCEPTION 'the ledger received % fen, and % came', booked, told USING ERRCODE = 'restrict_violation';
      END IF;
      -- Only a line that takes can leave a place with less than nothing. What was given away of a credit that the bank took back is owed to us.
      IF EXISTS (SELECT 1 FROM (SELECT DISTINCT credit_id, account, order_id, refund_id FROM added
                                  WHERE account <> 'received' AND amount_fen > 0 AND credit_id IS NOT NULL) place
                 CROSS JOIN LATERAL (SELECT -sum(l.amount_fen) AS balance FROM ledger_line l WHERE l.credit_id = place.credit_id AND l.account = place.account
                                       AND l.order_id IS NOT DISTINCT FROM place.order_id AND l.refund_id IS NOT DISTINCT FROM place.refund_id) sums
                 WHERE sums.balance < 0 AND NOT (place.account = 'held' AND EXISTS (SELECT 1 FROM bank_credit c WHERE c.id = place.credit_id AND c.state = 'reversed'))) THEN
        RAISE EXCEPTION 'nothing gives away more than it has' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  // Of a window's money, which has no credit to hold, still at the commit.
  `DROP TRIGGER ledger_line_covered ON ledger_line`,
  `CREATE OR REPLACE FUNCTION require_covered_line() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE balance bigint;
    BEGIN
      SELECT -sum(amount_fen) INTO balance FROM ledger_line WHERE credit_id IS NULL AND order_id = NEW.order_id AND account = NEW.account
        AND refund_id IS NOT DISTINCT FROM NEW.refund_id;
      IF balance < 0 THEN
        RAISE EXCEPTION 'nothing gives away more than it has' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  `CREATE CONSTRAINT TRIGGER ledger_line_covered AFTER INSERT ON ledger_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
      WHEN (NEW.credit_id IS NULL AND NEW.account <> 'received' AND NEW.amount_fen > 0) EXECUTE FUNCTION require_covered_line()`,
  // Where something was received for it, that it is all of it was asked with its lines; and again when it stops, or begins, to be money.
  `CREATE FUNCTION require_new_credit_received() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM ledger_line WHERE credit_id = NEW.id AND account = 'received') THEN RETURN NULL; END IF;
      IF EXISTS (SELECT 1 FROM bank_credit WHERE id = NEW.id AND state <> 'reversed' AND held_reason IS DISTINCT FROM 'contradicted'
                   AND note_code IS DISTINCT FROM 'window-receipt' AND amount_fen <> 0) THEN
        RAISE EXCEPTION 'the ledger received 0 fen, and % came', NEW.amount_fen USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  `DROP TRIGGER bank_credit_received ON bank_credit`,
  `CREATE CONSTRAINT TRIGGER bank_credit_received AFTER INSERT ON bank_credit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_new_credit_received()`,
];
