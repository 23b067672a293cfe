/** What a case takes, is told, and answers. Everything here is an id or a code: histories hold no personal data. */
import type { BusinessSlug, Channel, Outcome, Resumption, ReviewOutcome, Stage, Waiter } from '#domain';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

export interface CaseInput {
  applicationId: string;
  number: string;
  business: BusinessSlug;
  channel: Channel;
}

export interface CaseView {
  stage: Stage;
  waitingFor: Waiter;
  since: string;
  until: string | null;
  parkedReason: string | null;
  outcome: Outcome | null;
}

/** The agent typed the right code; the API recorded the fact under this id. */
export const verifyPhone = defineUpdate<void, [{ codeId: string }]>('verifyPhone');
export const resendPhoneCode = defineUpdate<void, [{ requestId: string }]>('resendPhoneCode');
/** A reviewer's decision, recorded by the API under this id and applied here. */
export const decideReview = defineUpdate<void, [{ decisionId: string; outcome: ReviewOutcome }]>('decideReview');
/** `phoneChanged`: the correction names another phone for the agent, which has to be proven like the first one. */
export const submitCorrection = defineUpdate<void, [{ correctionId: string; phoneChanged?: boolean }]>('submitCorrection');
/** For operators: try the step again at which the case was parked. */
export const resumeCase = defineUpdate<void, [Resumption]>('resumeCase');

export type CreditNotice = { creditId: string; result: 'exact' | 'completes' | 'over' | 'short' | 'held' };
export const creditArrived = defineSignal<[CreditNotice]>('creditArrived');

export type DispatchNotice = { day: string; step: 'carried' | 'bound' | 'packed' | 'handed-over' };
export const dispatchProgress = defineSignal<[DispatchNotice]>('dispatchProgress');

export const caseView = defineQuery<CaseView>('caseView');
