/** Review in any number of rounds: approved goes on, returned waits for the agent, rejected ends the case. */
import type { ReviewOutcome } from '#domain';
import { condition } from '@temporalio/workflow';
import { decideReview, submitCorrection } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { outside, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';
import { verifyPhone } from './verify-phone.js';

export async function review(current: Case): Promise<void> {
  const { applicationId } = current;
  for (let round = 1; ; round += 1) {
    const outcome = await reviewRound(current, round);
    if (outcome === 'approved') return;
    if (outcome === 'rejected') {
      await current.attempt(() => outside.sendSms({ applicationId, template: 'review-rejected', onceKey: `review-rejected/${round}` }));
      current.end('rejected');
    }
    const { phoneChanged } = await correction(current, round);
    if (phoneChanged) await verifyPhone(current, round);
  }
}

async function reviewRound(current: Case, round: number): Promise<ReviewOutcome> {
  const { applicationId } = current;
  const until = current.deadline('review');
  let outcome: ReviewOutcome | null = null;
  let deciding = false;
  onUpdate(
    decideReview,
    async ({ decisionId }) => {
      deciding = true;
      try {
        outcome = await records.applyDecision({ applicationId, decisionId, round });
      } finally {
        deciding = false;
      }
    },
    ({ by }) => {
      refuseUnless(current.stage === 'review', 'STAGE_REFUSES');
      refuseUnless(current.mayDecide(by), 'FOUR_EYES');
      refuseUnless(!deciding && outcome === null, 'ALREADY_DECIDED');
    },
  );
  await records.openReview({ applicationId, round, until: until.toISOString() });
  current.enter('review', 'reviewer', until);
  await condition(() => outcome !== null);
  return outcome ?? current.end('rejected');
}

async function correction(current: Case, round: number): Promise<{ phoneChanged: boolean }> {
  const { applicationId } = current;
  const until = current.deadline('correction');
  let corrected = false;
  let phoneChanged = false;
  onUpdate(
    submitCorrection,
    async (input) => {
      current.takenInHand(await records.applyCorrection({ applicationId, correctionId: input.correctionId }));
      phoneChanged = input.phoneChanged ?? false;
      corrected = true;
    },
    () => refuseUnless(current.stage === 'correction' && !corrected, 'STAGE_REFUSES'),
  );
  await records.openCorrection({ applicationId, round, until: until.toISOString() });
  current.enter('correction', 'agent', until);
  await current.attempt(() => outside.sendSms({ applicationId, template: 'review-returned', onceKey: `review-returned/${round}` }));
  const inTime = await condition(() => corrected, msUntil(until), { summary: '等待补正 Correction is due' });
  if (!inTime) current.end('correction-expired');
  return { phoneChanged };
}
