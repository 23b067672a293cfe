import { readAnswer } from '../contract-check.js';
import type { SignedClient } from '../signed-http/index.js';
import { invoiceContract } from './contract.js';
import type { InvoiceGateway } from './port.js';

export function invoiceOverHttp(client: SignedClient): InvoiceGateway {
  return {
    order: async ({ idempotencyKey, title, taxNumber, amountFen, lines }) => {
      const order = { idempotencyKey, title, taxNumber, amountFen, lines };
      return readAnswer(client.system, invoiceContract.issued, await client.call('POST', '/invoices', order));
    },
  };
}
