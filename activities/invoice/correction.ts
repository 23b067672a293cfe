/** Other data for the invoice of a case: the old one taken back, the new one made. */
import { InvoiceCorrection } from '#persistence';
import type { EntityManager } from 'typeorm';
import { replaceInvoice } from './queue.js';

export async function correctInvoice(
  tx: EntityManager,
  correctionId: string,
  at: Date,
): Promise<{ applicationId: string; invoiceId: string | null }> {
  const correction = await tx.findOneOrFail(InvoiceCorrection, { where: { id: correctionId }, lock: { mode: 'pessimistic_write' } });
  const { applicationId, title, taxNumber } = correction;
  await tx.update(InvoiceCorrection, { id: correctionId }, { startedAt: correction.startedAt ?? at });
  const replacement = { applicationId, occasion: 'correction', occasionId: correctionId } as const;
  const invoiceId = await replaceInvoice(tx, { ...replacement, next: ({ lines }) => ({ title, taxNumber, lines }) }, at);
  return { applicationId, invoiceId };
}

export async function endCorrection(tx: EntityManager, correctionId: string, at: Date): Promise<void> {
  await tx.update(InvoiceCorrection, { id: correctionId }, { doneAt: at });
}
