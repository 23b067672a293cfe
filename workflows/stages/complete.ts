/** 办结: what completion means. For a new certificate it fixes the promised Friday, which is told at once with its reason. */
import type { Case } from './case.js';
import { now } from './clock.js';
import { outside, records } from './proxies.js';

export async function complete(current: Case): Promise<void> {
  const { applicationId } = current;
  await records.completeApplication({ applicationId, completedAt: now().toISOString() });
  await current.attempt(() => outside.sendSms({ applicationId, template: 'completed', onceKey: 'completed' }));
}

/** For what ends where it is done: installed, handed over, revoked. */
export async function finish(current: Case): Promise<void> {
  const { applicationId, input } = current;
  await records.finishApplication({ applicationId, completedAt: now().toISOString() });
  const template = input.business === 'revocation' ? 'revoked' : input.channel === 'online' ? 'installed' : null;
  if (template) await current.attempt(() => outside.sendSms({ applicationId, template, onceKey: template }));
}
