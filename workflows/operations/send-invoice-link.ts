/** 重发发票链接: a new link to an invoice, sent by SMS to the agent of its case. Whoever has it sent never sees it. Rules: decision 0041. */
import type { InvoiceLinkInput } from '../contract/index.js';
import { outside } from '../stages/proxies.js';

export async function sendInvoiceLink(input: InvoiceLinkInput): Promise<void> {
  const { id, applicationId, invoiceId } = input;
  await outside.renewInvoiceLink(input);
  await outside.sendSms({ applicationId, template: 'invoice-link', onceKey: `invoice-link/${id}`, invoiceId });
}
