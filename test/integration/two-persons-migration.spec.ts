/** Refunds that were redirected before the giver of an account was told apart from the proposer: who proposed them is known again. */
import { createDataSource } from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';

const TWO_PERSONS = 1764000000025;
const AT = '2026-03-02T04:00:00.000Z';
const id = (digits: string) => `0198c0de-0000-7000-8000-0000000000${digits}`;
const [ANNA, BEN] = [id('f1'), id('f2')];

describe('refunds of an installation that has worked before', () => {
  let data: DataSource;
  beforeAll(async () => {
    data = createDataSource({ url: await freshDatabase(), applicationName: 'spec', poolSize: 1 });
    await data.initialize();
    const later = data.migrations.filter(({ name }) => Number(name?.slice(-13)) >= TWO_PERSONS);
    data.migrations.splice(0, data.migrations.length, ...data.migrations.filter((each) => !later.includes(each)));
    await data.runMigrations();
    // Applications are of no matter here: their keys are not looked at.
    await data.query('SET session_replication_role = replica');
    await aRefund('a1', { reason: 'after-completion', state: 'due', dueBy: ['staff', ANNA] });
    await aRefund('a2', { reason: 'early-close', state: 'failed', dueBy: ['system', 'workflow'] });
    await aRefund('a3', { reason: 'held-credit', state: 'approved', dueBy: ['staff', ANNA], approvedBy: ANNA });
    await aRefund('a4', { reason: 'held-credit', state: 'paid', dueBy: ['staff', ANNA], approvedBy: ANNA });
    await data.query('SET session_replication_role = origin');
    data.migrations.push(...later);
    await data.runMigrations();
  }, 60_000);
  afterAll(() => data.destroy());

  interface Redirected {
    reason: string;
    state: string;
    dueBy: [kind: string, id: string];
    approvedBy?: string;
  }
  /** Ben has given its account, and stands in the proposer's place. */
  async function aRefund(digits: string, { reason, state, dueBy, approvedBy }: Redirected) {
    await data.query(
      `INSERT INTO fee_order (id, application_id, reference, certificate_name, uscc, payer, payer_key, lines, amount_fen, received_fen, status, created_at, expires_at)
       VALUES ($1::uuid, $1::uuid, $2, '成都旧账医药有限公司', 'USCC', 'organisation', 'x', '[]', 5000, 5000, 'cancelled', $3, $3)`,
      [id(digits), digits, AT],
    );
    await data.query(
      `INSERT INTO refund (id, order_id, reason, amount_fen, state, due_since, payee_name, payee_account, proposed_by, approved_by, attempt)
       VALUES ($1::uuid, $1::uuid, $2, 5000, $3, $4, '成都旧账医药有限公司', '5100', $5, $6, 1)`,
      [id(digits), reason, state, AT, BEN, approvedBy ?? null],
    );
    await data.query(
      `INSERT INTO refund_payee (id, refund_id, name, account, given_by, given_at) VALUES ($1::uuid, $1::uuid, '成都旧账医药有限公司', '5100', $2, $3)`,
      [id(digits), BEN, AT],
    );
    await data.query(
      `INSERT INTO audit_entry (subject, seq, at, actor_kind, actor_id, action, details, once_key, previous_hash, hash)
       VALUES ('application/' || $1, 1, $2, $3, $4, 'refund.due', '{}', 'refund-due/' || $1, '\\x00', '\\x00')`,
      [id(digits), AT, ...dueBy],
    );
  }

  it.each([
    ['proposed by a person, and waiting: the proposer is known again', 'a1', ANNA, BEN],
    ['owed by the office, and waiting: who gave the account has proposed it', 'a2', BEN, BEN],
    ['approved already: it is not judged anew', 'a3', BEN, BEN],
    ['paid: it stays as it is', 'a4', BEN, null],
  ])('D refund: %s', async (_, digits, proposedBy, payeeGivenBy) => {
    expect(await data.query('SELECT proposed_by, payee_given_by FROM refund WHERE id = $1', [id(digits)])).toEqual([
      { proposed_by: proposedBy, payee_given_by: payeeGivenBy },
    ]);
  });
});
