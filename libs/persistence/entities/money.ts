/** Tariff, fee orders, bank credits, money taken at a window. */
import type { CreditNote, FeeLine, HeldReason, Payer, TariffCode } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Application } from './application.js';
import { day, flag, instant, json, money, text, uuid } from './columns.js';

@Entity({ name: 'tariff_item' })
@Unique('uq_tariff_item', ['code', 'validFrom'])
@Check('ck_tariff_item_amount', `amount_fen >= 0`)
export class TariffRow {
  @uuid('id', { primary: true }) id!: string;
  @text('code') code!: TariffCode;
  @money('amount_fen') amountFen!: number;
  @day('valid_from') validFrom!: string;
  @day('valid_to', { nullable: true }) validTo!: string | null;
  @flag('confirmed') confirmed!: boolean;
}

@Entity({ name: 'fee_order' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_fee_order_application' })
@Unique('uq_fee_order_application', ['applicationId'])
@Unique('uq_fee_order_reference', ['reference'])
@Index('ix_fee_order_payer_key', ['payerKey'])
@Check('ck_fee_order_amount', `amount_fen > 0 AND received_fen >= 0`)
@Check('ck_fee_order_payer', `payer IN ('organisation','anybody','on-the-spot')`)
@Check('ck_fee_order_status', `status IN ('open','paid','expired','cancelled')`)
@Check('ck_fee_order_paid', `status <> 'paid' OR received_fen >= amount_fen`)
export class FeeOrder {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @text('reference') reference!: string;
  @text('certificate_name') certificateName!: string;
  /** Frozen with the name: it tells organisations of one name apart. */
  @text('uscc') uscc!: string;
  /** Whose transfer counts: the organisation's own, or anybody's where something else has proven who asks. */
  @text('payer') payer!: Payer;
  /** The normalised certificate name, so that a credit finds its orders by index. */
  @text('payer_key') payerKey!: string;
  @json('lines') lines!: FeeLine[];
  @money('amount_fen') amountFen!: number;
  @money('received_fen') receivedFen!: number;
  @text('status') status!: 'open' | 'paid' | 'expired' | 'cancelled';
  @instant('created_at') createdAt!: Date;
  @instant('expires_at') expiresAt!: Date;
  @instant('paid_at', { nullable: true }) paidAt!: Date | null;
}

/** Every credit on our account, recorded before anything is decided about it, and never removed. */
@Entity({ name: 'bank_credit' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_bank_credit_order' })
@Unique('uq_bank_credit_reference', ['bankReference'])
@Index('uq_bank_credit_other_reference', ['otherReference'], { unique: true, where: 'other_reference IS NOT NULL' })
@Index('uq_bank_credit_reversed_by', ['reversedBy'], { unique: true, where: 'reversed_by IS NOT NULL' })
@Index('ix_bank_credit_state', ['state'])
@Index('ix_bank_credit_booked', ['bookedAt', 'amountFen'])
@Index('ix_bank_credit_unnamed', ['bookedAt'], { where: `bank_reference LIKE 'none:%' AND other_reference IS NULL` })
@Check('ck_bank_credit_amount', `amount_fen > 0`)
@Check(
  'ck_bank_credit_state',
  `(state = 'recorded' AND held_reason IS NULL) OR (state = 'matched' AND order_id IS NOT NULL AND held_reason IS NULL) OR (state IN ('held','to-refund','explained') AND held_reason IS NOT NULL) OR state = 'reversed'`,
)
@Check('ck_bank_credit_note', `(state = 'explained') = (note_code IS NOT NULL)`)
@Check('ck_bank_credit_reversed', `(state = 'reversed') = (reversed_at IS NOT NULL)`)
export class BankCredit {
  @uuid('id', { primary: true }) id!: string;
  /** The bank's own id of the entry: a push and a statement line that carry it are the same credit. */
  @text('bank_reference') bankReference!: string;
  /** The same credit's name where push and statement have none in common: a statement that gives no references (decision 0034). */
  @text('other_reference', { nullable: true }) otherReference!: string | null;
  @text('source') source!: 'push' | 'statement';
  @instant('booked_at') bookedAt!: Date;
  @instant('recorded_at') recordedAt!: Date;
  @money('amount_fen') amountFen!: number;
  @text('payer_name') payerName!: string;
  @text('payer_account') payerAccount!: string;
  @text('payer_account_type') payerAccountType!: 'corporate' | 'personal';
  @text('remittance') remittance!: string;
  @text('state') state!: CreditState;
  /** The order it pays, or is thought to be about; of several that it pays the first. What each got of it stands in the ledger. */
  @uuid('order_id', { nullable: true }) orderId!: string | null;
  /** Why it was held; it stays when finance gives the credit back or says what else it was. */
  @text('held_reason', { nullable: true }) heldReason!: HeldReason | null;
  @text('note_code', { nullable: true }) noteCode!: CreditNote | null;
  @money('surplus_fen') surplusFen!: number;
  @instant('decided_at', { nullable: true }) decidedAt!: Date | null;
  /** The identity of the entry by which the bank took it back. It says so and changes nothing: what follows is finance's. */
  @text('reversed_by', { nullable: true }) reversedBy!: string | null;
  @instant('reversed_at', { nullable: true }) reversedAt!: Date | null;
}
export type CreditState = 'recorded' | 'matched' | 'held' | 'to-refund' | 'explained' | 'reversed';

/** Money taken at a window: never cash, always with the number of a slip that can be found at the bank. */
@Entity({ name: 'window_payment' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_window_payment_order' })
@Unique('uq_window_payment_slip', ['method', 'slipNumber'])
@Check('ck_window_payment_method', `method IN ('card','transfer')`)
@Check('ck_window_payment_amount', `amount_fen > 0`)
export class WindowPayment {
  @uuid('order_id', { primary: true }) orderId!: string;
  @text('method') method!: 'card' | 'transfer';
  @text('slip_number') slipNumber!: string;
  @money('amount_fen') amountFen!: number;
  @uuid('taken_by') takenBy!: string;
  @instant('taken_at') takenAt!: Date;
}
