/** The ledger, and refunds as something that is approved, ordered and confirmed. What happened before is posted here, once. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Ledger1764000000014 implements MigrationInterface {
  readonly name = 'Ledger1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...backfill, ...guards]) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

const tables = [
  `ALTER TABLE fee_order ADD COLUMN uscc text`,
  `UPDATE fee_order SET uscc = application.uscc FROM application WHERE application.id = fee_order.application_id`,
  `ALTER TABLE fee_order ALTER COLUMN uscc SET NOT NULL`,
  `ALTER TABLE bank_credit ADD COLUMN note_code text`,
  `ALTER TABLE bank_credit DROP CONSTRAINT ck_bank_credit_state`,
  `ALTER TABLE bank_credit
      ADD CONSTRAINT ck_bank_credit_state CHECK ((state = 'recorded' AND held_reason IS NULL) OR (state = 'matched' AND order_id IS NOT NULL AND held_reason IS NULL) OR (state IN ('held','to-refund','explained') AND held_reason IS NOT NULL) OR state = 'reversed'),
      ADD CONSTRAINT ck_bank_credit_note CHECK ((state = 'explained') = (note_code IS NOT NULL)),
      ADD CONSTRAINT ck_bank_credit_reversed CHECK ((state = 'reversed') = (reversed_at IS NOT NULL))`,
  `ALTER TABLE refund
      ADD COLUMN id uuid, ADD COLUMN credit_id uuid, ADD COLUMN reason text NOT NULL DEFAULT 'early-close', ADD COLUMN payee_name text,
      ADD COLUMN payee_account text, ADD COLUMN proposed_by uuid, ADD COLUMN approved_by uuid, ADD COLUMN approved_at timestamptz(3),
      ADD COLUMN attempt integer NOT NULL DEFAULT 1, ADD COLUMN failure text, ADD COLUMN bank_reference text,
      ADD COLUMN settled_at timestamptz(3), ADD COLUMN started_at timestamptz(3)`,
  `UPDATE refund SET id = order_id`,
  `ALTER TABLE refund ALTER COLUMN reason DROP DEFAULT, ALTER COLUMN attempt DROP DEFAULT`,
  `ALTER TABLE refund DROP CONSTRAINT refund_pkey, DROP CONSTRAINT ck_refund_state`,
  `ALTER TABLE refund ALTER COLUMN id SET NOT NULL, ALTER COLUMN order_id DROP NOT NULL, ADD PRIMARY KEY (id)`,
  // Where one credit alone brought the money, it goes back where it came from; else finance gives the account.
  `UPDATE refund SET credit_id = c.id, payee_name = c.payer_name, payee_account = c.payer_account
      FROM bank_credit c WHERE c.order_id = refund.order_id AND c.state = 'matched' AND c.amount_fen = refund.amount_fen`,
  `ALTER TABLE refund
      ADD CONSTRAINT fk_refund_credit FOREIGN KEY (credit_id) REFERENCES bank_credit(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      ADD CONSTRAINT ck_refund_state CHECK (state IN ('due','approved','ordered','paid','failed','withdrawn')),
      ADD CONSTRAINT ck_refund_reason CHECK (reason IN ('early-close','surplus','held-credit')),
      ADD CONSTRAINT ck_refund_about CHECK (order_id IS NOT NULL OR credit_id IS NOT NULL),
      ADD CONSTRAINT ck_refund_payee CHECK ((payee_name IS NULL) = (payee_account IS NULL)),
      ADD CONSTRAINT ck_refund_four_eyes CHECK (approved_by IS NULL OR proposed_by IS NULL OR approved_by <> proposed_by),
      ADD CONSTRAINT ck_refund_approved CHECK (state NOT IN ('approved','ordered','paid') OR (approved_by IS NOT NULL AND payee_account IS NOT NULL))`,
  `CREATE INDEX ix_refund_state ON refund (state)`,
  `CREATE INDEX ix_refund_order ON refund (order_id)`,
  `CREATE TABLE refund_payee (
      id uuid NOT NULL,
      refund_id uuid NOT NULL,
      name text NOT NULL,
      account text NOT NULL,
      given_by uuid NOT NULL,
      given_at timestamptz(3) NOT NULL,
      CONSTRAINT fk_refund_payee_refund FOREIGN KEY (refund_id) REFERENCES refund(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      PRIMARY KEY (id)
    )`,
  `CREATE TABLE ledger_posting (
      id uuid NOT NULL,
      once_key text NOT NULL,
      occasion text NOT NULL,
      posted_at timestamptz(3) NOT NULL,
      CONSTRAINT uq_ledger_posting_once UNIQUE (once_key),
      CONSTRAINT ck_ledger_posting_occasion CHECK (occasion IN ('credit-received','window-received','matched','earned','refund-due','refund-paid','refund-withdrawn','explained','credit-reversed')),
      PRIMARY KEY (id)
    )`,
  `CREATE INDEX ix_ledger_posting_at ON ledger_posting (posted_at)`,
  `CREATE TABLE ledger_line (
      posting_id uuid NOT NULL,
      line integer NOT NULL,
      account text NOT NULL,
      amount_fen bigint NOT NULL,
      credit_id uuid,
      order_id uuid,
      refund_id uuid,
      CONSTRAINT fk_ledger_line_posting FOREIGN KEY (posting_id) REFERENCES ledger_posting(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT fk_ledger_line_credit FOREIGN KEY (credit_id) REFERENCES bank_credit(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT fk_ledger_line_order FOREIGN KEY (order_id) REFERENCES fee_order(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT fk_ledger_line_refund FOREIGN KEY (refund_id) REFERENCES refund(id) ON DELETE NO ACTION ON UPDATE NO ACTION,
      CONSTRAINT ck_ledger_line_account CHECK (account IN ('received','held','earned','to-refund','refunded')),
      CONSTRAINT ck_ledger_line_amount CHECK (amount_fen <> 0),
      CONSTRAINT ck_ledger_line_about CHECK (credit_id IS NOT NULL OR order_id IS NOT NULL),
      CONSTRAINT ck_ledger_line_refund CHECK ((account IN ('to-refund','refunded')) = (refund_id IS NOT NULL)),
      PRIMARY KEY (posting_id, line)
    )`,
  `CREATE INDEX ix_ledger_line_credit ON ledger_line (credit_id)`,
  `CREATE INDEX ix_ledger_line_order ON ledger_line (order_id)`,
  `CREATE INDEX ix_ledger_line_refund ON ledger_line (refund_id)`,
];

/** Writes one movement between two places, as the office's own code does from now on. */
const POST = `CREATE FUNCTION pg_temp.post(once text, what text, at timestamptz, amount bigint, credit uuid, ordered uuid, source text, target text, source_order uuid, refunded uuid)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE posting uuid := gen_random_uuid();
    BEGIN
      INSERT INTO ledger_posting (id, once_key, occasion, posted_at) VALUES (posting, once, what, at);
      INSERT INTO ledger_line (posting_id, line, account, amount_fen, credit_id, order_id, refund_id) VALUES
        (posting, 1, source, amount, credit, source_order, NULL),
        (posting, 2, target, -amount, credit, ordered, refunded);
    END $$`;

const backfill = [
  POST,
  `SELECT pg_temp.post('received/' || id, 'credit-received', recorded_at, amount_fen, id, NULL, 'received', 'held', NULL, NULL)
      FROM bank_credit WHERE held_reason IS DISTINCT FROM 'contradicted'`,
  `SELECT pg_temp.post('window/' || order_id, 'window-received', taken_at, amount_fen, NULL, order_id, 'received', 'held', order_id, NULL) FROM window_payment`,
  `SELECT pg_temp.post('matched/' || id, 'matched', decided_at, amount_fen, id, order_id, 'held', 'held', NULL, NULL) FROM bank_credit WHERE state = 'matched'`,
  // A refund that was noted before holds all that its order received; elsewhere what was over the order becomes one of its own.
  `INSERT INTO refund (id, order_id, credit_id, reason, amount_fen, state, due_since, payee_name, payee_account, attempt)
      SELECT gen_random_uuid(), c.order_id, c.id, 'surplus', c.surplus_fen, 'due', c.decided_at, c.payer_name, c.payer_account, 1
      FROM bank_credit c WHERE c.state = 'matched' AND c.surplus_fen > 0 AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.order_id = c.order_id)`,
  `SELECT pg_temp.post('refund-due/' || id, 'refund-due', due_since, amount_fen, credit_id, order_id, 'held', 'to-refund', order_id, id)
      FROM refund WHERE reason = 'surplus'`,
  `SELECT pg_temp.post('refund-due/' || r.id || '/' || coalesce(l.credit_id::text, 'window'), 'refund-due', r.due_since, l.amount, l.credit_id, r.order_id, 'held', 'to-refund', r.order_id, r.id)
      FROM refund r JOIN (SELECT order_id, credit_id, (-sum(amount_fen))::bigint AS amount FROM ledger_line WHERE account = 'held' GROUP BY order_id, credit_id) l ON l.order_id = r.order_id
      WHERE r.reason = 'early-close' AND l.amount > 0`,
  `SELECT pg_temp.post('earned/' || o.id || '/' || coalesce(l.credit_id::text, 'window'), 'earned', a.completed_at, l.amount, l.credit_id, o.id, 'held', 'earned', o.id, NULL)
      FROM fee_order o JOIN application a ON a.id = o.application_id
      JOIN (SELECT order_id, credit_id, (-sum(amount_fen))::bigint AS amount FROM ledger_line WHERE account = 'held' GROUP BY order_id, credit_id) l ON l.order_id = o.id
      WHERE a.completed_at IS NOT NULL AND l.amount > 0`,
];

const guards = [
  ...['ledger_posting', 'ledger_line'].flatMap((table) => [
    `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
    `CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  ]),
  `CREATE FUNCTION require_balanced_posting() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      posting uuid := coalesce(to_jsonb(NEW)->>'posting_id', to_jsonb(NEW)->>'id')::uuid;
      lines integer; balance bigint;
    BEGIN
      SELECT count(*), coalesce(sum(amount_fen), 0) INTO lines, balance FROM ledger_line WHERE posting_id = posting;
      IF lines < 2 OR balance <> 0 THEN
        RAISE EXCEPTION 'a posting of the ledger has two sides that are equal' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  // With every posting balanced, the whole is right when what each credit and each window brought is received once: no more, no less.
  `CREATE FUNCTION require_received_once() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      facts jsonb := to_jsonb(NEW);
      credit uuid := CASE TG_TABLE_NAME WHEN 'bank_credit' THEN facts->>'id' ELSE facts->>'credit_id' END;
      told bigint; booked bigint;
    BEGIN
      IF credit IS NULL THEN
        SELECT amount_fen INTO told FROM window_payment WHERE order_id = (facts->>'order_id')::uuid;
        SELECT coalesce(sum(amount_fen), 0) INTO booked FROM ledger_line
          WHERE account = 'received' AND credit_id IS NULL AND order_id = (facts->>'order_id')::uuid;
      ELSE
        -- Held to the end, so that of two who post for one credit the second sees what the first has done.
        SELECT CASE WHEN state = 'reversed' OR held_reason = 'contradicted' OR note_code = 'window-receipt' THEN 0 ELSE amount_fen END INTO told
          FROM bank_credit WHERE id = credit FOR UPDATE;
        SELECT coalesce(sum(amount_fen), 0) INTO booked FROM ledger_line WHERE account = 'received' AND credit_id = credit;
      END IF;
      IF booked <> coalesce(told, 0) THEN
        RAISE EXCEPTION 'the ledger received % fen, and % came', booked, coalesce(told, 0) USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  // Nothing gives away more than it has. Only what was paid out before the bank took it back is a claim.
  `CREATE FUNCTION require_covered_line() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE balance bigint;
    BEGIN
      IF NEW.account = 'held' AND EXISTS (SELECT 1 FROM bank_credit WHERE id = NEW.credit_id AND state = 'reversed') THEN RETURN NULL; END IF;
      SELECT -sum(amount_fen) INTO balance FROM ledger_line WHERE account = NEW.account AND credit_id IS NOT DISTINCT FROM NEW.credit_id
        AND order_id IS NOT DISTINCT FROM NEW.order_id AND refund_id IS NOT DISTINCT FROM NEW.refund_id;
      IF balance < 0 THEN
        RAISE EXCEPTION 'nothing gives away more than it has' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$`,
  `CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON ledger_posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_posting()`,
  `CREATE CONSTRAINT TRIGGER ledger_line_balanced AFTER INSERT ON ledger_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_posting()`,
  `CREATE CONSTRAINT TRIGGER ledger_line_received AFTER INSERT ON ledger_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account = 'received') EXECUTE FUNCTION require_received_once()`,
  `CREATE CONSTRAINT TRIGGER ledger_line_covered AFTER INSERT ON ledger_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account <> 'received') EXECUTE FUNCTION require_covered_line()`,
  `CREATE CONSTRAINT TRIGGER bank_credit_received AFTER INSERT OR UPDATE OF state, held_reason, note_code ON bank_credit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_received_once()`,
  `CREATE CONSTRAINT TRIGGER window_payment_received AFTER INSERT ON window_payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_received_once()`,
  `CREATE FUNCTION keep_refund_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR (NEW.id, NEW.order_id, NEW.credit_id, NEW.reason, NEW.amount_fen, NEW.due_since) IS DISTINCT FROM
         (OLD.id, OLD.order_id, OLD.credit_id, OLD.reason, OLD.amount_fen, OLD.due_since) THEN
        RAISE EXCEPTION 'what is owed back, for what, and since when never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF OLD.state IN ('paid','withdrawn') AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a refund that has ended never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      IF OLD.state IN ('approved','ordered') AND (NEW.payee_account, NEW.payee_name) IS DISTINCT FROM (OLD.payee_account, OLD.payee_name) THEN
        RAISE EXCEPTION 'an account that was approved never changes' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER refund_facts BEFORE UPDATE OR DELETE ON refund FOR EACH ROW EXECUTE FUNCTION keep_refund_facts()`,
  // A credit that the bank took back leaves its order open; the certificate is not made in that very moment either.
  `CREATE FUNCTION require_paid_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM fee_order WHERE application_id = NEW.application_id FOR SHARE;
      IF EXISTS (SELECT 1 FROM fee_order WHERE application_id = NEW.application_id AND status <> 'paid')
         AND NOT EXISTS (SELECT 1 FROM certificate WHERE application_id = NEW.application_id) THEN
        RAISE EXCEPTION 'nothing is issued while its order is open' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER certificate_paid BEFORE INSERT ON certificate FOR EACH ROW EXECUTE FUNCTION require_paid_order()`,
  `CREATE TRIGGER refund_payee_append_only BEFORE UPDATE OR DELETE ON refund_payee FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
];
