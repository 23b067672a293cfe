/**
 * An account before the platform's administrator, who alone decides. A case that is taken back meanwhile is taken back there too, so that
 * nothing is opened for it afterwards.
 */
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { decidePlatform } from '../contract/index.js';
import type { Case } from './case.js';
import { outside, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

export async function platformApproval(current: Case): Promise<'approved' | 'refused'> {
  const { applicationId } = current;
  const until = current.deadline('platform-approval');
  const due = { applicationId, until: until.toISOString() };
  let decision: 'approved' | 'refused' | null = null;
  let deciding = false;
  // Before the account is submitted: the administrator may be quicker than the answer to that.
  onUpdate(
    decidePlatform,
    async ({ decisionId }) => {
      deciding = true;
      try {
        decision = await records.applyPlatformDecision({ applicationId, decisionId });
      } finally {
        deciding = false;
      }
    },
    () => {
      refuseUnless(current.stage === 'platform-approval', 'STAGE_REFUSES');
      refuseUnless(!deciding && decision === null, 'ALREADY_DECIDED');
    },
  );
  try {
    await records.openPlatformApproval(due);
    // Not broken off by a withdrawal: a submission that comes in after it was taken back would open what nobody wants.
    await current.attempt(() => CancellationScope.nonCancellable(() => outside.submitBinding(due)));
    current.enter('platform-approval', 'platform', until);
    await condition(() => decision !== null);
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => takeBack(current));
    throw error;
  }
  current.beginIssuing(); // from here on it is unbound, not withdrawn
  if (decision === 'approved') return decision;
  await current.attempt(() => outside.sendSms({ applicationId, template: 'binding-refused', onceKey: 'binding-refused' }));
  return 'refused';
}

async function takeBack(current: Case): Promise<void> {
  const { applicationId } = current;
  await current.attempt(() => outside.unbindAccount({ applicationId, by: null }));
}
