/** The steps that businesses share. `runCase` opens a case, gives its business the stages, and turns a typed exit into the outcome. */
import type { Outcome } from '#domain';
import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { CaseInput } from '../contract/index.js';
import { bindAndDispatch } from './bind-and-dispatch.js';
import { Case, CaseEnded } from './case.js';
import { complete } from './complete.js';
import { invoice } from './invoice.js';
import { issue } from './issue.js';
import { payment } from './payment.js';
import { review } from './review.js';
import { verifyPhone } from './verify-phone.js';

export interface CaseStages {
  verifyPhone(): Promise<void>;
  review(): Promise<void>;
  payment(): Promise<void>;
  issue(): Promise<void>;
  complete(): Promise<void>;
  invoice(): Promise<void>;
  bindAndDispatch(): Promise<void>;
}

/** Runs a business's story. Whatever ends it early becomes the outcome, and no update is left without its answer. */
export async function runCase(input: CaseInput, story: (stage: CaseStages) => Promise<Outcome>): Promise<Outcome> {
  const current = new Case(input);
  const stages: CaseStages = {
    verifyPhone: () => verifyPhone(current),
    review: () => review(current),
    payment: () => payment(current),
    issue: () => issue(current),
    complete: () => complete(current),
    invoice: () => invoice(current),
    bindAndDispatch: () => bindAndDispatch(current),
  };
  const outcome = await story(stages).catch((error: unknown) => {
    if (error instanceof CaseEnded) return error.outcome;
    throw error;
  });
  await current.close(outcome);
  await condition(allHandlersFinished);
  return outcome;
}
