/** Asked for, decided, applied, ended: each once, with its entry in the audit. */
import {
  agentChangeRefusals,
  callBackNumbers,
  stageRefused,
  takesAgentChange,
  XinyinError,
  type Actor,
  type AgentChangeDecision,
  type AuditAction,
} from '#domain';
import { AgentChange, AgentChangeDecisionRow, appendAudit, Application, Correction, Draft, Session, SmsCode } from '#persistence';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { lockCase, moveCase, writeCase, WORKFLOW } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import { endWords, kindWords } from './words.js';

interface Change {
  applicationId: string;
  changeId: string;
}
/** Until when the next one has to act. */
type Waiting = Change & { until: string };

const AGENT: Actor = { kind: 'applicant', id: 'agent' };

async function find(tx: EntityManager, { applicationId, changeId }: Change): Promise<AgentChange> {
  const change = await tx.findOneBy(AgentChange, { id: changeId, applicationId });
  if (!change) throw new XinyinError('NOT_FOUND');
  return change;
}

export const agentChangeActivities = ({ data, now }: RecordDeps) => {
  type Entry = { actor: Actor; next?: 'staff' | 'agent'; until?: Date; details?: Record<string, string> };
  const note = (tx: EntityManager, change: AgentChange, action: AuditAction, { details = {}, ...entry }: Entry) =>
    appendAudit(tx, {
      subject: `application/${change.applicationId}`,
      at: now(),
      action,
      details: { ...kindWords(change), ...details },
      onceKey: `${action}/${change.id}`,
      ...entry,
    });

  return {
    /** @throws XinyinError MATERIAL_MISSING for a letter that spoke for another change; STAGE_REFUSES when the agent's phone is another by now */
    async openAgentChange({ until, ...of }: Waiting): Promise<void> {
      await data.transaction(async (tx) => {
        const application = await lockCase(tx, of.applicationId);
        const change = await find(tx, of);
        if (change.state !== 'recorded') return;
        if (change.oldPhone !== application.agentPhone) throw stageRefused(application.stage);
        const { letterId, enteredBy, calledNumber } = change;
        if (letterId !== null && (await tx.existsBy(AgentChange, { letterId, state: Not('recorded') })))
          throw new XinyinError('MATERIAL_MISSING');
        const dueAt = new Date(until);
        await tx.update(AgentChange, { id: change.id }, { state: 'asked', dueAt });
        const actor = enteredBy === null ? AGENT : ({ kind: 'staff', id: enteredBy } as const);
        if (calledNumber !== null) {
          const { zh, en } = callBackNumbers[calledNumber];
          await note(tx, change, 'agent.called-back', { actor, details: { called: zh, calledEn: en } });
        }
        await note(tx, change, 'agent.change-asked', { actor, next: 'staff', until: dueAt });
      });
    },

    async decideAgentChange({ until, applicationId, ...decision }: AgentChangeDecision & { applicationId: string; until: string }) {
      const { changeId, outcome, by } = decision;
      const reason = decision.outcome === 'rejected' ? decision.reason : null;
      await data.transaction(async (tx) => {
        await lockCase(tx, applicationId);
        const change = await find(tx, { applicationId, changeId });
        if (await tx.existsBy(AgentChangeDecisionRow, { changeId, outcome })) return;
        await tx.insert(AgentChangeDecisionRow, { changeId, outcome, applicationId, reason, decidedBy: by, decidedAt: now() });
        const actor = { kind: 'staff', id: by } as const;
        if (reason !== null) {
          await tx.update(AgentChange, { id: changeId }, { state: 'rejected', dueAt: null, settledAt: now() });
          const { zh, en } = agentChangeRefusals[reason];
          await note(tx, change, 'agent.change-rejected', { actor, details: { reason: zh, reasonEn: en, code: reason } });
          return;
        }
        const dueAt = new Date(until);
        await tx.update(AgentChange, { id: changeId }, { state: 'approved', dueAt });
        await note(tx, change, 'agent.change-approved', { actor, next: 'agent', until: dueAt });
      });
    },

    /** The API checked the code and marked it used. From the commit on the case is the new phone's. @throws XinyinError CODE_EXPIRED, STAGE_REFUSES */
    async applyAgentChange({ codeId, ...of }: Change & { codeId: string }): Promise<void> {
      await data.transaction(async (tx) => {
        const application = await lockCase(tx, of.applicationId);
        const change = await find(tx, of);
        if (change.state === 'applied') return;
        // The row knows the stage from the moment it was opened, the case a little later. A phone corrected meanwhile is not what was approved.
        if (!takesAgentChange(change.kind, application.stage) || change.oldPhone !== application.agentPhone)
          throw stageRefused(application.stage);
        const code = await tx.findOneBy(SmsCode, { id: codeId, subject: `agent-change/${change.id}`, phone: change.newPhone });
        if (!code?.usedAt) throw new XinyinError('CODE_EXPIRED');
        await giveOver(tx, application, change, now());
        const event = { action: 'agent.changed', details: kindWords(change), actor: AGENT, onceKey: `agent.changed/${change.id}` } as const;
        await moveCase(tx, application, {}, event, now());
        await tx.update(AgentChange, { id: change.id }, { state: 'applied', dueAt: null, settledAt: now() });
      });
    },

    async endAgentChange({ end, ...of }: Change & { end: 'expired' | 'case-ended' }): Promise<void> {
      await data.transaction(async (tx) => {
        await lockCase(tx, of.applicationId);
        const change = await find(tx, of);
        const fresh = await note(tx, change, 'agent.change-ended', { actor: WORKFLOW, details: endWords[end] });
        if (fresh) await tx.update(AgentChange, { id: change.id }, { state: end, dueAt: null, settledAt: now() });
      });
    },
  };
};

async function giveOver(tx: EntityManager, application: Application, change: AgentChange, at: Date): Promise<void> {
  const { kind, oldPhone, newPhone, agentName, identityNumber } = change;
  const { agent, delivery } = application.form;
  const person = kind === 'other-agent' ? { name: agentName ?? agent.name, identityNumber: identityNumber ?? agent.identityNumber } : agent;
  // Who receives the letter stays who the review saw; the same person is reached under the new number.
  const receiver = kind === 'lost-phone' && delivery.phone === oldPhone ? { ...delivery, phone: newPhone } : delivery;
  application.form = { ...application.form, agent: { ...person, phone: newPhone }, delivery: receiver };
  application.agentPhone = newPhone;
  if (kind === 'other-agent' || application.submittedByPhone === oldPhone) application.submitterReleasedAt = at;
  await writeCase(tx, application);
  const ownDraft = { id: application.draftId, enteredBy: IsNull() };
  if (application.submitterReleasedAt !== null) await tx.update(Draft, ownDraft, { ownerPhone: newPhone });
  await tx.update(SmsCode, { subject: `application/${application.id}`, usedAt: IsNull() }, { expiresAt: at });
  await forgetCorrectedAgent(tx, application.id);
  if (kind === 'lost-phone') await logOut(tx, oldPhone, at);
}

/** What was being corrected about the agent is overtaken: it must not come back with the correction. */
async function forgetCorrectedAgent(tx: EntityManager, applicationId: string): Promise<void> {
  const open = await tx.findOne(Correction, { where: { applicationId, appliedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
  if (!open) return;
  const { agent: _overtaken, ...form } = open.form;
  const returnedFields = open.returnedFields.filter((field) => !field.startsWith('agent/'));
  await tx.update(Correction, { id: open.id }, { form, returnedFields });
}

/** A phone that is lost is in nobody's hand or in a stranger's: whatever it has open is closed, for other cases too. */
async function logOut(tx: EntityManager, phone: string, at: Date): Promise<void> {
  await tx.update(Session, { phone, endedAt: IsNull() }, { endedAt: at });
  await tx.update(SmsCode, { subject: 'login', phone, usedAt: IsNull() }, { expiresAt: at });
}
