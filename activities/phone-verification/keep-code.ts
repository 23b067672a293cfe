/** A code that an activity sends is kept as its hash, and the one before it ends. */
import { agentCodeLifetimeMs } from '#domain';
import { SmsCode, smsCodeHash } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

export interface CodePlace {
  codeKey: Buffer;
  /** What the code proves, e.g. `application/<uuid>`. */
  subject: string;
}

/** The code that counts from now on; those of before end. */
export async function keepCode(tx: EntityManager, { codeKey, subject }: CodePlace, phone: string, code: string, at: Date): Promise<void> {
  await tx.update(SmsCode, { subject }, { expiresAt: at });
  const id = uuidv7();
  const codeHash = smsCodeHash(codeKey, id, code);
  const expiresAt = new Date(at.getTime() + agentCodeLifetimeMs);
  await tx.insert(SmsCode, { id, subject, phone, codeHash, createdAt: at, expiresAt, attempts: 0, usedAt: null });
}
