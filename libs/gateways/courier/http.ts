import { XinyinError } from '#domain';
import { readAnswer } from '../contract-check.js';
import type { SignedClient } from '../signed-http/index.js';
import { courierContract } from './contract.js';
import type { CourierGateway } from './port.js';

export function courierOverHttp(client: SignedClient): CourierGateway {
  return {
    createWaybill: async ({ idempotencyKey, receiver, contents }) => {
      const { name, phone, address, organisation } = receiver;
      const waybill = { idempotencyKey, receiver: { name, phone, address, organisation }, contents };
      const created = readAnswer(client.system, courierContract.created, await client.call('POST', '/waybills', waybill));
      const pdf = Buffer.from(created.pdf, 'base64');
      // A waybill that cannot be printed stops the packing desk on a Friday; better to notice it here.
      if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-'))) {
        throw new XinyinError('GATEWAY_CONTRACT', { params: { system: client.system, reason: 'not-pdf' } });
      }
      return { trackingNumber: created.trackingNumber, pdf };
    },
  };
}
