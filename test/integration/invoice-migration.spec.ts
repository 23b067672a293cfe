/** Invoices that were made before the queue keep their numbers; the queue fetches their files, and orders nothing. */
import { createDataSource, Invoice } from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';

const QUEUE = 1764000000017;
const AT = '2026-03-02T04:00:00.000Z';
const ID = '0198c0de-0000-7000-8000-0000000000a1';
const LINES = [
  { code: 'opening', quantity: 1, unitFen: 5_000, amountFen: 5_000 },
  { code: 'annual-service', quantity: 2, unitFen: 20_000, amountFen: 40_000 },
];

describe('the invoices of an installation that has worked before', () => {
  let data: DataSource;
  beforeAll(async () => {
    data = createDataSource({ url: await freshDatabase(), applicationName: 'spec', poolSize: 1 });
    await data.initialize();
    const later = data.migrations.filter(({ name }) => Number(name?.slice(-13)) >= QUEUE);
    data.migrations.splice(0, data.migrations.length, ...data.migrations.filter((each) => !later.includes(each)));
    await data.runMigrations();
    // Drafts are of no matter here: their keys are not looked at.
    await data.query('SET session_replication_role = replica');
    await data.query(
      `INSERT INTO application (id, draft_id, number, business, system, channel, idempotency_key, submitted_by_phone, submitted_at, additional,
         form, certificate_name, uscc, agent_phone, stage, waiting_for, stage_since, completed_at, version)
       VALUES ($1::uuid, $1::uuid, 'XB-1', 'new', 'any', 'online', 'k', '1', $2, false, '{}', '成都旧票医药有限公司', '91510100MA62000110', '1', 'review', 'system', $2, $2, 1)`,
      [ID, AT],
    );
    await data.query(
      `INSERT INTO fee_order (id, application_id, reference, certificate_name, uscc, payer, payer_key, lines, amount_fen, received_fen, status, created_at, expires_at)
       VALUES ($1::uuid, $1::uuid, 'r', '成都旧票医药有限公司', '91510100MA62000110', 'organisation', 'x', $2, 45000, 45000, 'paid', $3, $3)`,
      [ID, JSON.stringify(LINES), AT],
    );
    await data.query(
      `INSERT INTO invoice (id, application_id, amount_fen, invoice_number, link, ordered_at) VALUES ($1::uuid, $1::uuid, 45000, '26512000000000000001', 'http://old', $2)`,
      [ID, AT],
    );
    await data.query('SET session_replication_role = origin');
    data.migrations.push(...later);
    await data.runMigrations();
  }, 60_000);
  afterAll(() => data.destroy());

  it('are blue, for the completion, with their number and what was ordered; and wait for their files', async () => {
    expect(await data.manager.find(Invoice)).toMatchObject([
      {
        ...{ colour: 'blue', occasion: 'completion', occasionId: ID, sequence: 1, state: 'queued', toldAt: null, pdfSha256: null },
        ...{ invoiceNumber: '26512000000000000001', title: '成都旧票医药有限公司', taxNumber: '91510100MA62000110', amountFen: 45_000 },
        ...{ dueAt: new Date(AT), issuedAt: new Date(AT), link: 'http://old' },
        lines: [
          { name: '一次性开户费', quantity: 1, amountFen: 5_000 },
          { name: '年服务费', quantity: 2, amountFen: 40_000 },
        ],
      },
    ]);
  });
});
