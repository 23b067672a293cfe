/** What a case says in its messages, from its rows. The compiler asks for the values of every template. */
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
  XinyinError,
  yuan,
  type ReminderTemplate,
  type SmsTemplate,
} from '#domain';
import {
  Application,
  BankCredit,
  Certificate,
  Correction,
  DispatchItem,
  FeeOrder,
  Invoice,
  InvoiceLink,
  Token,
  UnlockTicket,
} from '#persistence';
import { IsNull, type EntityManager } from 'typeorm';
import { changeWords } from './agent-change-words.js';

/** What a case sends of its own accord. Codes and reminders have senders of their own. */
export type CaseTemplate = Exclude<SmsTemplate, 'login-code' | 'agent-code' | 'agent-change-code' | 'unlock-code' | ReminderTemplate>;

export interface Occasion {
  template: CaseTemplate;
  creditId?: string;
  /** Absent for the first invoice of a case. */
  invoiceId?: string;
  /** A change of the agent, and for what goes to the phone of before: which one that was. */
  changeId?: string;
}

/** Who had the case until a change of the agent is told about it on the phone of before. */
const toPhoneOfBefore: readonly CaseTemplate[] = ['agent-change-announced', 'agent-changed'];

export async function recipientOf(tx: EntityManager, { agentPhone }: Application, { template, changeId }: Occasion): Promise<string> {
  return toPhoneOfBefore.includes(template) ? (await changeWords(tx, changeId ?? '')).oldPhone : agentPhone;
}

type Values = Record<string, string | number>;

export async function valuesFor(tx: EntityManager, application: Application, input: Occasion): Promise<Values> {
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
    case 'invoice-replaced':
    case 'invoice-reversed':
    case 'invoice-link':
      return { linkId: await linkOf(tx, applicationId, input.invoiceId) };
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
    case 'certificate-ended':
    case 'review-rejected':
    case 'payment-confirmed':
      return {};
  }
}

/** The link itself is made of this as the message goes out: it is kept nowhere. */
async function linkOf(tx: EntityManager, applicationId: string, invoiceId?: string): Promise<string> {
  const where = invoiceId === undefined ? ({ occasion: 'completion', occasionId: applicationId } as const) : { id: invoiceId };
  const { id } = await tx.findOneByOrFail(Invoice, where);
  const link = await tx.findOneBy(InvoiceLink, { invoiceId: id, endedAt: IsNull() });
  // Made before links were ours: the queue makes one, and the message is tried again.
  if (!link) throw new XinyinError('UNAVAILABLE');
  return link.id;
}
