/** SMS of a case. Promises: the same occasion sends one message; the text is made from the rows at the time of sending, never travels through a history. */
import {
  accountKinds,
  calendarDay,
  carriedReasons,
  fen,
  heldReasonWords,
  isAccountKind,
  isRevocationCause,
  outcomes,
  revocationCauses,
  shanghaiClock,
  shownDay,
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
import { WORKFLOW } from '../casework/index.js';
import type { BusinessDeps } from '../deps.js';

/** What a case sends of its own accord. Codes and reminders have senders of their own. */
export type CaseTemplate = Exclude<SmsTemplate, 'login-code' | 'agent-code' | 'unlock-code' | ReminderTemplate>;

export interface SendSms {
  applicationId: string;
  template: CaseTemplate;
  /** The occasion, unique in the case. */
  onceKey: string;
  creditId?: string;
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
      phone: application.agentPhone,
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
    case 'parcel-delivered':
    case 'parcel-returned':
    case 'parcel-lost':
      return { tracking: (await tx.findOneByOrFail(DispatchItem, { applicationId })).trackingNumber ?? '' };
    case 'carried':
    case 'dispatch-moved':
    case 'dispatched': {
      const item = await tx.findOneByOrFail(DispatchItem, { applicationId });
      const day = shownDay({ day: calendarDay(item.day), provisional: application.dispatchPromise?.['provisional'] === true });
      if (input.template === 'dispatch-moved') return { day, from: item.movedFrom ?? '', reason: application.dispatchReason ?? '' };
      return {
        day,
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
    case 'lifted':
    case 'withdrawn':
    case 'cancelled':
    case 'review-rejected':
    case 'payment-confirmed':
      return {};
  }
}
