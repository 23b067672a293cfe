/** Invoices in the order in which they are due, the links that open them, and what was asked to be corrected. */
import type { InvoiceColour, InvoiceLine, InvoiceOccasion, InvoiceState } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Application } from './application.js';
import { bytes, instant, integer, json, money, text, uuid } from './columns.js';

/** One blue or red invoice, in the queue or made. What it says never changes; what is wrong is taken back by another. */
@Entity({ name: 'invoice' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_invoice_application' })
@ForeignKey(() => Invoice, ['reverses'], ['id'], { name: 'fk_invoice_reverses' })
@Unique('uq_invoice_sequence', ['applicationId', 'sequence'])
@Unique('uq_invoice_occasion', ['occasion', 'occasionId', 'colour'])
@Unique('uq_invoice_number', ['invoiceNumber'])
@Index('uq_invoice_reverses', ['reverses'], { unique: true, where: `state <> 'void'` })
@Index('ix_invoice_queue', ['dueAt', 'applicationId', 'sequence'], { where: `told_at IS NULL` })
@Check('ck_invoice_amount', `amount_fen > 0`)
@Check('ck_invoice_colour', `colour IN ('blue','red') AND (colour = 'red') = (reverses IS NOT NULL)`)
@Check('ck_invoice_occasion', `occasion IN ('completion','refund','correction')`)
@Check('ck_invoice_state', `state IN ('queued','issued','refused','void')`)
@Check('ck_invoice_issued', `state <> 'issued' OR (invoice_number IS NOT NULL AND issued_at IS NOT NULL)`)
@Check('ck_invoice_refused', `state <> 'refused' OR refused_code IS NOT NULL`)
export class Invoice {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  /** From 1, in the case. */
  @integer('sequence') sequence!: number;
  @text('colour') colour!: InvoiceColour;
  @text('occasion') occasion!: InvoiceOccasion;
  /** The case, the refund or the correction that it is for: of each there is one of a colour. */
  @uuid('occasion_id') occasionId!: string;
  @uuid('reverses', { nullable: true }) reverses!: string | null;
  @text('title') title!: string;
  @text('tax_number') taxNumber!: string;
  @json('lines') lines!: InvoiceLine[];
  /** Above nothing for both colours: a red one takes so much back. */
  @money('amount_fen') amountFen!: number;
  @text('state') state!: InvoiceState;
  /** By this the queue goes: the completion, the refund, the asking. */
  @instant('due_at') dueAt!: Date;
  @instant('ordered_at') orderedAt!: Date;
  @text('invoice_number', { nullable: true }) invoiceNumber!: string | null;
  @instant('issued_at', { nullable: true }) issuedAt!: Date | null;
  @text('pdf_sha256', { nullable: true }) pdfSha256!: string | null;
  @text('xml_sha256', { nullable: true }) xmlSha256!: string | null;
  @text('refused_code', { nullable: true }) refusedCode!: string | null;
  /** How often the service was asked in vain, and when last. */
  @integer('tries') tries!: number;
  @instant('tried_at', { nullable: true }) triedAt!: Date | null;
  /** When whoever waits for it was told that it is made, or refused. */
  @instant('told_at', { nullable: true }) toldAt!: Date | null;
  /** The service's own address of what was made before links were ours. */
  @text('link', { nullable: true }) link!: string | null;
}

/** One live link an invoice. The table holds no link: from its hash nobody comes to it. */
@Entity({ name: 'invoice_link' })
@ForeignKey(() => Invoice, ['invoiceId'], ['id'], { name: 'fk_invoice_link_invoice' })
@Unique('uq_invoice_link_token', ['tokenHash'])
@Index('uq_invoice_link_live', ['invoiceId'], { unique: true, where: `ended_at IS NULL` })
@Check('ck_invoice_link_until', `until > made_at`)
export class InvoiceLink {
  @uuid('id', { primary: true }) id!: string;
  @uuid('invoice_id') invoiceId!: string;
  /** SHA-256. */
  @bytes('token_hash') tokenHash!: Buffer;
  @instant('made_at') madeAt!: Date;
  @instant('until') until!: Date;
  /** Another took its place. */
  @instant('ended_at', { nullable: true }) endedAt!: Date | null;
}

/** Other data for the invoice of a case, as somebody asked for them. */
@Entity({ name: 'invoice_correction' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_invoice_correction_application' })
@Index('uq_invoice_correction_open', ['applicationId'], { unique: true, where: `done_at IS NULL` })
@Check('ck_invoice_correction_by', `(asked_by_kind = 'staff') = (asked_by IS NOT NULL) AND asked_by_kind IN ('applicant','staff')`)
export class InvoiceCorrection {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @text('title') title!: string;
  @text('tax_number') taxNumber!: string;
  @text('asked_by_kind') askedByKind!: 'applicant' | 'staff';
  /** Of the office; an applicant is the agent of the case. */
  @uuid('asked_by', { nullable: true }) askedBy!: string | null;
  @instant('asked_at') askedAt!: Date;
  @instant('started_at', { nullable: true }) startedAt!: Date | null;
  /** The new invoice is made and told of, or there was nothing left to correct. */
  @instant('done_at', { nullable: true }) doneAt!: Date | null;
}
