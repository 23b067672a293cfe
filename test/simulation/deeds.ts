/**
 * What was done in the year, in its order: what the office's activities record, and what people and outside systems did to a case. The books
 * do it all again with the real activities and database; a sample of the cases lives it through the real workflows.
 */
import type {
  CarriedReason,
  CreditNote,
  ExplanationKind,
  HeldReason,
  Instant,
  Outcome,
  ReviewOutcome,
  Share,
  TransferFailure,
} from '#domain';
import type { CreditFacts } from '#persistence';
import type { CaseFacts, IssuedPair } from './office/case.js';

interface OfCase {
  'phone-opened': { until: Instant; known: boolean };
  'phone-verified': object;
  'fee-ordered': { until: Instant };
  'review-opened': { round: number; until: Instant };
  'review-decided': { round: number; outcome: ReviewOutcome; by: string };
  'correction-opened': { round: number; until: Instant };
  corrected: { round: number };
  'order-opened': { until: Instant; paid: boolean };
  'payment-confirmed': object;
  'order-expired': object;
  'fee-confirmation-opened': { until: Instant };
  'fee-confirmed': { amountFen: number; by: string };
  'window-payment-opened': { until: Instant };
  'window-paid': { amountFen: number; slip: string; by: string };
  'key-recovery-opened': { until: Instant };
  'key-recovery-approved': { by: string };
  'issuance-started': { until: Instant };
  issued: { pair: IssuedPair };
  'installation-opened': { until: Instant };
  installed: object;
  'subject-revoked': object;
  'subject-suspended': { until: Instant };
  'form-arrived': { wish: 'revoke'; by: string };
  'subject-released': object;
  'unlock-opened': { until: Instant };
  'unlock-decided': { outcome: 'approved' | 'rejected'; by: string };
  'unlocking-opened': { until: Instant };
  redeemed: object;
  'hand-over-opened': { until: Instant };
  'handed-over': { by: string };
  completed: { day: string };
  finished: object;
  invoiced: { ordered: boolean };
  withdrawn: object;
  cancelled: { by: string };
  closed: { outcome: Outcome };
}

/** How a credit was decided, each order by its case. */
export type Decision = { shares: (Pick<Share, 'amountFen' | 'result'> & { caseId: string })[] } | { held: HeldReason };

interface OfMoney {
  'credit-decided': { credit: CreditFacts; decision: Decision };
  'credit-explained': {
    reference: string;
    /** What finance says it is. */
    as: ExplanationKind;
    note: CreditNote | null;
    by: string;
    second: string | null;
    applied: boolean;
  };
  'credit-reversed': { reference: string };
  'refund-account-given': { refund: RefundKey; attempt: number; by: string };
  'refund-proposed': { refund: RefundKey; attempt: number; by: string };
  'refund-approved': { refund: RefundKey; attempt: number; by: string };
  'refund-failed': { refund: RefundKey; attempt: number; failure: TransferFailure };
  'refund-paid': { refund: RefundKey; attempt: number };
}

/** What a refund is for: by that it is found, whatever its id. */
export interface RefundKey {
  reason: 'early-close' | 'surplus' | 'held-credit';
  caseId: string | null;
  /** The bank's reference of the credit; null where it was taken at a window. */
  credit: string | null;
}

interface OfFridays {
  'batch-opened': { day: string };
  'letters-carried': { day: string; caseIds: string[]; reason: CarriedReason };
  'letters-missed': { caseIds: string[] };
  'letters-packed': { day: string; caseIds: string[] };
  'batch-handed-over': { day: string; by: string };
  'batch-closed': { day: string };
}

interface OfSubmissions {
  submitted: { facts: CaseFacts };
}

export type CaseDeeds = OfCase;
export type MoneyDeedKind = keyof OfMoney;
export type Deeds = OfSubmissions & OfCase & OfMoney & OfFridays;
export type DeedKind = keyof Deeds;
export type Deed<K extends DeedKind = DeedKind> = {
  [Kind in K]: {
    kind: Kind;
    at: Instant;
    /** What must be done one after the other: all that concerns organisations of one name. Empty: after all before it and before all after it. */
    lane: string;
    /** Empty where it concerns no case alone. */
    caseId: string;
  } & Deeds[Kind];
}[K];

/** The deeds of a day, in their order. */
export type Journal = Deed[];
