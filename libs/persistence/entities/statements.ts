/** Statement files and their entries: what a bank told in which file, and what came of it. */
import type { ErrorCode } from '#domain';
import { Check, Entity, ForeignKey, Index } from 'typeorm';
import { day, flag, instant, integer, json, money, text, uuid } from './columns.js';
import { Refund } from './finance.js';
import { BankCredit } from './money.js';

/** Where a file was found wrong, and how: a place and a code, never what stands there. */
export interface StatementRefusal {
  place: string;
  code: ErrorCode;
  params: Record<string, string | number>;
}

@Entity({ name: 'bank_statement' })
@Check('ck_bank_statement_source', `source IN ('upload','bank')`)
@Check('ck_bank_statement_state', `state IN ('received','recording','deciding','done','refused')`)
@Check('ck_bank_statement_refusal', `(state = 'refused') = (refusal IS NOT NULL)`)
@Check(
  'ck_bank_statement_counts',
  `entry_count >= 0 AND recorded_count BETWEEN 0 AND entry_count AND decided_count BETWEEN 0 AND entry_count`,
)
export class BankStatement {
  /** Of the file's bytes, by which the store has it: the same file is the same row. */
  @text('sha256', { primary: true }) sha256!: string;
  @text('source') source!: 'upload' | 'bank';
  /** The day that was asked for, where the bank was asked for one. */
  @day('day', { nullable: true }) day!: string | null;
  @uuid('uploaded_by', { nullable: true }) uploadedBy!: string | null;
  @text('format', { nullable: true }) format!: string | null;
  @instant('received_at') receivedAt!: Date;
  @text('state') state!: 'received' | 'recording' | 'deciding' | 'done' | 'refused';
  @integer('entry_count') entryCount!: number;
  /** How far it is: entries recorded, and entries whose credit is decided. */
  @integer('recorded_count') recordedCount!: number;
  @integer('decided_count') decidedCount!: number;
  @json('refusal', { nullable: true }) refusal!: StatementRefusal | null;
  @instant('finished_at', { nullable: true }) finishedAt!: Date | null;
}

/**
 * What became of an entry. `added`: this file was the first to tell it. `known`: it was told before, by push or in another file.
 * `contradicted`: it was told before, differently, and is held beside what was told.
 */
export type EntryOutcome = 'added' | 'known' | 'contradicted';

@Entity({ name: 'bank_statement_entry' })
@ForeignKey(() => BankStatement, ['statementSha256'], ['sha256'], { name: 'fk_bank_statement_entry_statement' })
@ForeignKey(() => BankCredit, ['creditId'], ['id'], { name: 'fk_bank_statement_entry_credit' })
@ForeignKey(() => Refund, ['refundId'], ['id'], { name: 'fk_bank_statement_entry_refund' })
@Index('ix_bank_statement_entry_debit', ['bankReference'], { where: `amount_fen < 0 AND NOT reversal AND outcome = 'added'` })
@Index('uq_bank_statement_entry_added', ['identity'], { unique: true, where: `outcome = 'added'` })
@Index('ix_bank_statement_entry_stray', ['bookedDay'], { where: `outcome = 'added' AND credit_id IS NULL AND refund_id IS NULL` })
@Index('ix_bank_statement_entry_refund', ['refundId'], { where: 'refund_id IS NOT NULL' })
@Index('ix_bank_statement_entry_unlinked', ['reversalOf'], { where: `reversal AND outcome = 'added' AND credit_id IS NULL` })
@Check('ck_bank_statement_entry_amount', `amount_fen <> 0`)
@Check('ck_bank_statement_entry_outcome', `outcome IN ('added','known','contradicted')`)
export class BankStatementEntry {
  @text('statement_sha256', { primary: true }) statementSha256!: string;
  @integer('position', { primary: true }) position!: number;
  @text('identity') identity!: string;
  @text('bank_reference', { nullable: true }) bankReference!: string | null;
  @text('place') place!: string;
  @day('booked_day') bookedDay!: string;
  @day('value_day') valueDay!: string;
  @instant('booked_at') bookedAt!: Date;
  /** In is positive, out is negative. */
  @money('amount_fen') amountFen!: number;
  @flag('reversal') reversal!: boolean;
  @text('reversal_of', { nullable: true }) reversalOf!: string | null;
  @text('payer_name') payerName!: string;
  @text('payer_account') payerAccount!: string;
  @text('payer_account_type') payerAccountType!: 'corporate' | 'personal';
  @text('remittance') remittance!: string;
  /** Null until it is recorded. */
  @text('outcome', { nullable: true }) outcome!: EntryOutcome | null;
  /** The credit it tells; of a reversal the credit it takes back, null while that is not certain. */
  @uuid('credit_id', { nullable: true }) creditId!: string | null;
  /** The refund that it pays, by the reference that the bank gave to our order; of a reversal the one whose payment it takes back. */
  @uuid('refund_id', { nullable: true }) refundId!: string | null;
}
