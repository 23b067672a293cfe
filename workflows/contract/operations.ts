/** What the office's own runs take and answer. */
import type { Resumption, TransferFailure } from '#domain';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

export interface DispatchInput {
  /** `YYYY-MM-DD`; absent when the Schedule starts it: then its scheduled time says the day. */
  day?: string;
  /** A long batch goes on in a new run, from here. */
  soFar?: BatchSoFar;
}
export interface BatchSoFar {
  view: DispatchView;
  /** ISO instants: when an outside system that stays away costs a letter its Friday, and when nobody waits for a dispatcher any more. */
  giveUpAt: string;
  handOverUntil: string | null;
  /** Letters that each hand-over took out, so that asking again is answered the same. */
  handOvers: Record<string, number>;
}
export interface DispatchView {
  day: string;
  state: 'working' | 'waiting-for-hand-over' | 'closed';
  items: { due: number; carried: number; packed: number; handedOver: number; failed: number };
}
/** A dispatcher hands the packed letters to the courier. Answers how many went out with this call. */
export const handOver = defineUpdate<{ handedOver: number }, [{ handOverId: string; staffId: string }]>('handOver');
/** A case was completed in time, but its row came when the batch may have looked already: it looks again. */
export const lateLetter = defineSignal('lateLetter');
export const dispatchView = defineQuery<DispatchView>('dispatchView');

export interface ReprintInput {
  applicationId: string;
  index: number;
  /** Which reset of this label's password it is, from 1. */
  reset: number;
  by: string;
}
export interface TrackingInput {
  eventId: string;
}

/** What a look at the promised Fridays did. */
export interface WatchResult {
  moved: number;
  madeUp: string[];
  missed: number;
}
export interface WatchInput {
  /** Goes on in a new run, after this letter. */
  after?: string;
  moved?: number;
}

/** Demonstrations only: a holder whose certificate ends when it is told to. */
export interface SeedHolderInput {
  applicationId: string;
  notAfter: string;
}

/** A case whose workflow an operator has terminated, or the engine has given up. */
export interface TerminationInput {
  applicationId: string;
  /** The staff id that the operator gave; null where none was given, absent where the engine gave the case up. */
  by?: string | null;
}

/** A run of a case that an operator began by a reset. */
export interface ResetInput {
  applicationId: string;
  runId: string;
  /** The staff id that the operator gave; null where none was given. */
  by: string | null;
}

/** Demonstrations only: the look at the Fridays of an office that came back at this instant, which is over. ISO. */
export interface MakeUpInput {
  at: string;
}

export interface UnbindingInput {
  /** The case that bound the account. */
  applicationId: string;
  /** The session in which it was asked for. */
  by: string;
}

export interface MessageInput {
  messageId: string;
}
/** An operator has reported on the message: look at its rows. */
export const receiptCame = defineSignal('receiptCame');

export interface CreditInput {
  creditId: string;
}
/** The second person's word on what finance says a held credit is. */
export interface ExplanationInput {
  explanationId: string;
}
export const decideExplanation = defineUpdate<void, [{ outcome: 'approved' | 'rejected'; by: string }]>('decideExplanation');

export interface RefundInput {
  refundId: string;
}
export interface RefundView {
  state: 'opening' | 'due' | 'deciding' | 'paying' | 'unclear' | 'failed' | 'closed';
  attempt: number;
}
/**
 * Another person than who proposed it and who gave its account approves, or turns down what finance had proposed. Where nobody had, as with what
 * the office owes by itself, the first who approves proposes it, and another has to approve.
 */
export const decideRefund = defineUpdate<void, [{ outcome: 'approved' | 'rejected'; by: string }]>('decideRefund');
/** Finance has given an account; the API recorded it under this id. */
export const redirectRefund = defineUpdate<void, [{ payeeId: string; by: string }]>('redirectRefund');
/** For operators, when nobody knows whether the bank took the order: it is given again, under the same key. */
export const resumeRefund = defineUpdate<void, [Resumption]>('resumeRefund');
/** How the bank says an order ended. */
export type PaymentNotice = { attempt: number; status: 'settled' | 'failed'; failure?: TransferFailure | undefined };
export const paymentReported = defineSignal<[PaymentNotice]>('paymentReported');
/** The bank took back the credit that was to be refunded: there is nothing to give back. */
export const refundWithdrawn = defineSignal('refundWithdrawn');
export const refundView = defineQuery<RefundView>('refundView');

/** Something has come into the queue of invoices, or is to be tried again. */
export const invoiceQueued = defineSignal('invoiceQueued');
/** The queue is done with an invoice: to the run of the case, the refund or the correction that waits for it. */
export const invoiceMade = defineSignal<[{ invoiceId: string; outcome: 'issued' | 'refused' }]>('invoiceMade');
export interface InvoiceCorrectionInput {
  correctionId: string;
}
export interface InvoiceRetryInput {
  invoiceId: string;
  by: string;
}
/** A member of staff has a new link to an invoice sent to the agent of its case. */
export interface InvoiceLinkInput {
  /** Of this sending. */
  id: string;
  applicationId: string;
  invoiceId: string;
  by: string;
}
export interface RefundProposalInput {
  id: string;
  orderId: string;
  amountFen: number;
  by: string;
}

export interface CheckpointResult {
  number: number;
  entries: number;
  chains: number;
  /** False when no chain had moved on since the checkpoint of that number. */
  fresh: boolean;
}
export interface StatementInput {
  day?: string;
}
export interface StatementFileInput {
  sha256: string;
  /** Where an import that grew long goes on. */
  resume?: { step: 'recording' | 'deciding' | 'telling'; from: number };
}
export interface StatementProgress {
  step: 'reading' | 'recording' | 'deciding' | 'telling' | 'done' | 'refused';
  entries: number;
  recorded: number;
  decided: number;
  /** Entries whose cases have been told, once all are decided. */
  told: number;
}
export interface StatementResult {
  lines: number;
  /** Those that this run was the first to tell. */
  added: number;
}
export const statementProgress = defineQuery<StatementProgress>('statementProgress');
