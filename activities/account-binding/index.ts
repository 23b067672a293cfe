/**
 * Role accounts and the platform that owns them. Promises: an account is put before the administrator once and taken back once, however
 * often it is asked; the first decision counts; who knows a password keeps it: what is sent is the platform's own word that it was right.
 */
import { accountKinds, isAccountKind, XinyinError, type AccountKind, type Actor } from '#domain';
import { AccountBinding, answerBinding, Application, Certificate, holdBinding, PlatformDecision } from '#persistence';
import type { EntityManager } from 'typeorm';
import { lockCase, moveCase } from '../casework/index.js';
import type { BusinessDeps, RecordDeps } from '../deps.js';

type Waiting = { applicationId: string; until: string };

export const bindingRecordActivities = ({ data, now }: RecordDeps) => ({
  async openPlatformApproval({ applicationId, until }: Waiting): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'platform-approval', waitingFor: 'system', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'application.started', onceKey: 'started' }, now());
    });
  },

  /** The API recorded what the platform told; here it takes effect. What was taken back meanwhile stays taken back. */
  async applyPlatformDecision({
    applicationId,
    decisionId,
  }: {
    applicationId: string;
    decisionId: string;
  }): Promise<'approved' | 'refused'> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const told = await tx.findOneBy(PlatformDecision, { id: decisionId, applicationId });
      if (!told) throw new XinyinError('NOT_FOUND');
      const { decision, reason, submissionId } = told;
      const of = kindOf(application);
      const action = decision === 'approved' ? 'binding.approved' : 'binding.refused';
      const actor = { kind: 'platform', id: submissionId } as const;
      const move = { waitingFor: 'system', until: null } as const;
      const fresh = await moveCase(
        tx,
        application,
        move,
        { action, details: kindWords(of.kind), actor, onceKey: 'platform-decision' },
        now(),
      );
      if (!fresh) return decision;
      await tx.update(PlatformDecision, { id: decisionId }, { appliedAt: now() });
      const before = await holdBinding(tx, of);
      if (before?.applicationId === applicationId && before.state === 'pending')
        await answerBinding(tx, { before, of, answer: { state: decision, reason }, at: now() });
      return decision;
    });
  },
});

export const bindingActivities = ({ data, now, gateways }: BusinessDeps) => ({
  async submitBinding({ applicationId, until }: Waiting): Promise<void> {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const { account, checkId, kind, uscc } = await data.manager.findOneByOrFail(AccountBinding, { applicationId });
    const { submissionId } = await gateways.platform.submitAccount({
      ...{ idempotencyKey: `${applicationId}/account`, reference: applicationId, uscc, kind },
      ...{ account: account ?? '', checkId: checkId ?? '', certificateSerial: application.subjectSerial ?? '' },
    });
    await data.transaction(async (tx) => {
      const locked = await lockCase(tx, applicationId);
      const move = { waitingFor: 'platform', until: new Date(until) } as const;
      const event = { action: 'binding.submitted', details: kindWords(kind), onceKey: 'binding-submitted' } as const;
      const fresh = await moveCase(tx, locked, move, event, now());
      if (fresh) await tx.update(AccountBinding, { applicationId }, { submissionId });
    });
  },

  /**
   * A changed certificate: every account that was approved is bound to the new one, for the new code where the code has changed. What the
   * platform refuses is left for the holder, who is told in the timeline: nobody waits at the window for it.
   */
  async rebindAccounts({ applicationId }: { applicationId: string }): Promise<void> {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const { uscc, certificateName, subjectSerial } = application;
    const old = await data.manager.findOneByOrFail(Certificate, { serial: subjectSerial ?? '' });
    const before = await data.manager.findOneByOrFail(Application, { id: old.applicationId });
    const { serial: certificateSerial } = await data.manager.findOneByOrFail(Certificate, { applicationId, kind: 'signing' });
    for (const { kind, account } of await data.manager.findBy(AccountBinding, { uscc: before.uscc, state: 'approved' })) {
      const binding = { idempotencyKey: `${applicationId}/rebind/${kind}`, uscc: before.uscc, certificateSerial, certificateName };
      const bound = await acceptedBy(gateways.platform.bind({ ...binding, account: account ?? '' }));
      await data.transaction(async (tx) => {
        const locked = await lockCase(tx, applicationId);
        const action = bound ? 'binding.renewed' : 'binding.not-renewed';
        const fresh = await moveCase(tx, locked, {}, { action, details: kindWords(kind), onceKey: `rebound/${kind}` }, now());
        if (!fresh || !bound || uscc === before.uscc) return;
        const of = { uscc, kind };
        await answerBinding(tx, {
          before: await holdBinding(tx, of),
          of,
          answer: { state: 'approved', account, applicationId },
          at: now(),
        });
      });
    }
  },

  /** Takes back what the case submitted or bound. `by` is the session of whoever asked; null when the case itself was taken back. */
  async unbindAccount({ applicationId, by }: { applicationId: string; by: string | null }): Promise<void> {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const of = kindOf(application);
    const { account } = application.form.roleAccount;
    await gateways.platform.unbindAccount({ ...of, account, idempotencyKey: `${applicationId}/unbind` });
    await data.transaction(async (tx) => {
      const locked = await lockCase(tx, applicationId);
      const actor: Actor | undefined = by === null ? undefined : { kind: 'applicant', id: by };
      const event = { action: 'binding.unbound', details: kindWords(of.kind), actor, onceKey: 'binding-unbound' } as const;
      const fresh = await moveCase(tx, locked, {}, event, now());
      const before = await holdBinding(tx, of);
      if (fresh && before?.applicationId === applicationId)
        await answerBinding(tx, { before, of, answer: { state: 'unbound' }, at: now() });
    });
  },
});

/** False for a refusal that no retry can mend. */
async function acceptedBy(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof XinyinError && error.code === 'GATEWAY_REFUSED') return false;
    throw error;
  }
}

/** A Friday's binding is the platform's own act, so it stands as approved. An account that the holder has submitted meanwhile goes its way. */
export async function recordFridayBinding(tx: EntityManager, application: Application, at: Date): Promise<void> {
  const of = kindOf(application);
  const before = await holdBinding(tx, of);
  const { account } = application.form.roleAccount;
  if (before?.state === 'pending' || (before?.state === 'approved' && before.account === account)) return;
  const nothing = { checkId: null, submissionId: null };
  await answerBinding(tx, { before, of, answer: { state: 'approved', account, applicationId: application.id, ...nothing }, at });
}

/** The form's rule has checked the kind. */
function kindOf({ uscc, form }: Application): { uscc: string; kind: AccountKind } {
  const { kind } = form.roleAccount;
  if (!isAccountKind(kind)) throw new XinyinError('FIELD_CHOICE');
  return { uscc, kind };
}

const kindWords = (kind: AccountKind) => ({ kind: accountKinds[kind].zh, kindEn: accountKinds[kind].en, code: kind });
