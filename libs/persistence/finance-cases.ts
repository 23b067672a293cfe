/** What a person of finance has to see to: opened once for each occasion, whoever finds it first. */
import type { Actor } from '#domain';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { appendAudit, type AuditRecord } from './audit.js';
import { FinanceCase } from './entities/finance.js';

export interface FinanceMatter extends Pick<FinanceCase, 'kind' | 'onceKey' | 'creditId' | 'orderId' | 'amountFen'> {
  /** The audit chain it is noted in. */
  subject: string;
  actor: Actor;
  details: NonNullable<AuditRecord['details']>;
}

export async function openFinanceCase(tx: EntityManager, { subject, actor, details, ...matter }: FinanceMatter, at: Date): Promise<void> {
  const row = { id: uuidv7(), ...matter, openedAt: at };
  await tx.createQueryBuilder().insert().into(FinanceCase).values(row).orIgnore().execute();
  const { kind: code, onceKey } = matter;
  await appendAudit(tx, { subject, at, actor, action: 'finance.opened', details: { code, ...details }, onceKey });
}
