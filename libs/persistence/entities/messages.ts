/** SMS, what their operators made of them, and the tasks for people that follow when a phone was not reached. */
import type { HandOverState, SmsProvider, SmsTemplate, TaskKind } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { instant, json, text, uuid } from './columns.js';

export type MessageState = 'waiting' | 'under-way' | 'delivered' | 'undelivered' | 'not-sent';

/** One SMS. Codes are never stored: for templates that carry one, `values` lacks it. */
@Entity({ name: 'sms_message' })
@Unique('uq_sms_message_once', ['onceKey'])
@Index('ix_sms_message_application', ['applicationId'])
@Index('ix_sms_message_follow', ['followAt'], { where: 'follow_at IS NOT NULL' })
@Index('ix_sms_message_waiting', ['sentAt'], { where: `state = 'waiting'` })
@Check('ck_sms_message_state', `state IN ('waiting','under-way','delivered','undelivered','not-sent')`)
export class SmsMessage {
  @uuid('id', { primary: true }) id!: string;
  /** Null for what is about a draft. */
  @uuid('application_id', { nullable: true }) applicationId!: string | null;
  @text('once_key') onceKey!: string;
  @text('template') template!: SmsTemplate;
  @json('values') values!: Record<string, string | number>;
  /** Null for messages of before deliveries were followed; `provider_id` stands for those alone. */
  @text('phone', { nullable: true }) phone!: string | null;
  @text('provider_id', { nullable: true }) providerId!: string | null;
  /** When it was first handed over, or tried to be. */
  @instant('sent_at') sentAt!: Date;
  /** `waiting`: the first operator is still being tried. `not-sent`: its case ended before an operator had it. */
  @text('state') state!: MessageState;
  /** When `message/<id>` is to be started, unless a receipt comes first. */
  @instant('follow_at', { nullable: true }) followAt!: Date | null;
  /** When it took the message over. */
  @instant('followed_at', { nullable: true }) followedAt!: Date | null;
}

/** A message given to one operator: the key is what keeps it from telling a phone twice. */
@Entity({ name: 'sms_hand_over' })
@ForeignKey(() => SmsMessage, ['messageId'], ['id'], { name: 'fk_sms_hand_over_message' })
@Unique('uq_sms_hand_over_provider_id', ['provider', 'providerId'])
@Index('ix_sms_hand_over_at', ['at'])
@Check('ck_sms_hand_over_provider', `provider IN ('sms','sms2')`)
@Check('ck_sms_hand_over_state', `state IN ('not-taken','taken','delivered','failed')`)
@Check('ck_sms_hand_over_taken', `(state = 'not-taken') = (provider_id IS NULL)`)
@Check('ck_sms_hand_over_settled', `(state IN ('delivered','failed')) = (settled_at IS NOT NULL)`)
@Check('ck_sms_hand_over_code', `(state IN ('not-taken','failed')) = (code IS NOT NULL)`)
export class SmsHandOver {
  @uuid('message_id', { primary: true }) messageId!: string;
  @text('provider', { primary: true }) provider!: SmsProvider;
  /** The operator's own name for it. */
  @text('provider_id', { nullable: true }) providerId!: string | null;
  @text('state') state!: HandOverState;
  @instant('at') at!: Date;
  @instant('settled_at', { nullable: true }) settledAt!: Date | null;
  @text('code', { nullable: true }) code!: string | null;
}

/** A receipt about a message that is not known: it overtook our own note of the hand-over, or is about a login code. Kept for a day. */
@Entity({ name: 'sms_early_receipt' })
@Index('ix_sms_early_receipt_received_at', ['receivedAt'])
export class SmsEarlyReceipt {
  @text('provider', { primary: true }) provider!: SmsProvider;
  @text('provider_id', { primary: true }) providerId!: string;
  @text('status') status!: 'delivered' | 'failed';
  @instant('at') at!: Date;
  @text('code', { nullable: true }) code!: string | null;
  @instant('received_at') receivedAt!: Date;
}

/** What a person is to do. `subject` is `message/<uuid>`, or `application/<uuid>/<stage>/<since>` of a case that is late there. */
@Entity({ name: 'staff_task' })
@Unique('uq_staff_task_subject', ['kind', 'subject'])
@Index('ix_staff_task_open', ['openedAt'], { where: 'done_at IS NULL' })
@Index('ix_staff_task_open_application', ['applicationId'], { where: 'done_at IS NULL' })
@Check('ck_staff_task_kind', `kind IN ('message-undelivered','case-overdue')`)
@Check('ck_staff_task_claim', `(claimed_by IS NULL) = (claim_until IS NULL)`)
@Check('ck_staff_task_done', `(done_at IS NULL) = (note IS NULL) AND (done_by IS NULL OR done_at IS NOT NULL)`)
@Check('ck_staff_task_note', `note IN ('called','wrong-number','followed-up','none','arrived','moved-on')`)
export class StaffTask {
  @uuid('id', { primary: true }) id!: string;
  @text('kind') kind!: TaskKind;
  @text('subject') subject!: string;
  @uuid('application_id', { nullable: true }) applicationId!: string | null;
  /** Why it was opened. */
  @text('why') why!: string;
  @instant('opened_at') openedAt!: Date;
  @uuid('claimed_by', { nullable: true }) claimedBy!: string | null;
  @instant('claim_until', { nullable: true }) claimUntil!: Date | null;
  @instant('done_at', { nullable: true }) doneAt!: Date | null;
  /** Null where the system found that nothing was left to do. */
  @uuid('done_by', { nullable: true }) doneBy!: string | null;
  @text('note', { nullable: true }) note!: string | null;
}
