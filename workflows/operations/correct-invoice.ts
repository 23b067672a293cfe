/** 发票更正: the old invoice taken back, the new one made, and its link told. Who may ask, and when: decision 0041. */
import type { InvoiceCorrectionInput } from '../contract/index.js';
import { InvoicesAwaited } from '../stages/invoices-awaited.js';
import { outside, records } from '../stages/proxies.js';

export async function correctInvoice({ correctionId }: InvoiceCorrectionInput): Promise<'issued' | 'nothing'> {
  const awaited = new InvoicesAwaited();
  const { applicationId, invoiceId } = await records.openInvoiceCorrection({ correctionId });
  if (invoiceId !== null) {
    await awaited.issued(invoiceId);
    await outside.sendSms({ applicationId, template: 'invoice-replaced', onceKey: `invoice/${invoiceId}`, invoiceId });
  }
  await records.closeInvoiceCorrection({ correctionId });
  return invoiceId === null ? 'nothing' : 'issued';
}
