/** What the database itself refuses, and what it keeps when many come at once. A superuser is connected: the refusals hold even for it. */
import { randomUUID } from 'node:crypto';
import {
  BankCredit,
  Certificate,
  createDataSource,
  FeeOrder,
  nextRunningNumber,
  readTariff,
  recordCredit,
  schemaDrift,
  TariffRow,
} from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';
import {
  aCertificate,
  aDecision,
  AGENT,
  anApplication,
  anOrder,
  creditFacts,
  creditsOf,
  migratedDatabase,
  NOW,
  SUBMITTER,
} from './rows.js';

let data: DataSource;
beforeAll(async () => {
  data = await migratedDatabase();
}, 60_000);
afterAll(() => data.destroy());

/** SQLSTATE 23001 restrict_violation, 23514 check_violation, 23505 unique_violation. */
const refusal = (code: string, constraint?: string) => ({
  driverError: expect.objectContaining({ code, ...(constraint ? { constraint } : {}) }),
});
const refusesChange = refusal('23001');

describe('migrations', () => {
  it('run on an empty database, leave no drift, and run no second time', async () => {
    const empty = createDataSource({ url: await freshDatabase(), applicationName: 'spec' });
    await empty.initialize();
    expect(await empty.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
    const [first] = await empty.runMigrations();
    expect(first?.name).toBe('Intake1764000000001');
    expect(await schemaDrift(empty)).toEqual([]);
    expect(await empty.runMigrations()).toEqual([]);
    await empty.destroy();
  }, 60_000);

  it('that are missing a column, an index or a check would be seen', async () => {
    const drifting = await migratedDatabase(2);
    await drifting.query('ALTER TABLE draft DROP COLUMN updated_at');
    await drifting.query('DROP INDEX ix_application_stage');
    await drifting.query('ALTER TABLE review_decision DROP CONSTRAINT ck_review_decision_four_eyes');
    const missing = (await schemaDrift(drifting)).join('\n');
    for (const name of ['updated_at', 'ix_application_stage', 'ck_review_decision_four_eyes']) expect(missing).toContain(name);
    await drifting.destroy();
  }, 60_000);

  it('cannot be undone', async () => {
    await expect(data.undoLastMigration()).rejects.toThrow('cannot be undone');
  });

  it('gave every table a primary key', async () => {
    const without: unknown = await data.query(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'p')`,
    );
    expect(without).toEqual([]);
  });

  it('keep instants with their zone: no column is a timestamp without one', async () => {
    const zoneless: unknown = await data.query(
      `SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'`,
    );
    expect(zoneless).toEqual([]);
  });
});

describe('four eyes', () => {
  it('D review: a decision of somebody else is taken', async () => {
    await expect(aDecision(data)).resolves.toBeUndefined();
  });

  it.each([
    ['submitter', SUBMITTER],
    ['agent', AGENT],
  ])('D review: the %s cannot decide', async (_, reviewerPhone) => {
    await expect(aDecision(data, { reviewerPhone })).rejects.toMatchObject(refusal('23514', 'ck_review_decision_four_eyes'));
  });
});

describe('an application', () => {
  it('has a stage that exists, and an outcome exactly when it is closed', async () => {
    await expect(anApplication(data, { stage: 'lost' as 'review' })).rejects.toMatchObject(refusal('23514', 'ck_application_stage'));
    await expect(anApplication(data, { stage: 'closed' })).rejects.toMatchObject(refusal('23514', 'ck_application_outcome'));
    await expect(anApplication(data, { outcome: 'rejected' })).rejects.toMatchObject(refusal('23514', 'ck_application_outcome'));
  });

  it('is never submitted twice with one key by one person', async () => {
    await anApplication(data, { idempotencyKey: 'the-same-key' });
    await expect(anApplication(data, { idempotencyKey: 'the-same-key' })).rejects.toMatchObject(
      refusal('23505', 'uq_application_idempotency'),
    );
  });
});

describe('application numbers', () => {
  const year = 2026;
  const take = (prefix: string, then?: () => void) =>
    data.transaction(async (tx) => {
      const number = await nextRunningNumber(tx, prefix, year);
      then?.();
      return number;
    });

  it('have no gap and no double when forty come at once and every third fails after it took its number', async () => {
    const fail = () => {
      throw new Error('the submission failed');
    };
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, place) => take('XB', place % 3 === 2 ? fail : undefined)));
    const given = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    // Places 2, 5, … 38 failed: 13 of 40.
    expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 27 }, (_, place) => place + 1));
    expect(await take('XB')).toBe(28);
  }, 30_000);

  it('begin at 1 for each business and each year', async () => {
    expect(await take('QQ')).toBe(1);
    expect(await data.transaction((tx) => nextRunningNumber(tx, 'QQ', 2027))).toBe(1);
    expect(await take('QQ')).toBe(2);
  });
});

describe('an issued certificate', () => {
  it.each([
    ['its to-be-signed bytes', { tbs: Buffer.from('other') }],
    ['its signed bytes', { der: Buffer.from('other') }],
    ['its serial number', { serial: 'other' }],
  ])('never changes %s', async (_, change) => {
    const id = await aCertificate(data);
    await expect(data.manager.update(Certificate, { id }, change)).rejects.toMatchObject(refusesChange);
  });

  it('never loses its signed bytes', async () => {
    const id = await aCertificate(data);
    await expect(data.manager.update(Certificate, { id }, { der: null, state: 'prepared' })).rejects.toMatchObject(refusesChange);
  });

  it('is never deleted, nor is the table emptied', async () => {
    const id = await aCertificate(data);
    await expect(data.manager.delete(Certificate, { id })).rejects.toMatchObject(refusesChange);
    await expect(data.query('TRUNCATE certificate')).rejects.toMatchObject(refusesChange);
  });

  it('is made from its prepared row, once, and can be revoked', async () => {
    const id = await aCertificate(data, { der: null, state: 'prepared', issuedAt: null });
    await data.manager.update(Certificate, { id }, { der: Buffer.from('signed'), state: 'valid' });
    await expect(data.manager.update(Certificate, { id }, { der: Buffer.from('again') })).rejects.toMatchObject(refusesChange);
    await data.manager.update(Certificate, { id }, { state: 'revoked', revokedAt: NOW, revocationReason: 'superseded' });
    expect(await data.manager.findOneByOrFail(Certificate, { id })).toMatchObject({ state: 'revoked', der: Buffer.from('signed') });
  });

  it('is the only one of its place and of its serial number', async () => {
    const applicationId = await anApplication(data);
    await aCertificate(data, { applicationId, serial: 'one' });
    await expect(aCertificate(data, { applicationId })).rejects.toMatchObject(refusal('23505', 'uq_certificate_place'));
    await expect(aCertificate(data, { serial: 'one' })).rejects.toMatchObject(refusal('23505', 'uq_certificate_serial'));
  });

  it('is valid or revoked only with its signed bytes', async () => {
    await expect(aCertificate(data, { der: null })).rejects.toMatchObject(refusal('23514', 'ck_certificate_state'));
  });
});

describe('a bank credit', () => {
  const record = (facts = creditFacts(), source: 'push' | 'statement' = 'push') =>
    data.transaction((tx) => recordCredit(tx, facts, source, NOW));

  it('D money: told twice, by push and by statement, is one row, as it was told first', async () => {
    const facts = creditFacts();
    const first = await record(facts);
    const again = await record({ ...facts, remittance: 'told otherwise' }, 'statement');
    expect(again.id).toBe(first.id);
    expect(await creditsOf(data, facts.reference)).toMatchObject([
      { ...first, source: 'push', state: 'recorded', amountFen: 25_000, remittance: 'XB2026000001' },
    ]);
  });

  it('D money: told by ten at once is one row, and everybody has it', async () => {
    const facts = creditFacts();
    const told = await Promise.all(Array.from({ length: 10 }, (_, place) => record(facts, place % 2 === 0 ? 'push' : 'statement')));
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(await creditsOf(data, facts.reference)).toHaveLength(1);
  }, 30_000);

  it('D money: told by ten at once with as many amounts is one credit, and nine that contradict it', async () => {
    const facts = creditFacts();
    const told = await Promise.all(Array.from({ length: 10 }, (_, place) => record({ ...facts, amountFen: 1_000 + place })));
    expect(new Set(told.map(({ id }) => id)).size).toBe(10);
    expect(told.filter(({ state }) => state === 'recorded')).toMatchObject([{ bankReference: facts.reference }]);
    expect(told.filter(({ heldReason }) => heldReason === 'contradicted')).toHaveLength(9);
  }, 30_000);

  it('D money: one that was told without a name is claimed by one of two that are named and alike, however they cross', async () => {
    const facts = { ...creditFacts(), payerName: '成都交错医药有限公司' };
    for (let time = 0; time < 5; time += 1) {
      const amountFen = 30_000 + time;
      const nameless = await record({ ...facts, amountFen, reference: `none:${randomUUID()}` }, 'statement');
      const named = await Promise.all([randomUUID(), randomUUID()].map((reference) => record({ ...facts, amountFen, reference })));
      expect(named.filter(({ id }) => id === nameless.id)).toHaveLength(1);
      expect(named.filter(({ state, id }) => state === 'recorded' && id !== nameless.id)).toHaveLength(1);
    }
  }, 30_000);

  it('D money: two credits of the same payer, amount and moment are two', async () => {
    const [one, other] = await Promise.all([record(), record()]);
    expect(one.id).not.toBe(other.id);
  });

  it.each([
    ['bankReference', { bankReference: 'other' }],
    ['amountFen', { amountFen: 1 }],
    ['payerName', { payerName: '他人' }],
    ['payerAccount', { payerAccount: '0' }],
    ['payerAccountType', { payerAccountType: 'personal' as const }],
    ['remittance', { remittance: '' }],
    ['bookedAt', { bookedAt: NOW }],
  ])('D money: its %s never changes', async (_, change) => {
    const { id } = await record();
    await expect(data.manager.update(BankCredit, { id }, change)).rejects.toMatchObject(refusesChange);
  });

  it('D money: is never deleted, nor is the table emptied', async () => {
    const { id } = await record();
    await expect(data.manager.delete(BankCredit, { id })).rejects.toMatchObject(refusesChange);
    await expect(data.query('TRUNCATE bank_credit CASCADE')).rejects.toMatchObject(refusesChange);
  });

  it('D money: is matched with an order, or held with a reason, or neither', async () => {
    const [{ id }, orderId] = await Promise.all([record(), anOrder(data)]);
    for (const half of [
      { state: 'matched' as const },
      { state: 'held' as const },
      { state: 'matched' as const, orderId, heldReason: 'late' as const },
    ])
      await expect(data.manager.update(BankCredit, { id }, half)).rejects.toMatchObject(refusal('23514', 'ck_bank_credit_state'));
    await data.manager.update(BankCredit, { id }, { state: 'matched', orderId, decidedAt: NOW });
  });

  it.each([0, -1])('D money: of %i fen is none', async (amountFen) => {
    await expect(record(creditFacts({ amountFen }))).rejects.toMatchObject(refusal('23514', 'ck_bank_credit_amount'));
  });
});

describe('a fee order', () => {
  it('D money: is not paid with too little', async () => {
    const id = await anOrder(data);
    await expect(data.manager.update(FeeOrder, { id }, { status: 'paid', receivedFen: 24_999 })).rejects.toMatchObject(
      refusal('23514', 'ck_fee_order_paid'),
    );
    await data.manager.update(FeeOrder, { id }, { status: 'paid', receivedFen: 25_000 });
  });

  it('D money: carries amounts beyond 32 bits exactly', async () => {
    const id = await anOrder(data, { amountFen: 9_007_199_254_740_991 });
    expect((await data.manager.findOneByOrFail(FeeOrder, { id })).amountFen).toBe(9_007_199_254_740_991);
  });
});

describe('the tariff', () => {
  it('D fees: is read with the days as they were written', async () => {
    const row = {
      id: randomUUID(),
      code: 'opening' as const,
      amountFen: 5_000,
      confirmed: true,
      validFrom: '2028-02-29',
      validTo: '2028-03-01',
    };
    await data.manager.insert(TariffRow, row);
    const { id, ...item } = row;
    expect(await data.transaction(readTariff)).toEqual([item]);
  });
});
