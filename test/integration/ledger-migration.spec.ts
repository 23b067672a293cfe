/** What an installation has before it gets its ledger is posted by the migration, once: nothing is lost, and the sums hold from the first day. */
import { createDataSource } from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';

const LEDGER = 1764000000014;
const AT = '2026-03-02T04:00:00.000Z';
const id = (digit: string) => `0198c0de-0000-7000-8000-0000000000${digit}`;

describe('the ledger of an installation that has worked before', () => {
  let data: DataSource;
  beforeAll(async () => {
    data = createDataSource({ url: await freshDatabase(), applicationName: 'spec', poolSize: 1 });
    await data.initialize();
    const later = data.migrations.filter(({ name }) => Number(name?.slice(-13)) >= LEDGER);
    data.migrations.splice(0, data.migrations.length, ...data.migrations.filter((each) => !later.includes(each)));
    await data.runMigrations();
    // Drafts and staff are of no matter here: their keys are not looked at.
    await data.query('SET session_replication_role = replica');
    await anOrder('a1', { status: 'paid', received: 26_234, completed: true });
    await aCredit('c1', { state: 'matched', order: 'a1', amount: 26_234, surplus: 1_234 });
    await anOrder('a2', { status: 'cancelled', received: 15_000, completed: false });
    await aCredit('c2', { state: 'matched', order: 'a2', amount: 10_000 });
    await aCredit('c3', { state: 'matched', order: 'a2', amount: 5_000 });
    await data.query(`INSERT INTO refund (order_id, amount_fen, state, due_since) VALUES ($1, 15000, 'due', $2)`, [id('a2'), AT]);
    await anOrder('a3', { status: 'cancelled', received: 25_000, completed: false });
    await aCredit('c4', { state: 'matched', order: 'a3', amount: 25_000 });
    await data.query(`INSERT INTO refund (order_id, amount_fen, state, due_since) VALUES ($1, 25000, 'due', $2)`, [id('a3'), AT]);
    await aCredit('c5', { state: 'held', reason: 'wrong-payer', amount: 7_000 });
    await aCredit('c6', { state: 'held', reason: 'contradicted', amount: 9 });
    await aCredit('c7', { state: 'recorded', amount: 300 });
    await anOrder('a4', { status: 'paid', received: 5_000, completed: true });
    await data.query(
      `INSERT INTO window_payment (order_id, method, slip_number, amount_fen, taken_by, taken_at) VALUES ($1, 'card', 'S1', 5000, $1, $2)`,
      [id('a4'), AT],
    );
    await data.query('SET session_replication_role = origin');
    data.migrations.push(...later);
    await data.runMigrations();
  }, 60_000);
  afterAll(() => data.destroy());

  async function anOrder(digit: string, { status, received, completed }: { status: string; received: number; completed: boolean }) {
    await data.query(
      `INSERT INTO application (id, draft_id, number, business, system, channel, idempotency_key, submitted_by_phone, submitted_at, additional,
         form, certificate_name, uscc, agent_phone, stage, waiting_for, stage_since, completed_at, version)
       VALUES ($1::uuid, $1::uuid, $2, 'new', 'any', 'online', $2, '1', $3, false, '{}', '成都旧账医药有限公司', 'USCC', '1', 'review', 'system', $3, $4, 1)`,
      [id(digit), digit, AT, completed ? AT : null],
    );
    await data.query(
      `INSERT INTO fee_order (id, application_id, reference, certificate_name, payer, payer_key, lines, amount_fen, received_fen, status, created_at, expires_at)
       VALUES ($1::uuid, $1::uuid, $2, '成都旧账医药有限公司', 'organisation', 'x', '[]', $3, $4, $5, $6, $6)`,
      [id(digit), digit, digit === 'a4' ? 5_000 : 25_000, received, status, AT],
    );
  }
  interface OldCredit {
    state: string;
    amount: number;
    order?: string;
    surplus?: number;
    reason?: string;
  }
  async function aCredit(digit: string, { state, amount, order, surplus = 0, reason }: OldCredit) {
    await data.query(
      `INSERT INTO bank_credit (id, bank_reference, source, booked_at, recorded_at, amount_fen, payer_name, payer_account, payer_account_type,
         remittance, state, order_id, held_reason, surplus_fen, decided_at)
       VALUES ($1::uuid, $2, 'push', $3, $3, $4, '成都旧账医药有限公司', '5100', 'corporate', '', $5, $6, $7, $8, $3)`,
      [id(digit), digit, AT, amount, state, order ? id(order) : null, reason ?? null, surplus],
    );
  }
  const standing = async (where: string) => {
    const rows: { account: string; fen: number }[] = await data.query(
      `SELECT account, sum(CASE account WHEN 'received' THEN amount_fen ELSE -amount_fen END)::int AS fen FROM ledger_line
       WHERE ${where} GROUP BY account HAVING sum(amount_fen) <> 0`,
    );
    return Object.fromEntries(rows.map(({ account, fen }) => [account, fen]));
  };

  it('D ledger: all that came is somewhere', async () => {
    expect(await standing('true')).toEqual({ received: 78_534, held: 7_300, earned: 30_000, 'to-refund': 41_234 });
  });

  it('D ledger: each order’s money stands where its case has come to', async () => {
    expect(await standing(`order_id = '${id('a1')}'`)).toEqual({ earned: 25_000, 'to-refund': 1_234 });
    expect(await standing(`order_id = '${id('a2')}'`)).toEqual({ 'to-refund': 15_000 });
    expect(await standing(`order_id = '${id('a4')}'`)).toEqual({ received: 5_000, earned: 5_000 });
    expect(await standing(`credit_id = '${id('c6')}'`)).toEqual({});
  });

  it('D refund: those noted before are taken up: to the account of the one credit that brought the money, else finance gives it', async () => {
    const rows = await data.query(
      `SELECT order_id, reason, amount_fen::int AS fen, state, payee_account, started_at FROM refund ORDER BY order_id`,
    );
    expect(rows).toEqual([
      { order_id: id('a1'), reason: 'surplus', fen: 1_234, state: 'due', payee_account: '5100', started_at: null },
      { order_id: id('a2'), reason: 'early-close', fen: 15_000, state: 'due', payee_account: null, started_at: null },
      { order_id: id('a3'), reason: 'early-close', fen: 25_000, state: 'due', payee_account: '5100', started_at: null },
    ]);
  });
});
