/** What happens to a message after the first operator had it, or did not take it: the steps of `message/<id>`, and who starts it. */
import { deliveryRules, minutes, nextDelivery, system, type DeliveryStep, type SmsProvider } from '#domain';
import {
  appendAudit,
  Application,
  endWaiting,
  lockMessage,
  messageSubject,
  openTask,
  recordNotTaken,
  recordTaken,
  SmsEarlyReceipt,
  SmsHandOver,
  SmsMessage,
} from '#persistence';
import { messageWorkflowId, queues, searchAttributes, workflowTypes, type MessageInput } from '#workflows/contract';
import { getClient } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { LessThan, LessThanOrEqual, type EntityManager } from 'typeorm';
import type { BusinessDeps, RecordDeps } from '../deps.js';
import { send } from './hand-over.js';

/** An hour's messages of a busy office, and no more than a run of a minute can start. */
const AT_ONCE = 1000;
/** A receipt overtakes our note of its message by moments, not by a day. */
const EARLY_KEPT_MS = minutes(60 * 24);

/** As it travels through a history: instants in ISO. */
export type Step = Exclude<DeliveryStep, { do: 'wait' }> | { do: 'wait'; until: string };

export const deliveryRecordActivities = ({ data, now }: RecordDeps) => ({
  /** The rule over the rows. When nothing helped, the task for a person is opened in the same transaction. */
  async decideDelivery({ messageId }: MessageInput): Promise<Step> {
    return data.transaction(async (tx) => {
      const message = await lockMessage(tx, messageId);
      if (message.followAt !== null || message.followedAt === null)
        await tx.update(SmsMessage, { id: messageId }, { followAt: null, followedAt: message.followedAt ?? now() });
      const step = nextDelivery(message.template, await tx.findBy(SmsHandOver, { messageId }), now());
      if (step.do === 'task') await askToCall(tx, message, step.why, now());
      return step.do === 'wait' ? { do: 'wait', until: step.until.toISOString() } : step;
    });
  },

  async recordNotTaken({ messageId, provider, code }: { messageId: string; provider: SmsProvider; code: string }): Promise<void> {
    await data.transaction((tx) => recordNotTaken(tx, { id: messageId }, provider, code, now()));
  },
});

export const deliveryActivities = (deps: BusinessDeps) => ({
  async handToSecond({ messageId, provider }: { messageId: string; provider: SmsProvider }): Promise<void> {
    const message = await deps.data.manager.findOneByOrFail(SmsMessage, { id: messageId });
    const { messageId: providerId } = await send(deps, provider, message);
    const { id, onceKey, applicationId, template, values, phone } = message;
    const known = { id, onceKey, applicationId, template, values, phone };
    await deps.data.transaction((tx) => recordTaken(tx, known, { provider, providerId, at: deps.now() }));
  },

  /** Starts `message/<id>` for every message that failed, was not reported in time, or is tried by nobody. Starting twice is harmless. */
  async followMessages(_: object): Promise<{ started: number }> {
    const { data, now } = deps;
    await data.manager.delete(SmsEarlyReceipt, { receivedAt: LessThan(new Date(now().getTime() - EARLY_KEPT_MS)) });
    await endNobodys(deps);
    const due = await data.manager.find(SmsMessage, {
      where: { followAt: LessThanOrEqual(now()) },
      order: { followAt: 'ASC' },
      take: AT_ONCE,
    });
    for (const message of due) await start(data.manager, message);
    return { started: due.length };
  },
});

/** A case that was broken off, or terminated, leaves behind what it was just trying to send. */
async function endNobodys({ data, now, gateways }: BusinessDeps): Promise<void> {
  const sentAt = LessThanOrEqual(new Date(now().getTime() - deliveryRules.nobodysAfterMs));
  const waiting = await data.manager.find(SmsMessage, { where: { state: 'waiting', sentAt }, order: { sentAt: 'ASC' }, take: AT_ONCE });
  const [provider] = gateways.smsOrder;
  for (const message of waiting) await data.transaction((tx) => endWaiting(tx, message, provider, now()));
}

async function askToCall(tx: EntityManager, message: SmsMessage, why: string, at: Date): Promise<void> {
  const { id, applicationId, template } = message;
  await openTask(tx, { kind: 'message-undelivered', subject: `message/${id}`, applicationId, why, openedAt: at });
  await tx.update(SmsMessage, { id }, { state: 'undelivered' });
  const event = { action: 'sms.undelivered' as const, details: { template, code: why }, onceKey: `undelivered/${id}` };
  await appendAudit(tx, { subject: messageSubject(message), at, actor: system('workflow'), ...event });
}

async function start(manager: EntityManager, { id, applicationId, template }: SmsMessage): Promise<void> {
  const application = applicationId === null ? null : await manager.findOneBy(Application, { id: applicationId });
  const input: MessageInput = { messageId: id };
  try {
    await getClient().workflow.start(workflowTypes.deliverMessage, {
      workflowId: messageWorkflowId(id),
      taskQueue: queues.business,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [input],
      staticSummary: `短信未送达 Message not delivered: ${template}`,
      ...(application ? { typedSearchAttributes: [{ key: searchAttributes.applicationNo, value: application.number }] } : {}),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
