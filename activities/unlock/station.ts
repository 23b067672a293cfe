/** At the desk, which alone has the administrator's key: the answer to a token that is elsewhere. */
import { XinyinError, type ErrorCode } from '#domain';
import { UnlockRedemption, UnlockTicket } from '#persistence';
import { lockCase, moveCase } from '../casework/index.js';
import type { StationDeps } from '../deps.js';
import { subjectOf } from '../predecessor/index.js';

export const unlockStationActivities = ({ data, now, drawer }: StationDeps) => ({
  /**
   * The answer stands beside the challenge, and not in the case's history. A refusal is recorded before it is thrown.
   * @throws XinyinError CERTIFICATE_REVOKED when it was revoked or suspended since; TOKEN_CHALLENGE_WRONG
   */
  async answerUnlock({ applicationId }: { applicationId: string }): Promise<void> {
    const refused = await data.transaction(async (tx): Promise<ErrorCode | null> => {
      const application = await lockCase(tx, applicationId);
      const { tokenSerialNumber } = await tx.findOneByOrFail(UnlockTicket, { applicationId });
      const { challenge, answer: known } = await tx.findOneByOrFail(UnlockRedemption, { applicationId });
      if (known !== null) return null;
      const valid = (await subjectOf(tx, application)).state === 'valid';
      const answer = valid ? answered(() => drawer.answerUnblock(tokenSerialNumber, challenge)) : 'CERTIFICATE_REVOKED';
      const move = { waitingFor: 'system', until: null } as const;
      if (typeof answer === 'string') {
        await moveCase(tx, application, move, { action: 'unlock.refused', details: { code: answer }, onceKey: 'unlock-refused' }, now());
        return answer;
      }
      await tx.update(UnlockRedemption, { applicationId }, { answer: answer.text, answeredAt: now() });
      const details = { token: tokenSerialNumber };
      await moveCase(tx, application, move, { action: 'unlock.answered', details, onceKey: 'unlock-answered' }, now());
      return null;
    });
    if (refused) throw new XinyinError(refused);
  },
});

/** What the token asked is answered, or refused for a reason of its own; anything else is a fault and is tried again. */
function answered(ask: () => string): { text: string } | ErrorCode {
  try {
    return { text: ask() };
  } catch (error) {
    if (error instanceof XinyinError) return error.code;
    throw error;
  }
}
