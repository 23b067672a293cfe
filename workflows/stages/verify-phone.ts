/** The agent's phone: known from the submitting session, or verified by a code sent to it. A phone corrected in a round is verified anew. */
import { condition } from '@temporalio/workflow';
import { resendPhoneCode, verifyPhone as verifyPhoneUpdate } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { outside, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

export async function verifyPhone(current: Case, afterRound?: number): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('phone-verification');
  let verified = false;
  const before = current.phonesProven;

  const refuseOutsideStage = () => refuseUnless(current.stage === 'phone-verification' && !verified, 'STAGE_REFUSES');
  onUpdate(
    verifyPhoneUpdate,
    async ({ codeId }) => {
      await records.recordPhoneVerified({ applicationId, codeId });
      verified = true;
    },
    refuseOutsideStage,
  );
  const sendCode = async () => {
    const attempt = current.nextAgentCode();
    await current.attempt(() => outside.sendAgentCode({ applicationId, attempt }));
  };
  onUpdate(resendPhoneCode, sendCode, refuseOutsideStage);

  current.enter('phone-verification', 'agent', until);
  const { agentVerified } = await records.openPhoneVerification({ applicationId, until: until.toISOString(), afterRound });
  if (agentVerified) {
    verified = true;
    return;
  }
  await sendCode();
  const proven = () => verified || current.phonesProven > before;
  const inTime = await condition(proven, msUntil(until), { summary: '等待手机验证 Phone verification is due' });
  if (!inTime) current.end('phone-unverified');
}
