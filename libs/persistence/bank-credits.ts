/** Credits as the bank tells them, by push or by statement. The bank's own reference is their identity: told twice, recorded once. */
import { createHash } from 'node:crypto';
import { fen, moved, sameCredit } from '#domain';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BankCredit } from './entities/money.js';
import { post } from './ledger.js';

/** What the bank says of a credit; `bookedAt` is an ISO instant, the amount whole fen. */
export interface CreditFacts {
  reference: string;
  bookedAt: string;
  amountFen: number;
  payerName: string;
  payerAccount: string;
  payerAccountType: 'corporate' | 'personal';
  remittance: string;
}

/**
 * Records a credit, or finds it. A report that contradicts what was recorded under its reference becomes a row of its own, held for
 * finance: neither is believed over the other, and neither is lost. Only the first is money: the bank has one entry of that reference.
 */
export async function recordCredit(tx: EntityManager, facts: CreditFacts, source: 'push' | 'statement', now: Date): Promise<BankCredit> {
  const { reference, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance } = facts;
  const told = { bookedAt: new Date(bookedAt), amountFen, payerName, payerAccount, payerAccountType, remittance, source, recordedAt: now };
  await insertOnce(tx, { ...told, bankReference: reference, state: 'recorded' });
  const known = await tx.findOneByOrFail(BankCredit, { bankReference: reference });
  await post(tx, {
    occasion: 'credit-received',
    onceKey: `received/${known.id}`,
    at: now,
    lines: moved({ account: 'received', creditId: known.id }, { account: 'held', creditId: known.id }, fen(known.amountFen)),
  });
  if (sameCredit(known, facts)) return known;
  const bankReference = `${reference}~${referenceDigest(`${amountFen}/${payerName}/${payerAccount}`).slice(0, 8)}`;
  const { orderId } = known;
  await insertOnce(tx, { ...told, bankReference, state: 'held', heldReason: 'contradicted', orderId, decidedAt: now });
  return tx.findOneByOrFail(BankCredit, { bankReference });
}

async function insertOnce(tx: EntityManager, row: Omit<Partial<BankCredit>, 'id' | 'surplusFen'>): Promise<void> {
  const values = { ...row, id: uuidv7(), surplusFen: 0 };
  await tx.createQueryBuilder().insert().into(BankCredit).values(values).orIgnore().execute();
}

export const referenceDigest = (reference: string) => createHash('sha256').update(reference).digest('hex');
