import { readAnswer } from '../contract-check.js';
import type { SignedClient } from '../signed-http/index.js';
import { smsContract } from './contract.js';
import type { SmsGateway } from './port.js';

export function smsOverHttp(client: SignedClient): SmsGateway {
  return {
    send: async ({ idempotencyKey, phone, text, template }) =>
      readAnswer(client.system, smsContract.accepted, await client.call('POST', '/messages', { idempotencyKey, phone, text, template })),
  };
}
