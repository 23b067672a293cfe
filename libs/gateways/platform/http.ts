import { readAnswer } from '../contract-check.js';
import type { SignedClient } from '../signed-http/index.js';
import { platformContract } from './contract.js';
import type { PlatformGateway } from './port.js';

export function platformOverHttp(client: SignedClient): PlatformGateway {
  return {
    // A POST although it only reads: account names stay out of addresses, and so out of access logs.
    roleAccount: async ({ uscc, account }) => {
      const answer = await client.call('POST', '/role-accounts/query', { uscc, account });
      const { certifiedAt, ...known } = readAnswer(client.system, platformContract.roleAccount, answer);
      return { ...known, certifiedAt: certifiedAt === undefined ? null : new Date(certifiedAt) };
    },
    bind: async ({ idempotencyKey, uscc, account, certificateSerial, certificateName }) => {
      const binding = { idempotencyKey, uscc, account, certificateSerial, certificateName };
      return readAnswer(client.system, platformContract.bound, await client.call('POST', '/bindings', binding));
    },
    resetPassword: async ({ idempotencyKey, uscc, account, certificateSerial }) => {
      const reset = { idempotencyKey, uscc, account, certificateSerial };
      const answer = await client.call('POST', '/bindings/password-resets', reset);
      return readAnswer(client.system, platformContract.passwordWasReset, answer);
    },
    checkAccount: async ({ uscc, kind, account, password }) => {
      const check = { uscc, kind, account, password };
      return readAnswer(client.system, platformContract.accountChecked, await client.call('POST', '/accounts/checks', check));
    },
    submitAccount: async ({ idempotencyKey, reference, checkId, uscc, kind, account, certificateSerial }) => {
      const submission = { idempotencyKey, reference, checkId, uscc, kind, account, certificateSerial };
      return readAnswer(client.system, platformContract.accountSubmitted, await client.call('POST', '/accounts/submissions', submission));
    },
    unbindAccount: async ({ idempotencyKey, uscc, kind, account }) => {
      const unbinding = { idempotencyKey, uscc, kind, account };
      readAnswer(client.system, platformContract.accountUnbound, await client.call('POST', '/accounts/unbindings', unbinding));
    },
  };
}
