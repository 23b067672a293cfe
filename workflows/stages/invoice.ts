/** The e-invoice, ordered after completion; its link goes out by SMS. */
import type { Case } from './case.js';
import { outside } from './proxies.js';

export async function invoice(current: Case): Promise<void> {
  const { applicationId } = current;
  const ordered = await current.attempt(() => outside.orderInvoice({ applicationId }));
  if (ordered === 'nothing-paid') return;
  await current.attempt(() => outside.sendSms({ applicationId, template: 'invoice', onceKey: 'invoice' }));
}
