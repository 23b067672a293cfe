/** SMS of a case. Promises: the same occasion sends one message; the text is made from the rows at the time of sending, never travels through a history. */
import {
  accountKinds,
  carriedReasons,
  fen,
  heldReasonWords,
  isAccountKind,
  isRevocationCause,
  outcomes,
  revocationCauses,
  shanghaiClock,
  smsText,
  yuan,
  type ReminderTemplate,
  type SmsTemplate,
} from '#domain';
import {
  appendAudit,
  Application,
  BankCredit,
  Certificate,
  Correction,
  DispatchItem,
  FeeOrder,
  Invoice,
  SmsMessage,
  Token,
  UnlockTicket,
} from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { changeWords } from '../agent-change/index.js';
import { WORKFLOW } from '../casework/index.js';
import type { BusinessDeps } from '../deps.js';

/** What a case sends of its own accord. Codes and reminders have senders of their own. */
export type CaseTemplate = Exclude<SmsTemplate, 'login-code' | 'agent-code' | 'agent-change-code' | 'unlock-code' | ReminderTemplate>;

export interface SendSms {
  applicationId: string;
  template: CaseTemplate;
  /** The occasion, unique in the case. */
  onceKey: string;
  creditId?: string;
  /** A change of the agent, and for what goes to the phone of before: which one that was. */
  changeId?: string;
}

export const messageActivities = ({ data, now, gateways }: BusinessDeps) => ({
  async sendSms(input: SendSms): Promise<void> {
    const onceKey = `${input.applicationId}/${input.onceKey}`;
    if (await data.manager.existsBy(SmsMessage, { onceKey })) return;
    const application = await data.manager.findOneByOrFail(Application, { id: input.applicationId });
    const values = { number: application.number, ...(await valuesFor(data.manager, application, input)) };
    const { template } = input;
    const sent = await gateways.sms.send({
      idempotencyKey: onceKey,
      phone: await recipientOf(data.manager, application, input),
      text: smsText(template, values),
      template,
    });
    await data.transaction(async (tx) => {
      const fresh = await appendAudit(tx, {
        subject: `application/${application.id}`,
        at: now(),
        actor: WORKFLOW,
        action: 'sms.sent',
        details: { template },
        next: application.waitingFor,
        until: application.dueAt,
        onceKey: `sms/${input.onceKey}`,
      });
      if (fresh)
        await tx.insert(SmsMessage, {
          id: uuidv7(),
          applicationId: application.id,
          onceKey,
          template,
          values,
          providerId: sent.messageId,
          sentAt: now(),
        });
    });
  },
});

/** Who had the case until a change of the agent is told about it on the phone of before. */
const toPhoneOfBefore: readonly CaseTemplate[] = ['agent-change-announced', 'agent-changed'];

async function recipientOf(tx: EntityManager, { agentPhone }: Application, { template, changeId }: SendSms): Promise<string> {
  return toPhoneOfBefore.includes(template) ? (await changeWords(tx, changeId ?? '')).oldPhone : agentPhone;
}

type Values = Record<string, string | number>;

async function valuesFor(tx: EntityManager, application: Application, input: SendSms): Promise<Values> {
  const applicationId = application.id;
  switch (input.template) {
    case 'renewal-approved':
    case 'review-approved': {
      const order = await tx.findOneByOrFail(FeeOrder, { applicationId });
      return { amount: yuan(fen(order.amountFen)), reference: order.reference, until: shanghaiClock(order.expiresAt) };
    }
    case 'review-returned': {
      const correction = await tx.findOneOrFail(Correction, { where: { applicationId }, order: { round: 'DESC' } });
      return { count: correction.returnedFields.length, until: application.dueAt ? shanghaiClock(application.dueAt) : '' };
    }
    case 'payment-short': {
      const order = await tx.findOneByOrFail(FeeOrder, { applicationId });
      return { received: yuan(fen(order.receivedFen)), missing: yuan(fen(Math.max(0, order.amountFen - order.receivedFen))) };
    }
    case 'payment-held': {
      const credit = await tx.findOneByOrFail(BankCredit, { id: input.creditId ?? '' });
      return { reason: credit.heldReason ? heldReasonWords[credit.heldReason].zh : '' };
    }
    case 'completed':
      return { day: application.dispatchDay ?? '', reason: application.dispatchReason ?? '' };
    case 'carried':
    case 'dispatched': {
      const item = await tx.findOneByOrFail(DispatchItem, { applicationId });
      return {
        day: item.day,
        reason: item.carriedReason ? carriedReasons[item.carriedReason].zh : '',
        tracking: item.trackingNumber ?? '',
      };
    }
    case 'invoice':
      return { link: (await tx.findOneByOrFail(Invoice, { applicationId })).link };
    case 'expired':
      return { reason: outcomes['order-expired'].zh };
    case 'installed': {
      const certificate = await tx.findOneByOrFail(Certificate, { applicationId, kind: 'signing' });
      return { notAfter: shanghaiClock(certificate.notAfter) };
    }
    case 'handed-over': {
      const tokens = await tx.find(Token, { where: { applicationId }, order: { index: 'ASC' } });
      return { token: tokens.map(({ serialNumber }) => serialNumber).join('、') };
    }
    case 'account-bound':
    case 'binding-refused':
    case 'account-unbound': {
      const { kind } = application.form.roleAccount;
      return { kind: isAccountKind(kind) ? accountKinds[kind].zh : '' };
    }
    case 'unlocked':
      return { token: (await tx.findOneByOrFail(UnlockTicket, { applicationId })).tokenSerialNumber };
    case 'install-ready':
    case 'suspended':
      return { until: application.dueAt ? shanghaiClock(application.dueAt) : '' };
    case 'revoked': {
      const { cause } = application.form;
      return { reason: cause !== undefined && isRevocationCause(cause) ? revocationCauses[cause].zh : '' };
    }
    case 'agent-change-announced':
    case 'agent-changed':
      return { change: (await changeWords(tx, input.changeId ?? '')).change };
    case 'agent-change-ended': {
      const { change, reason } = await changeWords(tx, input.changeId ?? '');
      return { change, reason };
    }
    case 'agent-welcome':
    case 'lifted':
    case 'withdrawn':
    case 'cancelled':
    case 'review-rejected':
    case 'payment-confirmed':
      return {};
  }
}
