/** A debit pays a refund; a held credit is split over orders. The ledger's guards ask once for what comes in one statement: a statement file brings a hundred thousand lines. What they hold is the same. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StatementsBySets1764000000018 implements MigrationInterface {
  readonly name = 'StatementsBySets1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...refunds, ...splits, ...guards]) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const refunds = [
  `ALTER TABLE bank_statement_entry ADD COLUMN refund_id uuid`,
  `ALTER TABLE bank_statement_entry ADD CONSTRAINT fk_bank_statement_entry_refund FOREIGN KEY (refund_id) REFERENCES refund(id) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE INDEX ix_bank_statement_entry_debit ON bank_statement_entry (bank_reference) WHERE amount_fen < 0 AND NOT reversal AND outcome = 'added'`,
  `CREATE INDEX ix_refund_bank_reference ON refund (bank_reference)`,
];

const splits = [
  `ALTER TABLE credit_explanation ADD COLUMN rest text, DROP CONSTRAINT ck_credit_explanation_kind`,
  `ALTER TABLE credit_explanation ADD CONSTRAINT ck_credit_explanation_kind CHECK (kind IN ('allocation','split','refund','other')),
      ADD CONSTRAINT ck_credit_explanation_rest CHECK (rest IS NULL OR (kind = 'split' AND rest IN ('held','refund')))`,
  `CREATE TABLE credit_explanation_share (
      explanation_id uuid NOT NULL,
      order_id uuid NOT NULL,
      amount_fen bigint NOT NULL,
      CONSTRAINT fk_credit_explanation_share_explanation FOREIGN KEY (explanation_id) REFERENCES credit_explanation(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT fk_credit_explanation_share_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT ck_credit_explanation_share_amount CHECK (amount_fen > 0),
      PRIMARY KEY (explanation_id, order_id)
    )`,
  // What was proposed, and by whom, is what the second person agrees to.
  `CREATE OR REPLACE FUNCTION keep_explanation_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR
         (NEW.credit_id, NEW.kind, NEW.order_id, NEW.rest, NEW.note_code, NEW.note, NEW.second_person, NEW.proposed_by, NEW.proposed_at) IS DISTINCT FROM
         (OLD.credit_id, OLD.kind, OLD.order_id, OLD.rest, OLD.note_code, OLD.note, OLD.second_person, OLD.proposed_by, OLD.proposed_at) THEN
        RAISE EXCEPTION 'what was proposed about a credit never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER credit_explanation_share_append_only BEFORE UPDATE OR DELETE ON credit_explanation_share FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
];

const guards = [
  `DROP TRIGGER ledger_posting_balanced ON ledger_posting`,
  `DROP TRIGGER ledger_line_balanced ON ledger_line`,
  `DROP TRIGGER ledger_line_received ON ledger_line`,
  `DROP TRIGGER ledger_line_covered ON ledger_line`,
  `DROP TRIGGER bank_credit_received ON bank_credit`,
  `CREATE OR REPLACE FUNCTION require_balanced_posting() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE lines integer; balance bigint;
    BEGIN
      SELECT count(*), coalesce(sum(amount_fen), 0) INTO lines, balance FROM ledger_line WHERE posting_id = NEW.id;
      IF lines < 2 OR balance <> 0 THEN
        RAISE EXCEPTION 'a posting of the ledger has two sides that are equal' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  // Of a posting that was made before as well: nobody adds a line to it that unbalances it. The lines of one posting come in one statement.
  // Each posting and each credit is looked up by itself, for a plan that was made while the ledger was small would read all of it.
  `CREATE FUNCTION require_lines_hold() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    DECLARE told bigint; booked bigint;
    BEGIN
      IF EXISTS (SELECT 1 FROM (SELECT DISTINCT posting_id FROM added) posting CROSS JOIN LATERAL
                   (SELECT sum(l.amount_fen) AS balance FROM ledger_line l WHERE l.posting_id = posting.posting_id) sides WHERE sides.balance <> 0) THEN
        RAISE EXCEPTION 'a posting of the ledger has two sides that are equal' USING ERRCODE = 'restrict_violation';
      END IF;
      -- Held to the end, so that of two who post for one credit the second sees what the first has done.
      PERFORM 1 FROM bank_credit WHERE id IN (SELECT credit_id FROM added WHERE account = 'received') ORDER BY id FOR UPDATE;
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
      RETURN NULL;
    END $$`,
  // What comes in without a posting is found at the commit, by the credit or the slip that lacks it.
  `CREATE FUNCTION require_credit_received() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE told bigint; booked bigint;
    BEGIN
      SELECT CASE WHEN state = 'reversed' OR held_reason = 'contradicted' OR note_code = 'window-receipt' THEN 0 ELSE amount_fen END INTO told
        FROM bank_credit WHERE id = NEW.id FOR UPDATE;
      SELECT coalesce(sum(amount_fen), 0) INTO booked FROM ledger_line WHERE account = 'received' AND credit_id = NEW.id;
      IF booked <> coalesce(told, 0) THEN
        RAISE EXCEPTION 'the ledger received % fen, and % came', booked, coalesce(told, 0) USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  // By the credit, or by the order where there is none: "is not distinct from" finds nothing by an index.
  `CREATE OR REPLACE FUNCTION require_covered_line() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE balance bigint;
    BEGIN
      IF NEW.account = 'held' AND EXISTS (SELECT 1 FROM bank_credit WHERE id = NEW.credit_id AND state = 'reversed') THEN RETURN NULL; END IF;
      IF NEW.credit_id IS NOT NULL THEN
        SELECT -sum(amount_fen) INTO balance FROM ledger_line WHERE credit_id = NEW.credit_id AND account = NEW.account
          AND order_id IS NOT DISTINCT FROM NEW.order_id AND refund_id IS NOT DISTINCT FROM NEW.refund_id;
      ELSE
        SELECT -sum(amount_fen) INTO balance FROM ledger_line WHERE credit_id IS NULL AND order_id = NEW.order_id AND account = NEW.account
          AND refund_id IS NOT DISTINCT FROM NEW.refund_id;
      END IF;
      IF balance < 0 THEN
        RAISE EXCEPTION 'nothing gives away more than it has' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  `CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON ledger_posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_posting()`,
  `CREATE TRIGGER ledger_lines_hold AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION require_lines_hold()`,
  // Only a line that takes can leave a place with less than nothing.
  `CREATE CONSTRAINT TRIGGER ledger_line_covered AFTER INSERT ON ledger_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account <> 'received' AND NEW.amount_fen > 0) EXECUTE FUNCTION require_covered_line()`,
  `CREATE CONSTRAINT TRIGGER bank_credit_received AFTER INSERT ON bank_credit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_credit_received()`,
  // Whether it is money does not change by being matched, held, explained as something else or given back.
  `CREATE CONSTRAINT TRIGGER bank_credit_received_still AFTER UPDATE OF state, held_reason, note_code ON bank_credit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
      WHEN (coalesce(OLD.state = 'reversed' OR OLD.held_reason = 'contradicted' OR OLD.note_code = 'window-receipt', false) IS DISTINCT FROM
            coalesce(NEW.state = 'reversed' OR NEW.held_reason = 'contradicted' OR NEW.note_code = 'window-receipt', false))
      EXECUTE FUNCTION require_credit_received()`,
  // Each report by a bank's reference asks for those of its day that no bank has named.
  // Most credits have one name and are never taken back, most lines are about no refund: an index has nothing to hold of those.
  `ALTER TABLE bank_credit DROP CONSTRAINT uq_bank_credit_other_reference, DROP CONSTRAINT uq_bank_credit_reversed_by`,
  `CREATE UNIQUE INDEX uq_bank_credit_other_reference ON bank_credit (other_reference) WHERE other_reference IS NOT NULL`,
  `CREATE UNIQUE INDEX uq_bank_credit_reversed_by ON bank_credit (reversed_by) WHERE reversed_by IS NOT NULL`,
  `DROP INDEX ix_ledger_line_order`,
  `DROP INDEX ix_ledger_line_refund`,
  `CREATE INDEX ix_ledger_line_order ON ledger_line (order_id) WHERE order_id IS NOT NULL`,
  `CREATE INDEX ix_ledger_line_refund ON ledger_line (refund_id) WHERE refund_id IS NOT NULL`,
  // An order is written when it is made and when it is paid; with room on its page the second touches no index.
  `ALTER TABLE fee_order SET (fillfactor = 80)`,
  `CREATE INDEX ix_bank_credit_unnamed ON bank_credit (booked_at) WHERE bank_reference LIKE 'none:%' AND other_reference IS NULL`,
];
