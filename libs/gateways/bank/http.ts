import { XinyinError } from '#domain';
import { readAnswer } from '../contract-check.js';
import type { SignedClient } from '../signed-http/index.js';
import { bankContract } from './contract.js';
import type { BankGateway } from './port.js';

export function bankOverHttp(client: SignedClient): BankGateway {
  return {
    pay: async (order) =>
      readAnswer(client.system, bankContract.paymentState, await client.call('POST', '/payments', { ...order, currency: 'CNY' })),
    payment: async (key) => {
      try {
        return readAnswer(client.system, bankContract.paymentState, await client.call('GET', `/payments/${encodeURIComponent(key)}`));
      } catch (failure) {
        // Signed by the bank: it has never heard of the key. A 404 of a machine in between says nothing.
        if (failure instanceof XinyinError && failure.params['reason'] === 'NOT_FOUND') return null;
        throw failure;
      }
    },
    statement: (day) => client.call('GET', `/statements/${encodeURIComponent(day)}`),
  };
}
