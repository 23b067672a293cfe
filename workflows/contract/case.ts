/** What a case takes, is told, and answers. Everything here is an id or a code: histories hold no personal data. */
import type {
  AgentChangeDecision,
  AgentChangeKind,
  BusinessSlug,
  CancelReason,
  Channel,
  Outcome,
  Hold,
  Resumption,
  ReviewOutcome,
  Stage,
  UnlockDecision,
  Waiter,
} from '#domain';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

export interface CaseInput {
  applicationId: string;
  number: string;
  business: BusinessSlug;
  channel: Channel;
  /** The clerk who entered it. Absent where the applicant did. */
  enteredBy?: string;
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
/** A reviewer's decision, recorded by the API under this id and applied here. `by` is the reviewer. */
export const decideReview = defineUpdate<void, [{ decisionId: string; outcome: ReviewOutcome; by?: string }]>('decideReview');
/** `phoneChanged`: the correction names another phone for the agent, which has to be proven like the first one. */
export const submitCorrection = defineUpdate<void, [{ correctionId: string; phoneChanged?: boolean }]>('submitCorrection');
/** A supervisor sets an amount that the tariff does not publish. */
export const confirmFee = defineUpdate<void, [{ amountFen: number; by: string }]>('confirmFee');
export interface WindowReceipt {
  method: 'card' | 'transfer';
  slipNumber: string;
  amountFen: number;
  by: string;
}
export const takePayment = defineUpdate<void, [WindowReceipt]>('takePayment');
/** Two persons, neither of whom entered the case. Answers how many have approved. */
export const approveKeyRecovery = defineUpdate<{ approvals: number }, [{ by: string }]>('approveKeyRecovery');
/** The assistant has brought the request for its new key; the API keeps it, here it is issued for. */
export const requestInstallation = defineUpdate<void, [{ requestId: string }]>('requestInstallation');
export const confirmInstallation = defineUpdate<void, [{ confirmationId: string }]>('confirmInstallation');
export const signHandOver = defineUpdate<void, [{ handOverId: string; by: string }]>('signHandOver');
/** The platform's administrator has decided; the API recorded what was told under this id. */
export const decidePlatform = defineUpdate<void, [{ decisionId: string }]>('decidePlatform');
/** The second person's word on an unlocking: never of the one who opened it. */
export const decideUnlock = defineUpdate<void, [UnlockDecision]>('decideUnlock');
/** The holder's code was right; the API kept the token's challenge. Done when the answer stands beside it. */
export const redeemUnlock = defineUpdate<void, [{ codeId: string }]>('redeemUnlock');
/** Another agent, or another phone of the same one; the API recorded it under this id. `by` is whoever of the office entered it. */
export interface AgentChangeRequest {
  changeId: string;
  kind: AgentChangeKind;
  by?: string;
}
export const askAgentChange = defineUpdate<void, [AgentChangeRequest]>('askAgentChange');
/** The second person's word: never of whoever entered the change or had the case in hand. */
export const decideAgentChange = defineUpdate<void, [AgentChangeDecision]>('decideAgentChange');
/** The new phone's code was right: from here on the case is that phone's. */
export const confirmAgentChange = defineUpdate<void, [{ changeId: string; codeId: string }]>('confirmAgentChange');
export const resendAgentChangeCode = defineUpdate<void, [{ changeId: string; requestId: string }]>('resendAgentChangeCode');
/** The applicant takes the application back; a supervisor cancels it, giving a reason. */
export const withdrawCase = defineUpdate<void, [{ requestId: string }]>('withdrawCase');
export const cancelCase = defineUpdate<void, [{ reason: CancelReason; by: string }]>('cancelCase');
/** The stamped form has come after a suspension by telephone: it is to be made final, or lifted. */
export const formArrived = defineUpdate<void, [{ wish: 'revoke' | 'lift'; by: string }]>('formArrived');
/** For operators: try the step again at which the case was parked. */
export const resumeCase = defineUpdate<void, [Resumption]>('resumeCase');
/** For operators: do no further step until resumed. */
export const holdCase = defineUpdate<void, [Hold]>('holdCase');

export type CreditNotice = { creditId: string; result: 'exact' | 'completes' | 'over' | 'short' | 'held' };
export const creditArrived = defineSignal<[CreditNotice]>('creditArrived');

/** `time`: which move of the letter by the calendar it was. */
export type DispatchNotice = { day: string; step: 'carried' | 'handed-over' | 'moved'; time?: number };
export const dispatchProgress = defineSignal<[DispatchNotice]>('dispatchProgress');

export const caseView = defineQuery<CaseView>('caseView');
