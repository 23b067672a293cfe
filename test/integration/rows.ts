/** One migrated database of a spec's own, and one factory a noun for its rows. What a test does not name is plain and valid. */
import { randomUUID } from 'node:crypto';
import { Application, BankCredit, Certificate, createDataSource, Draft, FeeOrder, ReviewDecision, type CreditFacts } from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';

export const NOW = new Date('2026-03-02T04:00:00.000Z');
export const SUBMITTER = '13800138000';
export const AGENT = '13900139000';
export const REVIEWER = '18600186000';

export async function migratedDatabase(poolSize = 20): Promise<DataSource> {
  const data = createDataSource({ url: await freshDatabase(), applicationName: 'spec', poolSize });
  await data.initialize();
  await data.runMigrations();
  return data;
}

export async function anApplication(
  data: DataSource,
  change: Partial<Omit<Application, 'form' | 'dispatchPromise'>> = {},
): Promise<string> {
  const [id, draftId] = [randomUUID(), randomUUID()];
  const form = {};
  await data.manager.insert(Draft, {
    id: draftId,
    ownerPhone: SUBMITTER,
    business: 'new',
    system: 'sichuan-medicine-procurement',
    channel: 'online',
    form,
    createdAt: NOW,
    updatedAt: NOW,
    applicationId: id,
    version: 1,
  });
  await data.manager.insert(Application, {
    id,
    draftId,
    number: `XB-2026-${id}`,
    business: 'new',
    system: 'sichuan-medicine-procurement',
    channel: 'online',
    idempotencyKey: randomUUID(),
    submittedByPhone: SUBMITTER,
    submittedAt: NOW,
    additional: false,
    form,
    certificateName: '成都信印科技有限公司',
    uscc: '91510100MA62000110',
    agentPhone: AGENT,
    stage: 'review',
    waitingFor: 'reviewer',
    stageSince: NOW,
    version: 1,
    ...change,
  });
  return id;
}

export async function aCertificate(data: DataSource, change: Partial<Certificate> = {}): Promise<string> {
  const id = randomUUID();
  await data.manager.insert(Certificate, {
    id,
    applicationId: change.applicationId ?? (await anApplication(data)),
    index: 1,
    kind: 'signing',
    serial: randomUUID(),
    tbs: Buffer.from('to be signed'),
    der: Buffer.from('signed'),
    state: 'valid',
    notBefore: NOW,
    notAfter: new Date('2028-03-02T04:00:00.000Z'),
    issuedAt: NOW,
    ...change,
  });
  return id;
}

export async function aDecision(data: DataSource, change: Partial<ReviewDecision> = {}): Promise<void> {
  await data.manager.insert(ReviewDecision, {
    id: randomUUID(),
    applicationId: await anApplication(data),
    round: 1,
    outcome: 'approved',
    reasons: [],
    reviewerId: randomUUID(),
    reviewerPhone: REVIEWER,
    submitterPhone: SUBMITTER,
    agentPhone: AGENT,
    sentAt: NOW,
    ...change,
  });
}

export async function anOrder(data: DataSource, change: Partial<FeeOrder> = {}): Promise<string> {
  const id = randomUUID();
  await data.manager.insert(FeeOrder, {
    id,
    applicationId: await anApplication(data),
    reference: id,
    certificateName: '成都信印科技有限公司',
    payerKey: '成都信印科技有限公司',
    uscc: '91510100MA62000110',
    payer: 'organisation',
    lines: [],
    amountFen: 25_000,
    receivedFen: 0,
    status: 'open',
    createdAt: NOW,
    expiresAt: new Date('2026-04-01T16:00:00.000Z'),
    ...change,
  });
  return id;
}

export const creditFacts = (change: Partial<CreditFacts> = {}): CreditFacts => ({
  reference: randomUUID(),
  bookedAt: '2026-03-10T02:00:00.000Z',
  amountFen: 25_000,
  payerName: '成都信印科技有限公司',
  payerAccount: '5101000000000001',
  payerAccountType: 'corporate',
  remittance: 'XB2026000001',
  ...change,
});

export const creditsOf = (data: DataSource, bankReference: string) => data.manager.findBy(BankCredit, { bankReference });
