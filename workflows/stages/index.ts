/** The steps that businesses share. `runCase` opens a case, gives its business the stages, and turns a typed exit into the outcome. */
import type { Outcome } from '#domain';
import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { CaseInput } from '../contract/index.js';
import { AgentChanges } from './agent-change.js';
import { bindAndDispatch } from './bind-and-dispatch.js';
import { Case } from './case.js';
import { complete, finish } from './complete.js';
import { handOver } from './hand-over.js';
import { install } from './install.js';
import { invoice } from './invoice.js';
import { issue } from './issue.js';
import { approveKeyRecovery } from './key-recovery.js';
import { orderFee, payment } from './payment.js';
import { platformApproval } from './platform-approval.js';
import { rebindAccounts, revokePredecessor, suspend } from './predecessor.js';
import { review } from './review.js';
import { approveUnlock, tellUnlocked, unlockToken } from './unlock.js';
import { verifyPhone } from './verify-phone.js';
import { confirmFee, takePayment } from './window-payment.js';

const stages = {
  verifyPhone: (current: Case) => verifyPhone(current),
  orderFee,
  confirmFee,
  takePayment,
  review,
  payment,
  approveKeyRecovery,
  issue,
  install,
  platformApproval,
  approveUnlock,
  unlockToken,
  tellUnlocked,
  suspend,
  revokePredecessor,
  rebindAccounts,
  complete,
  finish,
  handOver,
  invoice,
  bindAndDispatch,
};
type Stages = typeof stages;

/** Each stage by its name, for the case at hand. */
export type CaseStages = { [Name in keyof Stages]: () => ReturnType<Stages[Name]> };

/** Runs a business's story. Whatever ends it early becomes the outcome, and no update is left without its answer. */
export async function runCase(input: CaseInput, story: (stage: CaseStages) => Promise<Outcome>): Promise<Outcome> {
  const current = new Case(input);
  const changes = new AgentChanges(current);
  const outcome = await current.tell(() => story(stagesOf(current)));
  await changes.end();
  await current.close(outcome);
  await condition(allHandlersFinished);
  return outcome;
}

function stagesOf(current: Case): CaseStages {
  const bound = Object.entries(stages).map(([name, stage]) => [name, () => stage(current)]);
  return Object.fromEntries(bound) as CaseStages;
}
