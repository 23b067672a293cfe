/** A locked token far away: a second person approves, a code goes to the registered phone, and the code fetches the desk's answer. */
import { condition } from '@temporalio/workflow';
import { decideUnlock, redeemUnlock } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { outside, records, station } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

export async function approveUnlock(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('approval');
  let deciding = false;
  let outcome: 'approved' | 'rejected' | null = null;
  onUpdate(
    decideUnlock,
    async (decision) => {
      deciding = true;
      try {
        await records.decideUnlock({ applicationId, ...decision });
        ({ outcome } = decision);
      } finally {
        deciding = false;
      }
    },
    ({ by }) => {
      refuseUnless(!deciding && outcome === null, 'ALREADY_DECIDED');
      refuseUnless(current.stage === 'approval', 'STAGE_REFUSES');
      refuseUnless(!current.hands.has(by), 'FOUR_EYES');
    },
  );
  await records.openUnlockApproval({ applicationId, until: until.toISOString() });
  current.enter('approval', 'supervisor', until);
  await condition(() => outcome !== null, msUntil(until), { summary: '等待解锁审批 Approval is due' });
  await condition(() => !deciding);
  if (outcome === 'rejected') {
    await current.attempt(() => outside.sendSms({ applicationId, template: 'review-rejected', onceKey: 'unlock-rejected' }));
    current.end('rejected');
  }
  if (outcome === null) current.end('unlock-expired');
}

/** The hour begins when the code has gone out. A request that the desk refuses ends the case: its code is spent. */
export async function unlockToken(current: Case): Promise<void> {
  const { applicationId } = current;
  let state: 'waiting' | 'answering' | 'answered' | 'refused' = 'waiting';
  onUpdate(
    redeemUnlock,
    async () => {
      state = 'answering';
      // Nobody takes back what the token may hold in a moment.
      current.beginIssuing();
      try {
        await station.answerUnlock({ applicationId });
        state = 'answered';
      } catch (error) {
        state = 'refused';
        throw error;
      }
    },
    () => refuseUnless(current.stage === 'unlocking' && state === 'waiting' && !current.ending, 'STAGE_REFUSES'),
  );
  await current.attempt(() => outside.sendUnlockCode({ applicationId }));
  const until = current.deadline('unlocking');
  await records.openUnlocking({ applicationId, until: until.toISOString() });
  current.enter('unlocking', 'assistant', until);
  await condition(() => state !== 'waiting', msUntil(until), { summary: '等待解锁 The code ends' });
  await condition(() => state !== 'answering');
  if ((state as string) !== 'answered') current.end('unlock-expired');
}

export async function tellUnlocked(current: Case): Promise<void> {
  const { applicationId } = current;
  await current.attempt(() => outside.sendSms({ applicationId, template: 'unlocked', onceKey: 'unlocked' }));
}
