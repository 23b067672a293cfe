/** The one way in which an answer for a kind of account changes: the row as it is now, and a line of its history, together. */
import type { AccountKind } from '#domain';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AccountBinding, AccountBindingChange } from './entities/bindings.js';

export interface KindOfOrganisation {
  uscc: string;
  kind: AccountKind;
}

/** What stands for this kind; null when nothing was answered. Nobody else answers for it until the transaction ends. */
export async function holdBinding(tx: EntityManager, { uscc, kind }: KindOfOrganisation): Promise<AccountBinding | null> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 17))', [`${uscc} ${kind}`]);
  return tx.findOneBy(AccountBinding, { uscc, kind });
}

export type BindingAnswer = Pick<AccountBinding, 'state'> &
  Partial<Pick<AccountBinding, 'account' | 'reason' | 'applicationId' | 'checkId' | 'submissionId'>>;

/** What is not given stays; a reason belongs to its refusal and goes with it. Call `holdBinding` before. Answers the row's id. */
export async function answerBinding(
  tx: EntityManager,
  { before, of, answer, at }: { before: AccountBinding | null; of: KindOfOrganisation; answer: BindingAnswer; at: Date },
): Promise<string> {
  const nothing = { account: null, applicationId: null, checkId: null, submissionId: null };
  const row = { ...nothing, ...(before ?? { id: uuidv7(), ...of }), reason: null, ...answer, since: at };
  await tx.upsert(AccountBinding, row, ['id']);
  const { id, state, account, reason, applicationId } = row;
  const seq = 1 + (await tx.countBy(AccountBindingChange, { bindingId: id }));
  await tx.insert(AccountBindingChange, { bindingId: id, seq, at, state, account, reason, applicationId });
  return id;
}
