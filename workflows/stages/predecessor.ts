/** The certificates that a case is about: revoked with their seal when the new ones are in place, or suspended for a day. */
import { condition } from '@temporalio/workflow';
import { formArrived } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { outside, pki, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

/** In OCSP with the row, on the list right after. */
export async function revokePredecessor(current: Case): Promise<void> {
  const { applicationId } = current;
  await records.revokePredecessor({ applicationId });
  await current.attempt(() => pki.publishCrl());
}

/** D: 24 hours. Without the stamped form the suspension ends by itself: a call alone takes nobody's certificate away. */
export async function suspend(current: Case): Promise<'revoke' | 'lift' | 'lapsed'> {
  const { applicationId } = current;
  const until = current.deadline('suspension');
  let wish: 'revoke' | 'lift' | null = null;
  onUpdate(
    formArrived,
    ({ wish: asked, by }) => {
      wish = asked;
      current.hands.add(by);
      return Promise.resolve();
    },
    () => refuseUnless(current.stage === 'suspension' && wish === null, 'STAGE_REFUSES'),
  );
  await records.suspendPredecessor({ applicationId, until: until.toISOString() });
  current.enter('suspension', 'clerk', until);
  await current.attempt(() => pki.publishCrl());
  await current.attempt(() => outside.sendSms({ applicationId, template: 'suspended', onceKey: 'suspended' }));
  await condition(() => wish !== null, msUntil(until), { summary: '冻结到期 The suspension ends' });
  if (wish === 'revoke') return 'revoke';
  await records.releasePredecessor({ applicationId });
  await current.attempt(() => pki.publishCrl());
  await current.attempt(() => outside.sendSms({ applicationId, template: 'lifted', onceKey: 'lifted' }));
  return wish ?? 'lapsed';
}
