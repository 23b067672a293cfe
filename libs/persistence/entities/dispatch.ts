/** The Friday dispatch: items on their way, the batches that take them, what became of each, and what the courier told afterwards. */
import type { CarriedReason, CorrectedReceiver, Delivery } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Application } from './application.js';
import { day, instant, integer, json, text, uuid } from './columns.js';

/** One application on its way through a Friday. Carried over, it keeps its row and changes its day. */
@Entity({ name: 'dispatch_item' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_dispatch_item_application' })
@Unique('uq_dispatch_item_application', ['applicationId'])
@Index('ix_dispatch_item_day', ['day', 'state'])
@Index('uq_dispatch_item_tracking', ['trackingNumber'], { unique: true, where: 'tracking_number IS NOT NULL' })
@Check('ck_dispatch_item_state', `state IN ('due','bound','packed','handed-over')`)
@Check('ck_dispatch_item_delivery', `delivery IN ('picked-up','delivered','returned','lost')`)
@Check('ck_dispatch_item_delivered', `(delivery IS NULL) = (delivery_at IS NULL)`)
export class DispatchItem {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @day('day') day!: string;
  @text('state') state!: 'due' | 'bound' | 'packed' | 'handed-over';
  @integer('times_carried') timesCarried!: number;
  @text('carried_reason', { nullable: true }) carriedReason!: CarriedReason | null;
  /** The day it did not go out on; null while its completion alone says when it goes. */
  @day('carried_from', { nullable: true }) carriedFrom!: string | null;
  /** How often the calendar has moved it: each move is told once. */
  @integer('times_moved') timesMoved!: number;
  @day('moved_from', { nullable: true }) movedFrom!: string | null;
  @text('binding_ids', { nullable: true }) bindingIds!: string | null;
  @text('tracking_number', { nullable: true }) trackingNumber!: string | null;
  @instant('packed_at', { nullable: true }) packedAt!: Date | null;
  @instant('handed_over_at', { nullable: true }) handedOverAt!: Date | null;
  /** The dispatcher's call that took it out: asking again with the same id finds the same letters. */
  @text('hand_over_id', { nullable: true }) handOverId!: string | null;
  @uuid('handed_over_by', { nullable: true }) handedOverBy!: string | null;
  /** What the courier told last, once it had the parcel. */
  @text('delivery', { nullable: true }) delivery!: Delivery | null;
  @instant('delivery_at', { nullable: true }) deliveryAt!: Date | null;
  /** How many times it was sent, or is to be: a parcel that came back goes out again under a waybill of its own. */
  @integer('sendings') sendings!: number;
  /** Where it goes instead of the form's address, once that was wrong. */
  @json('corrected_receiver', { nullable: true }) correctedReceiver!: CorrectedReceiver | null;
}

/** A day's batch, from its opening to its report. */
@Entity({ name: 'dispatch_batch' })
export class DispatchBatch {
  @day('day', { primary: true }) day!: string;
  @instant('opened_at') openedAt!: Date;
  @instant('closed_at', { nullable: true }) closedAt!: Date | null;
}

/** What became of an item in a batch: a row of its report. */
@Entity({ name: 'dispatch_outcome' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_dispatch_outcome_application' })
@Check('ck_dispatch_outcome_carried', `(carried_reason IS NULL) = (carried_to IS NULL)`)
export class DispatchOutcome {
  @day('day', { primary: true }) day!: string;
  @uuid('application_id', { primary: true }) applicationId!: string;
  /** Null: it was handed over. */
  @text('carried_reason', { nullable: true }) carriedReason!: CarriedReason | null;
  @day('carried_to', { nullable: true }) carriedTo!: string | null;
  @text('tracking_number', { nullable: true }) trackingNumber!: string | null;
  @instant('at') at!: Date;
}

/** What the courier told about a parcel. Told again under its id, it is the same event. */
@Entity({ name: 'courier_event' })
@Index('ix_courier_event_waiting', ['receivedAt'], { where: 'applied_at IS NULL' })
@Check('ck_courier_event', `event IN ('picked-up','delivered','returned','lost')`)
export class CourierEvent {
  @text('id', { primary: true }) id!: string;
  @text('tracking_number') trackingNumber!: string;
  @text('event') event!: Delivery;
  @instant('occurred_at') occurredAt!: Date;
  @instant('received_at') receivedAt!: Date;
  @instant('applied_at', { nullable: true }) appliedAt!: Date | null;
}

/** Lost in the post: the certificate's reissue costs nothing. Granted by a supervisor, used by one case. */
@Entity({ name: 'free_reissue' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_free_reissue_application' })
@Unique('uq_free_reissue_used', ['usedBy'])
export class FreeReissue {
  @text('serial', { primary: true }) serial!: string;
  /** The case whose letter was lost. */
  @uuid('application_id') applicationId!: string;
  @uuid('granted_by') grantedBy!: string;
  @instant('granted_at') grantedAt!: Date;
  @uuid('used_by', { nullable: true }) usedBy!: string | null;
}

/** A label that bears an account's password: taken to the printer once. Printing it again resets the password. */
@Entity({ name: 'token_label' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_token_label_application' })
export class TokenLabel {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @integer('index', { primary: true }) index!: number;
  /** How often the password was reset for a new label. */
  @integer('resets') resets!: number;
  @instant('printed_at', { nullable: true }) printedAt!: Date | null;
  @uuid('printed_by', { nullable: true }) printedBy!: string | null;
}
