import type { SignedClient } from '../signed-http/index.js';
import type { BankGateway } from './port.js';

export function bankOverHttp(client: SignedClient): BankGateway {
  return { statement: (day) => client.call('GET', `/statements/${encodeURIComponent(day)}`) };
}
