/** 办结: the moment keys and certificates exist fixes the promised Friday, which is told at once with its reason. */
import type { Case } from './case.js';
import { now } from './clock.js';
import { outside, records } from './proxies.js';

export async function complete(current: Case): Promise<void> {
  const { applicationId } = current;
  await records.completeApplication({ applicationId, completedAt: now().toISOString() });
  await current.attempt(() => outside.sendSms({ applicationId, template: 'completed', onceKey: 'completed' }));
}
