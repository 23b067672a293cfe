/** Names that both sides of the engine must agree on. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** business: cases and short transactions · documents: PDFs · pki: alone holds CA and KMC keys · station: where the tokens are. */
export const queues = { business: 'business', documents: 'documents', pki: 'pki', station: 'station' } as const;
export type Queue = keyof typeof queues;

export const caseWorkflowId = (applicationId: string) => `application/${applicationId}`;
export const dispatchWorkflowId = (day: string) => `dispatch/${day}`;
export const labelWorkflowId = (applicationId: string, index: number, reset: number) => `token-label/${applicationId}/${index}/${reset}`;
/** The courier's id of what it told. */
export const parcelWorkflowId = (eventId: string) => `parcel-event/${eventId}`;
/** A day set or taken back by a supervisor, named by its row and what was done with it. */
export const calendarWorkflowId = (change: string) => `watch-fridays/${change}`;
/** Bank references are the bank's text; the caller passes their SHA-256 so that no id holds foreign characters. */
export const creditWorkflowId = (referenceSha256: string) => `bank-credit/${referenceSha256}`;
/** A credit is taken back once. */
export const reversalWorkflowId = (creditId: string) => `bank-credit-reversal/${creditId}`;
export const explanationWorkflowId = (explanationId: string) => `credit-explanation/${explanationId}`;
export const refundWorkflowId = (refundId: string) => `refund/${refundId}`;
/** One run for all: invoices are made one after the other. */
export const INVOICE_QUEUE = 'invoice-queue';
export const invoiceCorrectionWorkflowId = (correctionId: string) => `invoice-correction/${correctionId}`;
export const invoiceRetryWorkflowId = (invoiceId: string, key: string) => `invoice-retry/${invoiceId}/${key}`;
/** A link that staff has sent, named by who asked for which invoice, and their key. */
export const invoiceLinkWorkflowId = (sendingId: string) => `invoice-link/${sendingId}`;
/** What finance proposes to give back, named by its decision. */
export const refundProposalWorkflowId = (proposalId: string) => `refund-proposal/${proposalId}`;
export const reconciliationWorkflowId = (day: string) => `reconciliation/${day}`;
/** A case binds one account, so there is one unbinding of it, however often it is asked for. */
export const unbindingWorkflowId = (applicationId: string) => `account-unbinding/${applicationId}`;
/** What became of a message that the first operator failed. */
export const messageWorkflowId = (messageId: string) => `message/${messageId}`;
export const formWorkflowId = (draftId: string, version: number) => `application-form/${draftId}/${version}`;
/** A day's statement is fetched under its day; a file, however it came, is taken under its SHA-256. */
export const statementWorkflowId = (day: string) => `bank-statement/${day}`;
export const statementFileWorkflowId = (sha256: string) => `bank-statement/${sha256}`;
export const schedules = {
  fridayDispatch: 'friday-dispatch',
  watchFridays: 'watch-fridays',
  bankStatement: 'bank-statement-daily',
  publishCrl: 'publish-crl',
  auditCheckpoint: 'audit-checkpoint',
  certifyResponders: 'certify-responders',
  remind: 'remind',
  followMessages: 'follow-messages',
  wakeInvoices: 'wake-invoices',
} as const;

/** Never names or phones: search attributes are stored in clear. */
export const searchAttributes = {
  businessType: defineSearchAttributeKey('BusinessType', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD),
  applicationNo: defineSearchAttributeKey('ApplicationNo', SearchAttributeType.KEYWORD),
  channel: defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD),
  waitingFor: defineSearchAttributeKey('WaitingFor', SearchAttributeType.KEYWORD),
  dueAt: defineSearchAttributeKey('DueAt', SearchAttributeType.DATETIME),
} as const;
