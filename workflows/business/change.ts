/** 证书变更: another name or code on the token that was brought. Rules: business.md, "Change, reissue, revocation". */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function change(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    await stage.confirmFee(); // while the tariff publishes no amount, a supervisor sets it for the case
    await stage.takePayment();
    await stage.review();
    await stage.issue();
    await stage.revokePredecessor();
    await stage.rebindAccounts(); // the platform's accounts belong to the organisation, whatever it is called now
    await stage.handOver();
    await stage.finish();
    await stage.invoice();
    return 'handed-over';
  });
}
