/** The e-invoice, asked for after completion and made by the queue in its turn; its link goes out by SMS. */
import type { Ordered } from '#activities';
import { ApplicationFailure } from '@temporalio/workflow';
import type { Case } from './case.js';
import { InvoicesAwaited } from './invoices-awaited.js';
import { outside } from './proxies.js';

export async function invoice(current: Case): Promise<void> {
  const { applicationId } = current;
  const awaited = new InvoicesAwaited();
  const ordered = await current.attempt(async () => {
    awaited.forget();
    // Histories of before the queue hold no answer where the invoice was made at once.
    const answer = ((await outside.orderInvoice({ applicationId })) as Ordered | undefined) ?? 'ordered';
    if (typeof answer === 'string') return answer;
    // Parked for a person; resumed, it is asked for again.
    if ((await awaited.outcome(answer.invoiceId)) === 'refused')
      throw ApplicationFailure.nonRetryable('INVOICE_REFUSED', 'INVOICE_REFUSED');
    return 'ordered';
  });
  if (ordered !== 'ordered') return;
  await current.attempt(() => outside.sendSms({ applicationId, template: 'invoice', onceKey: 'invoice' }));
}
