/**
 * Hand-overs of messages and what operators report of them. Both sides hold the operator's number of the message until they commit, so that
 * a receipt which overtakes our own note of the hand-over is found by it.
 */
import {
  deliveryRules,
  nobodysMessage,
  receiptFinding,
  settledBy,
  smsProviders,
  system,
  type Actor,
  type HandedOver,
  type Receipt,
  type ReceiptFinding,
  type SmsProvider,
  type Waiter,
} from '#domain';
import type { EntityManager } from 'typeorm';
import { appendAudit } from './audit.js';
import { Application } from './entities/application.js';
import { SmsEarlyReceipt, SmsHandOver, SmsMessage, StaffTask } from './entities/messages.js';
import { auditTaskEnd } from './staff-tasks.js';

/** Written for the first time as it is handed over, or found again. */
export type NewMessage = Pick<SmsMessage, 'id' | 'onceKey' | 'applicationId' | 'template' | 'values' | 'phone'>;

/** The chain in which a message's events stand: its application's, where it has one. */
export const messageSubject = ({ id, applicationId }: Pick<SmsMessage, 'id' | 'applicationId'>) =>
  applicationId === null ? `message/${id}` : `application/${applicationId}`;

/** Codes are told of by entries of their own. */
const carriesCode = ({ template }: Pick<SmsMessage, 'template'>) => template === 'agent-code' || template === 'unlock-code';

export interface Taken {
  provider: SmsProvider;
  /** The operator's own name for it. */
  providerId: string;
  at: Date;
  /** What its case waits for meanwhile. */
  standing?: { next: Waiter | null; until: Date | null };
}

/** An operator took it. Changes nothing when that was recorded before. */
export async function recordTaken(tx: EntityManager, message: NewMessage, { provider, providerId, at, standing }: Taken): Promise<void> {
  await holdNumber(tx, provider, providerId);
  const followAt = new Date(at.getTime() + deliveryRules.receiptWithinMs);
  const known = await insertOrLock(tx, message, { state: 'under-way', sentAt: at, followAt });
  if (known && (await tx.existsBy(SmsHandOver, { messageId: known.id, provider }))) return;
  const messageId = known?.id ?? message.id;
  const taken: HandedOver = { provider, state: 'taken', at, settledAt: null, code: null };
  await tx.insert(SmsHandOver, { ...taken, messageId, providerId });
  if (known?.state === 'waiting' || known?.state === 'not-sent')
    await tx.update(SmsMessage, { id: messageId }, { state: 'under-way', followAt });
  if (!carriesCode(message)) await auditSent(tx, { ...message, id: messageId }, provider, at, standing);
  const early = await tx.findOneBy(SmsEarlyReceipt, { provider, providerId });
  if (early) await settle(tx, await lockMessage(tx, messageId), taken, early, at);
}

async function auditSent(
  tx: EntityManager,
  message: NewMessage,
  provider: SmsProvider,
  at: Date,
  standing: Taken['standing'],
): Promise<void> {
  if (message.applicationId === null) return;
  const { template, id } = message;
  const event = { action: 'sms.sent' as const, details: { template, provider }, onceKey: `sms/${id}/${provider}`, ...standing };
  await audit(tx, message, at, WORKFLOW, event);
}

/** The first operator did not take it just now, and is to be tried again. */
export async function recordWaiting(tx: EntityManager, message: NewMessage, at: Date): Promise<SmsMessage> {
  const row = { state: 'waiting' as const, sentAt: at, followAt: null };
  return (await insertOrLock(tx, message, row)) ?? (await tx.findOneByOrFail(SmsMessage, { id: message.id }));
}

/** An operator will not be tried again. `message/<id>` is to see to it at once. */
export async function recordNotTaken(
  tx: EntityManager,
  { id }: { id: string },
  provider: SmsProvider,
  code: string,
  at: Date,
): Promise<void> {
  const message = await lockMessage(tx, id);
  if (message.state === 'not-sent' || (await tx.existsBy(SmsHandOver, { messageId: id, provider }))) return;
  await tx.insert(SmsHandOver, { messageId: id, provider, providerId: null, state: 'not-taken', at, settledAt: null, code });
  if (message.followedAt === null) await tx.update(SmsMessage, { id }, { state: 'under-way', followAt: at });
  await audit(tx, message, at, WORKFLOW, { action: 'sms.not-taken', details: details(message, provider, code) });
}

/** A message that still waits for its first operator, and that nobody tries any more: it is given up, or goes through the other one. */
export async function endWaiting(tx: EntityManager, { id }: { id: string }, provider: SmsProvider, at: Date): Promise<void> {
  const message = await lockMessage(tx, id);
  if (message.state !== 'waiting') return;
  const case_ = message.applicationId === null ? null : await tx.findOneBy(Application, { id: message.applicationId });
  if (nobodysMessage(message, case_?.closedAt ?? null) === 'not-taken')
    return recordNotTaken(tx, { id }, provider, 'GATEWAY_UNAVAILABLE', at);
  await tx.update(SmsMessage, { id }, { state: 'not-sent' });
  const event = { action: 'sms.not-sent', details: { template: message.template, code: 'case-ended' }, onceKey: `not-sent/${id}` } as const;
  await audit(tx, message, at, WORKFLOW, event);
}

export interface ReceiptRecord {
  finding: ReceiptFinding | 'unknown';
  /** The message, where `message/<id>` has it in hand and wants to hear of it. */
  followed: string | null;
}

/** What an operator reports. Nothing that it may report in the right form is an error. */
export async function recordReceipt(
  tx: EntityManager,
  provider: SmsProvider,
  { messageId: providerId, ...receipt }: Receipt & { messageId: string },
  now: Date,
): Promise<ReceiptRecord> {
  await holdNumber(tx, provider, providerId);
  // Held by its number, it changes no more: only receipts change it.
  const known = await tx.findOneBy(SmsHandOver, { provider, providerId });
  if (!known) {
    await keepEarly(tx, provider, providerId, receipt, now);
    return { finding: 'unknown', followed: null };
  }
  const message = await lockMessage(tx, known.messageId);
  const finding = receiptFinding(known, receipt, now);
  await settle(tx, message, known, receipt, now);
  return { finding, followed: message.followedAt === null ? null : message.id };
}

async function settle(tx: EntityManager, message: SmsMessage, known: HandedOver, receipt: Receipt, now: Date): Promise<void> {
  const { state, settledAt, code } = settledBy(known, receipt);
  const { id } = message;
  await tx.update(SmsHandOver, { messageId: id, provider: known.provider }, { state, settledAt, code });
  if (state === known.state) return;
  if (state === 'delivered') {
    await tx.update(SmsMessage, { id }, { state: 'delivered', followAt: null });
    if (message.state === 'undelivered') await dropTask(tx, message, now);
    return;
  }
  if (message.state === 'under-way' && message.followedAt === null) await tx.update(SmsMessage, { id }, { followAt: now });
  await audit(tx, message, now, system(known.provider), { action: 'sms.failed', details: details(message, known.provider, code ?? '') });
}

/** It arrived after all: a task that nobody has taken yet need not be done. */
async function dropTask(tx: EntityManager, message: SmsMessage, now: Date): Promise<void> {
  const { affected } = await tx
    .createQueryBuilder()
    .update(StaffTask)
    .set({ doneAt: now, note: 'arrived' })
    .where('subject = :subject AND done_at IS NULL AND (claim_until IS NULL OR claim_until <= :now)', {
      subject: `message/${message.id}`,
      now,
    })
    .execute();
  if (affected) await auditTaskEnd(tx, messageSubject(message), now, 'arrived');
}

/** Locks the message for the transaction. */
export async function lockMessage(tx: EntityManager, id: string): Promise<SmsMessage> {
  return tx.findOneOrFail(SmsMessage, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

/** Null when this wrote it; otherwise the message as it stands, locked. */
async function insertOrLock(
  tx: EntityManager,
  message: NewMessage,
  row: Pick<SmsMessage, 'state' | 'sentAt' | 'followAt'>,
): Promise<SmsMessage | null> {
  const values = { ...message, ...row, providerId: null, followedAt: null };
  const inserted = await tx.createQueryBuilder().insert().into(SmsMessage).values(values).orIgnore().returning('id').execute();
  const rows: unknown = inserted.raw;
  if (Array.isArray(rows) && rows.length > 0) return null;
  return tx.findOneOrFail(SmsMessage, { where: { onceKey: message.onceKey }, lock: { mode: 'pessimistic_write' } });
}

async function keepEarly(tx: EntityManager, provider: SmsProvider, providerId: string, receipt: Receipt, receivedAt: Date): Promise<void> {
  const before = await tx.findOneBy(SmsEarlyReceipt, { provider, providerId });
  const known: HandedOver = before
    ? { provider, state: before.status, at: receivedAt, settledAt: before.at, code: before.code }
    : { provider, state: 'taken', at: receivedAt, settledAt: null, code: null };
  const { state, settledAt, code } = settledBy(known, receipt);
  const status = state === 'delivered' ? 'delivered' : 'failed';
  await tx.save(SmsEarlyReceipt, { provider, providerId, status, at: settledAt ?? receipt.at, code, receivedAt });
}

const holdNumber = (tx: EntityManager, provider: SmsProvider, providerId: string) =>
  tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 32))', [`${provider}/${providerId}`]);

const details = ({ template }: SmsMessage, provider: SmsProvider, code: string) => ({
  template,
  provider: smsProviders[provider].zh,
  providerEn: smsProviders[provider].en,
  code,
});

type Event = Omit<Parameters<typeof appendAudit>[1], 'subject' | 'at' | 'actor'>;
const WORKFLOW = system('workflow');
const audit = (tx: EntityManager, message: Pick<SmsMessage, 'id' | 'applicationId'>, at: Date, actor: Actor, event: Event) =>
  appendAudit(tx, { subject: messageSubject(message), at, actor, ...event });
