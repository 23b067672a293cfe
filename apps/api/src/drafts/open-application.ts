/** One open application of a business for an organisation, unless another certificate is asked for on purpose. */
import { XinyinError, type BusinessSlug } from '#domain';
import { Application } from '#persistence';
import { Not, type EntityManager } from 'typeorm';

/** @throws XinyinError APPLICATION_OPEN with the number of the one that is open */
export async function refuseWhileOpen(
  tx: EntityManager,
  { uscc, business, additional, besides }: { uscc: string; business: BusinessSlug; additional: boolean; besides?: string },
): Promise<void> {
  // Two submissions for one organisation at the same moment: the second sees the first.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 11))', [uscc]);
  if (additional) return;
  const where = { uscc, business, stage: Not('closed' as const), ...(besides === undefined ? {} : { id: Not(besides) }) };
  const open = await tx.findOneBy(Application, where);
  if (open) throw new XinyinError('APPLICATION_OPEN', { params: { number: open.number } });
}
