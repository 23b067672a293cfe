/**
 * 办结: what completion means. For a new certificate it fixes the promised Friday, which is told at once with its reason; the instant is that of
 * the last token written, which the activity looks up: the label that is printed in between may have waited for days.
 */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { dispatchWorkflowId, lateLetter, type CaseInput } from '../contract/index.js';
import type { Case } from './case.js';
import { now } from './clock.js';
import { outside, records } from './proxies.js';

export async function complete(current: Case): Promise<void> {
  const { applicationId } = current;
  const completed = await records.completeApplication({ applicationId, completedAt: now().toISOString() });
  // Histories of before hold no answer here. A batch that is not open needs no word: the next look at the Fridays finds the letter.
  if (completed?.late)
    await getExternalWorkflowHandle(dispatchWorkflowId(completed.day))
      .signal(lateLetter)
      .catch(() => undefined);
  await current.attempt(() => outside.sendSms({ applicationId, template: 'completed', onceKey: 'completed' }));
}

/** For what ends where it is done: installed, handed over, revoked, bound. */
export async function finish(current: Case): Promise<void> {
  const { applicationId } = current;
  await records.finishApplication({ applicationId, completedAt: now().toISOString() });
  const template = finishedText(current.input);
  if (template) await current.attempt(() => outside.sendSms({ applicationId, template, onceKey: template }));
}

/** At a window the hand-over has told it already. */
function finishedText({ business, channel }: CaseInput) {
  if (business === 'revocation') return 'revoked';
  if (business === 'account-binding') return 'account-bound';
  return channel === 'online' ? 'installed' : null;
}
