/** 证书吊销: at the window at once; by telephone a suspension of 24 hours until the stamped form comes. Rules: business.md. */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function revocation(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    if (input.channel === 'telephone') {
      const wish = await stage.suspend();
      if (wish !== 'revoke') return 'lifted'; // the form asks for it, or no form came in time
    }
    await stage.review(); // the second pair of eyes
    await stage.revokePredecessor();
    await stage.finish();
    return 'revoked';
  });
}
