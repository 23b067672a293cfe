/** Approval, and the code. */
import { unlockRefusals, type UnlockDecision, type UnlockRefusal } from '#domain';
import { Application, SmsCode, smsCodeHash, UnlockDecisionRow } from '#persistence';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase } from '../casework/index.js';
import type { BusinessDeps } from '../deps.js';
import { handToFirst, unlockCode } from '../messages/index.js';

interface Opening {
  applicationId: string;
  until: string;
}

export const unlockActivities = (deps: BusinessDeps) => {
  const { data, now, codeKey } = deps;

  return {
    async openUnlockApproval({ applicationId, until }: Opening): Promise<void> {
      await data.transaction(async (tx) => {
        const application = await lockCase(tx, applicationId);
        const move = { stage: 'approval', waitingFor: 'supervisor', until: new Date(until) } as const;
        await moveCase(tx, application, move, { action: 'unlock.approval-opened', onceKey: 'unlock-approval' }, now());
      });
    },

    async decideUnlock({ applicationId, ...decision }: UnlockDecision & { applicationId: string }): Promise<void> {
      const { outcome, by } = decision;
      const reason = decision.outcome === 'rejected' ? decision.reason : null;
      await data.transaction(async (tx) => {
        const application = await lockCase(tx, applicationId);
        const actor = { kind: 'staff', id: by } as const;
        const event = {
          action: `unlock.${outcome}`,
          details: reason === null ? {} : wordsOf(reason),
          actor,
          onceKey: 'unlock-decided',
        } as const;
        const fresh = await moveCase(tx, application, { waitingFor: 'system', until: null }, event, now());
        if (fresh) await tx.insert(UnlockDecisionRow, { applicationId, outcome, reason, decidedBy: by, decidedAt: now() });
      });
    },

    async sendUnlockCode({ applicationId }: { applicationId: string }): Promise<void> {
      const { number, agentPhone } = await data.manager.findOneByOrFail(Application, { id: applicationId });
      const letter = { id: uuidv7(), applicationId, template: 'unlock-code' as const, values: { number }, phone: agentPhone };
      await handToFirst(deps, `${applicationId}/unlock-code`, () => Promise.resolve(letter));
    },

    /** The code has gone out and is good from now on: its hour is the case's. */
    async openUnlocking({ applicationId, until }: Opening): Promise<void> {
      await data.transaction(async (tx) => {
        const application = await lockCase(tx, applicationId);
        const expiresAt = new Date(until);
        const move = { stage: 'unlocking', waitingFor: 'assistant', until: expiresAt } as const;
        const fresh = await moveCase(tx, application, move, { action: 'unlock.code-sent', onceKey: 'unlock-code' }, now());
        if (!fresh) return;
        const id = uuidv7();
        const codeHash = smsCodeHash(codeKey, id, unlockCode(codeKey, applicationId));
        const row = { id, subject: subjectOf(applicationId), phone: application.agentPhone, codeHash, createdAt: now(), expiresAt };
        await tx.insert(SmsCode, { ...row, attempts: 0, usedAt: null });
      });
    },
  };
};

const wordsOf = (reason: UnlockRefusal) => ({ reason: unlockRefusals[reason].zh, reasonEn: unlockRefusals[reason].en, code: reason });
const subjectOf = (applicationId: string) => `unlock/${applicationId}`;
