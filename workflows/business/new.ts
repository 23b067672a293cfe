/** 证书新办: from submission to the Friday dispatch. Rules: business.md, "New, online" and "New, window". */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function newCertificate(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    if (input.channel === 'window') {
      await stage.takePayment(); // on the spot; whoever takes it does not review
      await stage.review();
    } else {
      await stage.verifyPhone();
      await stage.review(); // approve, return by field, reject; any number of rounds
      await stage.payment(); // corporate transfer: the payer's name is the proof of identity
    }
    await stage.issue(); // keys, certificates, seal, token
    await stage.complete(); // this instant fixes the promised Friday
    await Promise.all([stage.invoice(), stage.bindAndDispatch()]);
    return 'dispatched';
  });
}
