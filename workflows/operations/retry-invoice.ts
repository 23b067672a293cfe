/** What the invoice service refused, tried again: finance has mended the cause there. */
import type { InvoiceRetryInput } from '../contract/index.js';
import { records } from '../stages/proxies.js';

export async function retryInvoice(input: InvoiceRetryInput): Promise<void> {
  await records.requeueInvoice(input);
  await records.wakeInvoices({});
}

/** Every hour: the queue goes on even where whoever should have woken it is gone. */
export async function wakeInvoices(): Promise<void> {
  await records.wakeInvoices({});
}
