/** Credits as the bank tells them, by push or by statement. The bank's own reference is their identity: told twice, recorded once. */
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BankCredit } from './entities/money.js';

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

/** Records a credit, or finds it. */
export async function recordCredit(tx: EntityManager, facts: CreditFacts, source: 'push' | 'statement', now: Date): Promise<BankCredit> {
  const { reference, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance } = facts;
  const row = {
    id: uuidv7(),
    bankReference: reference,
    bookedAt: new Date(bookedAt),
    amountFen,
    payerName,
    payerAccount,
    payerAccountType,
    remittance,
  };
  await tx
    .createQueryBuilder()
    .insert()
    .into(BankCredit)
    .values({ ...row, source, recordedAt: now, state: 'recorded', surplusFen: 0 })
    .orIgnore()
    .execute();
  return tx.findOneByOrFail(BankCredit, { bankReference: reference });
}

export const referenceDigest = (reference: string) => createHash('sha256').update(reference).digest('hex');
