/**
 * 开票队列: one invoice after the other, in the order in which they came to be due. While the service is away the queue stands still with the
 * oldest at its head, and nothing is lost; what the service refuses steps aside for a person. Rules: decision 0041.
 */
import { continueAsNew, getExternalWorkflowHandle, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { MadeInvoice } from '#activities';
import { caseWorkflowId, invoiceCorrectionWorkflowId, invoiceMade, invoiceQueued, refundWorkflowId } from '../contract/index.js';
import { invoicing, records } from '../stages/proxies.js';

/** Made by one run; the next goes on with the queue as it stands. Counted for the reason in preparing.ts. */
const INVOICES_A_RUN = 1_000;

export async function issueInvoices(): Promise<{ made: number }> {
  let woken = true;
  let made = 0;
  setHandler(invoiceQueued, () => void (woken = true));
  while (woken) {
    woken = false;
    for (let told = await invoicing.issueDueInvoices({}); told.length > 0; told = await behind(told)) {
      await Promise.all(told.map(tell));
      await records.noteInvoicesTold({ told });
      made += told.length;
      setCurrentDetails(`**开票队列 Invoice queue**: ${made} in this run`);
      if (made >= INVOICES_A_RUN) await continueAsNew<typeof issueInvoices>();
    }
  }
  return { made };
}

/** What is put into the queue from now on wakes the run; where the last is known, there is nothing else to look for. Histories of before name none. */
const behind = async (told: readonly MadeInvoice[]) => (told.at(-1)?.last ? [] : invoicing.issueDueInvoices({}));

/** Noted afterwards: a run that ended in between tells again, and being told again changes nothing. */
async function tell({ invoiceId, occasion, occasionId, outcome }: MadeInvoice): Promise<void> {
  await getExternalWorkflowHandle(waiter(occasion, occasionId))
    .signal(invoiceMade, { invoiceId, outcome })
    // One that has ended waits for nothing.
    .catch(() => undefined);
}

function waiter(occasion: MadeInvoice['occasion'], id: string): string {
  switch (occasion) {
    case 'completion':
      return caseWorkflowId(id);
    case 'refund':
      return refundWorkflowId(id);
    case 'correction':
      return invoiceCorrectionWorkflowId(id);
  }
}
