import { XinyinError } from '#domain';
import type { SignedClient } from '../signed-http/index.js';
import type { BankGateway } from './port.js';
import { parseBankStatement } from './statement.js';

export function bankOverHttp(client: SignedClient): BankGateway {
  return {
    statement: async (day) => {
      const file = await client.call('GET', `/statements/${encodeURIComponent(day)}`);
      try {
        return parseBankStatement(file, day);
      } catch (failure) {
        if (!(failure instanceof XinyinError)) throw failure;
        // The same finding, but here it is the bank that erred and not a person who imports a file.
        const params = { system: client.system, reason: 'statement', ...failure.params };
        throw new XinyinError('GATEWAY_CONTRACT', { params, fields: failure.fields });
      }
    },
  };
}
