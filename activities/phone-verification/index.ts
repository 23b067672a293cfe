/** The agent's phone is known from the submitting session, or verified by a code. The code itself never enters a history. */
import { XinyinError } from '#domain';
import { appendAudit, Application, SmsCode } from '#persistence';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase, WORKFLOW } from '../casework/index.js';
import type { BusinessDeps, RecordDeps } from '../deps.js';
import { agentCode, handToFirst } from '../messages/index.js';
import { keepCode } from './keep-code.js';

export { keepCode } from './keep-code.js';

interface PhoneToVerify {
  applicationId: string;
  until: string;
  afterRound?: number;
}

export const phoneRecordActivities = ({ data, now }: RecordDeps) => ({
  /** `afterRound` when a correction changed the phone: then the case comes back to this stage. */
  async openPhoneVerification({ applicationId, until, afterRound }: PhoneToVerify): Promise<{ agentVerified: boolean }> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      application.startedAt ??= now();
      const agentVerified = application.submittedByPhone === application.agentPhone;
      const again = afterRound === undefined ? '' : `/${afterRound}`;
      const move = agentVerified ? {} : { stage: 'phone-verification' as const, waitingFor: 'agent' as const, until: new Date(until) };
      const event = agentVerified
        ? { action: 'phone.verified' as const, details: { by: 'session' }, onceKey: `phone-verified${again}` }
        : { action: again ? ('phone.changed' as const) : ('application.started' as const), onceKey: `started${again}` };
      await moveCase(tx, application, move, event, now());
      return { agentVerified };
    });
  },

  /** The API checked the code and marked it used; here the fact becomes part of the case. */
  async recordPhoneVerified({ applicationId, codeId }: { applicationId: string; codeId: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const code = await tx.findOneBy(SmsCode, { id: codeId, subject: `application/${applicationId}`, phone: application.agentPhone });
      if (!code?.usedAt) throw new XinyinError('CODE_EXPIRED');
      await moveCase(
        tx,
        application,
        { waitingFor: 'system' },
        { action: 'phone.verified', details: { by: 'code' }, onceKey: `phone-verified/${codeId}` },
        now(),
      );
    });
  },
});

export const phoneActivities = (deps: BusinessDeps) => ({
  /**
   * Sends code number `attempt`. The code is derived from a key, so that a retry after a lost answer sends the same text under the same
   * idempotency key and the agent holds one valid code, not two.
   */
  async sendAgentCode({ applicationId, attempt }: { applicationId: string; attempt: number }): Promise<void> {
    const { data, now, codeKey } = deps;
    const application = await data.getRepository(Application).findOneByOrFail({ id: applicationId });
    const place = { codeKey, subject: `application/${applicationId}` };
    const code = agentCode(codeKey, applicationId, attempt);
    const { number, agentPhone: phone } = application;
    const onceKey = `phone-code/${attempt}`;
    await data.transaction(async (tx) => {
      const fresh = await appendAudit(tx, {
        subject: place.subject,
        at: now(),
        actor: WORKFLOW,
        action: 'phone.code-sent',
        details: { attempt },
        next: 'agent',
        until: application.dueAt,
        onceKey,
      });
      if (fresh) await keepCode(tx, place, phone, code, now());
    });
    const letter = { id: uuidv7(), applicationId, template: 'agent-code' as const, values: { number }, phone };
    await handToFirst(deps, `${applicationId}/agent-code/${attempt}`, () => Promise.resolve(letter));
  },
});
