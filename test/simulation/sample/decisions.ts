/** What people and outside systems do to a case of the sample: the same as in the simulation, sent to its real workflow as the API would send it. */
import { randomUUID } from 'node:crypto';
import { recordNewCredits, referenceDigest } from '#persistence';
import {
  approveKeyRecovery,
  cancelCase,
  caseWorkflowId,
  confirmFee,
  confirmInstallation,
  creditWorkflowId,
  decideExplanation,
  decideReview,
  decideUnlock,
  dispatchView,
  dispatchWorkflowId,
  explanationWorkflowId,
  formArrived,
  handOver,
  queues,
  redeemUnlock,
  requestInstallation,
  signHandOver,
  submitCorrection,
  takePayment,
  verifyPhone,
  withdrawCase,
  workflowTypes,
} from '#workflows/contract';
import type { UpdateDefinition } from '@temporalio/common';
import { codeUsed, correctionSent, creditOf, decisionSent, explanationProposed } from '../books/came-in.js';
import { moneyDeeds } from '../books/money-deeds.js';
import { insertSubmissions } from '../books/rows.js';
import type { Deed, DeedKind, MoneyDeedKind } from '../deeds.js';
import type { SampleEngine } from './engine.js';

type Decide<Kind extends DeedKind> = (deed: Deed<Kind>) => Promise<unknown>;
/** All that is done with money, for no workflow of a case does it by itself. */
export type Decisions = { [Kind in DeedKind]?: Decide<Kind> } & { [Kind in MoneyDeedKind]: Decide<Kind> };

export interface DecisionOptions {
  /** Waits for something of the workflows that no answer tells. */
  until: (look: () => Promise<boolean>, what: string) => Promise<void>;
  /** Whether the case's certificates are installed by the holder's assistant. */
  bringsOwnToken: (caseId: string) => boolean;
}

export function decisionsOf(sample: SampleEngine, { until, bringsOwnToken }: DecisionOptions): Decisions {
  const { books, engine } = sample;
  const { manager } = books.data;
  const { workflow } = engine.client;
  const money = moneyDeeds(books);
  const send = <Input>({ caseId }: { caseId: string }, definition: UpdateDefinition<unknown, [Input]>, input: Input) =>
    workflow.getHandle(caseWorkflowId(caseId)).executeUpdate(definition, { args: [input] });
  const start = (type: string, workflowId: string, input: object) =>
    workflow.start(type, { workflowId, taskQueue: queues.business, args: [input] });
  const batch = (day: string) => workflow.getHandle(dispatchWorkflowId(day));

  return {
    submitted: async ({ facts }) => {
      await books.data.transaction((tx) => insertSubmissions(tx, [facts]));
      const { id: applicationId, number, business, channel, enteredBy } = facts;
      const input = { applicationId, number, business, channel, ...(enteredBy === null ? {} : { enteredBy }) };
      await start(workflowTypes[business], caseWorkflowId(applicationId), input);
    },
    'phone-verified': async (deed) => send(deed, verifyPhone, { codeId: await codeUsed(manager, deed) }),
    'review-decided': async (deed) => {
      const { outcome, by } = deed;
      await send(deed, decideReview, { decisionId: await decisionSent(manager, deed), outcome, by });
    },
    corrected: async (deed) => send(deed, submitCorrection, { correctionId: await correctionSent(manager, deed) }),
    'fee-confirmed': (deed) => send(deed, confirmFee, { amountFen: deed.amountFen, by: deed.by }),
    'window-paid': (deed) => send(deed, takePayment, { method: 'card', slipNumber: deed.slip, amountFen: deed.amountFen, by: deed.by }),
    'key-recovery-approved': (deed) => send(deed, approveKeyRecovery, { by: deed.by }),
    'form-arrived': (deed) => send(deed, formArrived, { wish: deed.wish, by: deed.by }),
    'unlock-decided': (deed) =>
      send(
        deed,
        decideUnlock,
        deed.outcome === 'approved'
          ? { outcome: deed.outcome, by: deed.by }
          : { outcome: deed.outcome, by: deed.by, reason: 'not-asked-for' },
      ),
    redeemed: (deed) => send(deed, redeemUnlock, { codeId: randomUUID() }),
    // Online the assistant brings its request, gets what was issued for it, and confirms; elsewhere the workflow issues by itself.
    issued: async (deed) => {
      if (bringsOwnToken(deed.caseId)) await send(deed, requestInstallation, { requestId: randomUUID() });
    },
    installed: (deed) => send(deed, confirmInstallation, { confirmationId: randomUUID() }),
    'handed-over': (deed) => send(deed, signHandOver, { handOverId: randomUUID(), by: deed.by }),
    withdrawn: (deed) => send(deed, withdrawCase, { requestId: randomUUID() }),
    cancelled: (deed) => send(deed, cancelCase, { reason: 'duplicate', by: deed.by }),
    'credit-decided': async ({ credit, at }) => {
      await books.data.transaction((tx) => recordNewCredits(tx, [credit], at));
      const creditId = await creditOf(manager, credit.reference);
      const matching = await start(workflowTypes.matchCredit, creditWorkflowId(referenceDigest(credit.reference)), { creditId });
      await until(async () => (await matching.describe()).status.name === 'COMPLETED', `credit ${credit.reference}`);
    },
    'credit-explained': async (deed) => {
      const explanationId = await explanationProposed(manager, deed);
      const explaining = await start(workflowTypes.explainCredit, explanationWorkflowId(explanationId), { explanationId });
      const { second } = deed;
      if (second !== null) await taken(() => explaining.executeUpdate(decideExplanation, { args: [{ outcome: 'approved', by: second }] }));
      await until(async () => (await explaining.describe()).status.name === 'COMPLETED', `explanation of ${deed.reference}`);
    },
    'credit-reversed': (deed) => books.at(deed.at, () => money['credit-reversed'](deed)),
    'refund-account-given': (deed) => books.at(deed.at, () => money['refund-account-given'](deed)),
    'refund-proposed': (deed) => books.at(deed.at, () => money['refund-proposed'](deed)),
    'refund-approved': (deed) => books.at(deed.at, () => money['refund-approved'](deed)),
    'refund-failed': (deed) => books.at(deed.at, () => money['refund-failed'](deed)),
    'refund-paid': (deed) => books.at(deed.at, () => money['refund-paid'](deed)),
    'batch-opened': async ({ day }) => {
      await start(workflowTypes.fridayDispatch, dispatchWorkflowId(day), { day });
      // Hours that ran on meanwhile would count against the platform.
      await until(async () => (await batch(day).query(dispatchView)).state !== 'working', `the batch of ${day}`);
    },
    'batch-handed-over': async ({ day, by }) => {
      const { items, state } = await batch(day).query(dispatchView);
      if (state === 'waiting-for-hand-over' && items.packed > 0)
        await batch(day).executeUpdate(handOver, { args: [{ handOverId: `simulated/${day}`, staffId: by }] });
    },
    'letters-missed': async () => {
      const watching = await start(workflowTypes.watchFridays, `watch-fridays/${randomUUID()}`, {});
      await until(async () => (await watching.describe()).status.name === 'COMPLETED', 'the look at the Fridays');
    },
  };
}

/** Its run may not have begun yet: then it asks to come again. */
async function taken(attempt: () => Promise<unknown>, tries = 20): Promise<void> {
  for (let left = tries; ; left -= 1) {
    try {
      return void (await attempt());
    } catch (error) {
      if (left === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
