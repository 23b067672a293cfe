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
  // Where the revocation is what was asked for, nothing is taken back from here on.
  if (current.definition.issues === null) current.beginIssuing();
  const answer = await records.revokePredecessor({ applicationId });
  current.onEarlyEnd = null;
  // Ended by another case, or by its time, while this one was paid for and reviewed. Histories of before hold no answer.
  if (answer?.revoked === false) return refuseEnded(current);
  await current.attempt(() => pki.publishCrl());
}

/** What was paid is owed back as the case closes. */
async function refuseEnded(current: Case): Promise<never> {
  const { applicationId } = current;
  await current.attempt(() => outside.sendSms({ applicationId, template: 'certificate-ended', onceKey: 'certificate-ended' }));
  return current.end('certificate-ended');
}

/** G: the accounts that were approved belong to the organisation, whatever it is called now. */
export async function rebindAccounts(current: Case): Promise<void> {
  const { applicationId } = current;
  await current.attempt(() => outside.rebindAccounts({ applicationId }));
}

/** D: 24 hours. Without the stamped form the suspension ends by itself: a call alone takes nobody's certificate away. */
export async function suspend(current: Case): Promise<'revoke' | 'lift' | 'lapsed'> {
  const { applicationId } = current;
  const until = current.deadline('suspension');
  let wish: 'revoke' | 'lift' | null = null;
  let arriving = false;
  onUpdate(
    formArrived,
    async ({ wish: asked, by }) => {
      arriving = true;
      try {
        current.takenInHand(await records.recordForm({ applicationId, wish: asked, by }));
        current.hands.add(by);
        wish = asked;
      } finally {
        arriving = false;
      }
    },
    () => refuseUnless(current.stage === 'suspension' && !arriving && wish === null, 'STAGE_REFUSES'),
  );
  // Whatever ends the case before the certificate is revoked for good: nobody's certificate stays suspended behind a closed case.
  current.onEarlyEnd = () => lift(current);
  await records.suspendPredecessor({ applicationId, until: until.toISOString() });
  current.enter('suspension', 'clerk', until);
  await current.attempt(() => pki.publishCrl());
  await current.attempt(() => outside.sendSms({ applicationId, template: 'suspended', onceKey: 'suspended' }));
  await condition(() => wish !== null, msUntil(until), { summary: '冻结到期 The suspension ends' });
  // Brought in the last moment, it counts.
  await condition(() => !arriving);
  if (wish === 'revoke') return 'revoke';
  await lift(current);
  return wish ?? 'lapsed';
}

async function lift(current: Case): Promise<void> {
  const { applicationId } = current;
  current.onEarlyEnd = null;
  await records.releasePredecessor({ applicationId });
  await current.attempt(() => pki.publishCrl());
  await current.attempt(() => outside.sendSms({ applicationId, template: 'lifted', onceKey: 'lifted' }));
}
