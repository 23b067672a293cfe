/** The agent's phone is known from the submitting session, or verified by a code. The code itself never enters a history. */
import { agentCodeLifetimeMs, XinyinError } from '#domain';
import { appendAudit, Application, SmsCode, smsCodeHash } from '#persistence';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase, WORKFLOW } from '../casework/index.js';
import type { BusinessDeps, RecordDeps } from '../deps.js';
import { agentCode, handToFirst } from '../messages/index.js';

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
    const subject = `application/${applicationId}`;
    const code = agentCode(codeKey, applicationId, attempt);
    const { number, agentPhone: phone } = application;
    const onceKey = `phone-code/${attempt}`;
    await data.transaction(async (tx) => {
      const fresh = await appendAudit(tx, {
        subject,
        at: now(),
        actor: WORKFLOW,
        action: 'phone.code-sent',
        details: { attempt },
        next: 'agent',
        until: application.dueAt,
        onceKey,
      });
      if (!fresh) return;
      await tx.update(SmsCode, { subject }, { expiresAt: now() });
      const id = uuidv7();
      const codeHash = smsCodeHash(codeKey, id, code);
      const expiresAt = new Date(now().getTime() + agentCodeLifetimeMs);
      await tx.insert(SmsCode, {
        id,
        subject,
        phone: application.agentPhone,
        codeHash,
        createdAt: now(),
        expiresAt,
        attempts: 0,
        usedAt: null,
      });
    });
    const letter = { id: uuidv7(), applicationId, template: 'agent-code' as const, values: { number }, phone };
    await handToFirst(deps, `${applicationId}/agent-code/${attempt}`, () => Promise.resolve(letter));
  },
});
