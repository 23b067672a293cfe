/**
 * Demonstrations only: a case that was completed on a day that is over, and whose letter has waited for its Friday since. It begins where
 * such a case is issued, and ends as every new certificate does. Its first step refuses it elsewhere.
 */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';
import { outside, records } from '../stages/proxies.js';

export async function seedLetter(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    const { applicationId } = input;
    const { completedAt } = await records.missedFriday({});
    await stage.issue();
    await records.completeApplication({ applicationId, completedAt });
    await outside.sendSms({ applicationId, template: 'completed', onceKey: 'completed' });
    await stage.bindAndDispatch();
    return 'dispatched';
  });
}
