/** 证书补办: a new token for one that is lost or damaged. Rules: business.md, "Change, reissue, revocation". */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function reissue(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    await stage.takePayment();
    await stage.review();
    await stage.revokePredecessor(); // at once: a lost key may be in foreign hands, a damaged one is of no use
    await stage.approveKeyRecovery(); // two persons: the encryption key comes back from escrow
    await stage.issue();
    await stage.handOver();
    await stage.finish();
    await stage.invoice();
    return 'handed-over';
  });
}
