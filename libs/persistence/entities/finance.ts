/** The ledger, what is owed back, and what finance decides about money that nobody could place. */
import type {
  CreditNote,
  ExplanationKind,
  FinanceMatterKind,
  LedgerAccount,
  LedgerOccasion,
  RefundCause,
  RefundReason,
  RefundState,
  SplitRest,
  TransferFailure,
} from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { day, flag, instant, integer, money, text, uuid } from './columns.js';
import { BankCredit, FeeOrder } from './money.js';

/** One movement of money, written once: its lines are together nothing, and never change. */
@Entity({ name: 'ledger_posting' })
@Unique('uq_ledger_posting_once', ['onceKey'])
@Check(
  'ck_ledger_posting_occasion',
  `occasion IN ('credit-received','window-received','matched','earned','refund-due','refund-paid','refund-withdrawn','explained','credit-reversed')`,
)
@Index('ix_ledger_posting_at', ['postedAt'])
export class LedgerPosting {
  @uuid('id', { primary: true }) id!: string;
  @text('once_key') onceKey!: string;
  @text('occasion') occasion!: LedgerOccasion;
  @instant('posted_at') postedAt!: Date;
}

@Entity({ name: 'ledger_line' })
@ForeignKey(() => LedgerPosting, ['postingId'], ['id'], { name: 'fk_ledger_line_posting' })
@ForeignKey(() => BankCredit, ['creditId'], ['id'], { name: 'fk_ledger_line_credit' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_ledger_line_order' })
@ForeignKey(() => Refund, ['refundId'], ['id'], { name: 'fk_ledger_line_refund' })
@Check('ck_ledger_line_account', `account IN ('received','held','earned','to-refund','refunded')`)
@Check('ck_ledger_line_amount', `amount_fen <> 0`)
@Check('ck_ledger_line_about', `credit_id IS NOT NULL OR order_id IS NOT NULL`)
@Check('ck_ledger_line_refund', `(account IN ('to-refund','refunded')) = (refund_id IS NOT NULL)`)
@Index('ix_ledger_line_credit', ['creditId'])
@Index('ix_ledger_line_order', ['orderId'], { where: 'order_id IS NOT NULL' })
@Index('ix_ledger_line_refund', ['refundId'], { where: 'refund_id IS NOT NULL' })
export class LedgerLineRow {
  @uuid('posting_id', { primary: true }) postingId!: string;
  @integer('line', { primary: true }) line!: number;
  @text('account') account!: LedgerAccount;
  /** Debit positive, credit negative. */
  @money('amount_fen') amountFen!: number;
  @uuid('credit_id', { nullable: true }) creditId!: string | null;
  @uuid('order_id', { nullable: true }) orderId!: string | null;
  @uuid('refund_id', { nullable: true }) refundId!: string | null;
}

/** What finance gives back of what was earned, and why. Kept here before it is asked for, since no history holds the words. */
@Entity({ name: 'refund_proposal' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_refund_proposal_order' })
@Check('ck_refund_proposal_amount', `amount_fen > 0`)
@Check('ck_refund_proposal_cause', `cause IN ('charged-in-error','paid-twice','not-provided','complaint','other')`)
@Check('ck_refund_proposal_note', `cause <> 'other' OR note IS NOT NULL`)
export class RefundProposal {
  @uuid('id', { primary: true }) id!: string;
  @uuid('order_id') orderId!: string;
  @money('amount_fen') amountFen!: number;
  @text('cause') cause!: RefundCause;
  /** In words, for people. It stands here and nowhere else. */
  @text('note', { nullable: true }) note!: string | null;
  @uuid('proposed_by') proposedBy!: string;
  @instant('proposed_at') proposedAt!: Date;
}

/** What is owed back to whoever paid. Its id follows from what it is for, so that nothing is owed twice. */
@Entity({ name: 'refund' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_refund_order' })
@ForeignKey(() => BankCredit, ['creditId'], ['id'], { name: 'fk_refund_credit' })
@Check('ck_refund_amount', `amount_fen > 0`)
@Check('ck_refund_state', `state IN ('due','approved','ordered','paid','failed','withdrawn')`)
@ForeignKey(() => Refund, ['returnedOf'], ['id'], { name: 'fk_refund_returned' })
@ForeignKey(() => RefundProposal, ['proposalId'], ['id'], { name: 'fk_refund_proposal' })
@Check('ck_refund_reason', `reason IN ('early-close','surplus','held-credit','after-completion','returned')`)
@Check('ck_refund_returned', `(reason = 'returned') = (returned_of IS NOT NULL)`)
@Check('ck_refund_proposal', `proposal_id IS NULL OR reason = 'after-completion'`)
@Check('ck_refund_about', `order_id IS NOT NULL OR credit_id IS NOT NULL`)
@Check('ck_refund_payee', `(payee_name IS NULL) = (payee_account IS NULL)`)
@Check(
  'ck_refund_four_eyes',
  `approved_by IS NULL OR ((proposed_by IS NULL OR approved_by <> proposed_by) AND (payee_given_by IS NULL OR approved_by <> payee_given_by))`,
)
@Check('ck_refund_approved', `state NOT IN ('approved','ordered','paid') OR (approved_by IS NOT NULL AND payee_account IS NOT NULL)`)
@Index('ix_refund_state', ['state'])
@Index('ix_refund_order', ['orderId'])
@Index('ix_refund_bank_reference', ['bankReference'])
export class Refund {
  @uuid('id', { primary: true }) id!: string;
  @uuid('order_id', { nullable: true }) orderId!: string | null;
  /** The credit that is given back, whole or in part; none where it was taken at a window. */
  @uuid('credit_id', { nullable: true }) creditId!: string | null;
  @text('reason') reason!: RefundReason;
  /** The refund that the bank had paid and took back, as it was owed first. */
  @uuid('returned_of', { nullable: true }) returnedOf!: string | null;
  /** What finance proposed, of what was earned. */
  @uuid('proposal_id', { nullable: true }) proposalId!: string | null;
  @money('amount_fen') amountFen!: number;
  @text('state') state!: RefundState;
  @instant('due_since') dueSince!: Date;
  @text('payee_name', { nullable: true }) payeeName!: string | null;
  @text('payee_account', { nullable: true }) payeeAccount!: string | null;
  /** Who proposed it; nobody where the office owes it by itself and nobody has spoken yet. Never the one who approves. */
  @uuid('proposed_by', { nullable: true }) proposedBy!: string | null;
  /** Who gave the account it goes to; nobody where that is the payer's own. Never the one who approves. */
  @uuid('payee_given_by', { nullable: true }) payeeGivenBy!: string | null;
  @uuid('approved_by', { nullable: true }) approvedBy!: string | null;
  @instant('approved_at', { nullable: true }) approvedAt!: Date | null;
  /** Which order to the bank this is: the key of an order is the refund and this number, and another is given only when the bank has failed. */
  @integer('attempt') attempt!: number;
  @text('failure', { nullable: true }) failure!: TransferFailure | null;
  @text('bank_reference', { nullable: true }) bankReference!: string | null;
  @instant('settled_at', { nullable: true }) settledAt!: Date | null;
  @instant('started_at', { nullable: true }) startedAt!: Date | null;
}

/** An account that finance has given for a refund: kept here, since no history holds it. */
@Entity({ name: 'refund_payee' })
@ForeignKey(() => Refund, ['refundId'], ['id'], { name: 'fk_refund_payee_refund' })
export class RefundPayee {
  @uuid('id', { primary: true }) id!: string;
  @uuid('refund_id') refundId!: string;
  @text('name') name!: string;
  @text('account') account!: string;
  @uuid('given_by') givenBy!: string;
  @instant('given_at') givenAt!: Date;
}

/** What finance says a held credit is. Above the office's limit, and where it proves who asks, a second person has to agree. */
@Entity({ name: 'credit_explanation' })
@ForeignKey(() => BankCredit, ['creditId'], ['id'], { name: 'fk_credit_explanation_credit' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_credit_explanation_order' })
@Check('ck_credit_explanation_kind', `kind IN ('allocation','split','refund','other')`)
@Check('ck_credit_explanation_order', `(kind = 'allocation') = (order_id IS NOT NULL)`)
@Check('ck_credit_explanation_rest', `rest IS NULL OR (kind = 'split' AND rest IN ('held','refund'))`)
@Check('ck_credit_explanation_note', `(kind = 'other') = (note_code IS NOT NULL)`)
@Check('ck_credit_explanation_state', `state IN ('proposed','applied','rejected')`)
@Check('ck_credit_explanation_four_eyes', `decided_by IS NULL OR decided_by <> proposed_by`)
@Check('ck_credit_explanation_second', `state <> 'applied' OR NOT second_person OR decided_by IS NOT NULL`)
@Index('uq_credit_explanation_open', ['creditId'], { unique: true, where: `state = 'proposed'` })
export class CreditExplanation {
  @uuid('id', { primary: true }) id!: string;
  @uuid('credit_id') creditId!: string;
  @text('kind') kind!: ExplanationKind;
  @uuid('order_id', { nullable: true }) orderId!: string | null;
  /** What becomes of what a split gives to no order; nothing is left where it is null. */
  @text('rest', { nullable: true }) rest!: SplitRest | null;
  @text('note_code', { nullable: true }) noteCode!: CreditNote | null;
  /** In words, for people. It stands here and nowhere else. */
  @text('note') note!: string;
  @flag('second_person') secondPerson!: boolean;
  @text('state') state!: 'proposed' | 'applied' | 'rejected';
  @uuid('proposed_by') proposedBy!: string;
  @instant('proposed_at') proposedAt!: Date;
  @uuid('decided_by', { nullable: true }) decidedBy!: string | null;
  @instant('decided_at', { nullable: true }) decidedAt!: Date | null;
  @instant('started_at', { nullable: true }) startedAt!: Date | null;
}

/** What each order gets of a credit that is split. */
@Entity({ name: 'credit_explanation_share' })
@ForeignKey(() => CreditExplanation, ['explanationId'], ['id'], { name: 'fk_credit_explanation_share_explanation' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_credit_explanation_share_order' })
@Check('ck_credit_explanation_share_amount', `amount_fen > 0`)
export class CreditExplanationShare {
  @uuid('explanation_id', { primary: true }) explanationId!: string;
  @uuid('order_id', { primary: true }) orderId!: string;
  @money('amount_fen') amountFen!: number;
}

/** What a person of finance has to see to, and nothing does by itself. */
@Entity({ name: 'finance_case' })
@ForeignKey(() => BankCredit, ['creditId'], ['id'], { name: 'fk_finance_case_credit' })
@ForeignKey(() => FeeOrder, ['orderId'], ['id'], { name: 'fk_finance_case_order' })
@Check('ck_finance_case_kind', `kind IN ('credit-reversed','refund-contradicted','refund-returned')`)
@Check('ck_finance_case_closed', `(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (note IS NULL)`)
@Unique('uq_finance_case_once', ['onceKey'])
export class FinanceCase {
  @uuid('id', { primary: true }) id!: string;
  @text('kind') kind!: FinanceMatterKind;
  @text('once_key') onceKey!: string;
  @uuid('credit_id', { nullable: true }) creditId!: string | null;
  @uuid('order_id', { nullable: true }) orderId!: string | null;
  @money('amount_fen') amountFen!: number;
  @instant('opened_at') openedAt!: Date;
  @uuid('closed_by', { nullable: true }) closedBy!: string | null;
  @instant('closed_at', { nullable: true }) closedAt!: Date | null;
  @text('note', { nullable: true }) note!: string | null;
}

/** Above which amount a second person explains a held credit, from a day on. */
@Entity({ name: 'finance_limit' })
@Check('ck_finance_limit_amount', `amount_fen >= 0`)
export class FinanceLimit {
  @day('valid_from', { primary: true }) validFrom!: string;
  @money('amount_fen') amountFen!: number;
}
