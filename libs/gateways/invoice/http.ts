import { XinyinError } from '#domain';
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
    reverse: async ({ idempotencyKey, invoiceNumber, reason }) => {
      const reversal = { idempotencyKey, reason };
      return readAnswer(client.system, invoiceContract.issued, await client.call('POST', `/invoices/${invoiceNumber}/reversal`, reversal));
    },
    files: async (invoiceNumber) => {
      const answer = await client.call('GET', `/invoices/${invoiceNumber}/files`);
      const files = readAnswer(client.system, invoiceContract.files, answer);
      const [pdf, xml] = [Buffer.from(files.pdf, 'base64'), Buffer.from(files.xml, 'base64')];
      // A file that its holder cannot open is noticed here, and not by the holder.
      if (!startsWith(pdf, '%PDF-') || !startsWith(xml, '<?xml')) {
        throw new XinyinError('GATEWAY_CONTRACT', { params: { system: client.system, reason: 'not-files' } });
      }
      return { pdf, xml };
    },
  };
}

const startsWith = (file: Buffer, begin: string) => file.subarray(0, begin.length).equals(Buffer.from(begin));
