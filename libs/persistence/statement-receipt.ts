/** A statement file comes in, from a person or from the bank: once, by what is in it. */
import { system, type Actor } from '#domain';
import type { EntityManager } from 'typeorm';
import { appendAudit } from './audit.js';
import { BankStatement } from './entities/statements.js';

export interface StatementReceipt {
  sha256: string;
  now: Date;
  from: { source: 'upload'; staffId: string } | { source: 'bank'; day: string };
}

export const statementSubject = (sha256: string) => `bank-statement/${sha256}`;

/** Answers the row as it stands: of a file that came before, how far it is. One that was refused may be read again. */
export async function receiveStatement(tx: EntityManager, { sha256, now, from }: StatementReceipt): Promise<BankStatement> {
  const uploadedBy = from.source === 'upload' ? from.staffId : null;
  const day = from.source === 'bank' ? from.day : null;
  const row = { sha256, source: from.source, day, uploadedBy, receivedAt: now, state: 'received' as const };
  const counts = { entryCount: 0, recordedCount: 0, decidedCount: 0 };
  const made = await tx
    .createQueryBuilder()
    .insert()
    .into(BankStatement)
    .values({ ...row, ...counts })
    .orIgnore()
    .returning('sha256')
    .execute();
  const actor: Actor = from.source === 'upload' ? { kind: 'staff', id: from.staffId } : system('bank-statement');
  if ((made.raw as unknown[]).length > 0)
    await appendAudit(tx, {
      subject: statementSubject(sha256),
      at: now,
      actor,
      action: 'statement.received',
      details: { source: from.source },
    });
  else
    await tx.update(BankStatement, { sha256, state: 'refused' }, { state: 'received', refusal: null, finishedAt: null, receivedAt: now });
  return tx.findOneByOrFail(BankStatement, { sha256 });
}
