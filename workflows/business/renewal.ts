/** 证书更新, valid or expired, online or at the window. Rules: business.md, "Renewal online". */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function renewal(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    if (input.channel === 'window') {
      await stage.takePayment();
      await stage.review();
      await stage.issue(); // the token was brought
      await stage.revokePredecessor();
      await stage.handOver();
      await stage.finish();
      await stage.invoice();
      return 'handed-over';
    }
    await stage.orderFee(); // with the submission; the payment itself comes when the review has passed
    await stage.verifyPhone();
    await stage.review();
    await stage.payment(); // valid: anybody's transfer, since the key has proven who asks; expired: the organisation's own
    await stage.install(); // in the assistant, on the token that holds the old certificates
    await stage.revokePredecessor(); // only now: until the new ones are installed the old ones are all the holder has
    await stage.finish();
    await stage.invoice();
    return 'installed';
  });
}
