/**
 * A case whose workflow was terminated can write nothing any more: this does it in its place. Closed last, so that a case which still leaves
 * something behind is found again.
 */
import { patched } from '@temporalio/workflow';
import type { TerminationInput } from '../contract/index.js';
import { outside, pki, records } from '../stages/proxies.js';

export async function recordTermination({ applicationId, by }: TerminationInput): Promise<void> {
  if (patched('left-behind')) await takeBack(applicationId);
  await records.closeCase({ applicationId, outcome: 'terminated', by });
}

/** As the case itself does when it ends early: nobody's certificate stays suspended, and nobody's account waits, behind a closed case. */
async function takeBack(applicationId: string): Promise<void> {
  const { suspension, binding, agentChangeId } = await records.findLeftBehind({ applicationId });
  if (suspension) {
    await records.releasePredecessor({ applicationId });
    await pki.publishCrl();
    await outside.sendSms({ applicationId, template: 'lifted', onceKey: 'lifted' });
  }
  if (binding) await outside.unbindAccount({ applicationId, by: null });
  if (agentChangeId !== null) await records.endAgentChange({ applicationId, changeId: agentChangeId, end: 'case-ended' });
}
