/** Fee orders, and what bank credits do to them. A credit is recorded first, decided here once, and never removed. */
import { yuan } from '#domain';
import { FeeOrder } from '#persistence';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import type { Decided } from './booking.js';
import { decideCredit } from './deciding.js';
import { makeOrder } from './orders.js';
import { takeBack, type Reversal } from './reversal.js';

export { bookAll, earn, lockCasesOf, receiveAtWindow, type CaseOfOrder, type Decided, type Told } from './booking.js';
export { decideCredits } from './deciding.js';
export { feeLines, makeOrder } from './orders.js';
export { takeBack, type Reversal } from './reversal.js';
export { holdSlips } from './slips.js';

export const paymentActivities = ({ data, now }: RecordDeps) => ({
  /** With the submission, before anything waits for it. */
  async orderFee({ applicationId, until }: { applicationId: string; until: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (await tx.existsBy(FeeOrder, { applicationId })) return;
      const { amountFen } = await makeOrder(tx, application, { expiresAt: new Date(until), at: now() });
      await moveCase(tx, application, {}, { action: 'payment.ordered', details: { amount: yuan(amountFen) }, onceKey: 'ordered' }, now());
    });
  },

  /** From here on the case waits for the money, unless it has come already. */
  async openOrder({ applicationId, until }: { applicationId: string; until: string }): Promise<'open' | 'paid'> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'payment', waitingFor: 'bank', until: new Date(until) } as const;
      const before = await tx.findOneBy(FeeOrder, { applicationId });
      if (before) {
        // The days to pay count from the review, not from the submission.
        if (before.status === 'open' && before.expiresAt < new Date(until))
          await tx.update(FeeOrder, { id: before.id }, { expiresAt: until });
        await moveCase(tx, application, move, { action: 'payment.waited', onceKey: 'payment-waited' }, now());
        return before.status === 'paid' ? 'paid' : 'open';
      }
      const { amountFen } = await makeOrder(tx, application, { expiresAt: new Date(until), at: now() });
      await moveCase(tx, application, move, { action: 'payment.ordered', details: { amount: yuan(amountFen) }, onceKey: 'ordered' }, now());
      return 'open';
    });
  },

  decideCredit: ({ creditId }: { creditId: string }): Promise<Decided> => decideCredit(data, creditId, now()),

  /** The bank takes a credit back, of which a statement or a push has told. */
  async reverseCredit({ creditId }: { creditId: string }): Promise<Reversal> {
    return data.transaction((tx) => takeBack(tx, creditId, now()));
  },

  async confirmPayment({ applicationId }: { applicationId: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      await moveCase(tx, application, { waitingFor: 'system', until: null }, { action: 'payment.confirmed', onceKey: 'paid' }, now());
    });
  },

  /** The order's row decides a race between the last transfer and the deadline. */
  async expireOrder({ applicationId }: { applicationId: string }): Promise<{ expired: boolean }> {
    return data.transaction(async (tx) => {
      const order = await tx.findOneOrFail(FeeOrder, { where: { applicationId }, lock: { mode: 'pessimistic_write' } });
      if (order.status === 'paid') return { expired: false };
      await tx.update(FeeOrder, { id: order.id }, { status: 'expired' });
      return { expired: true };
    });
  },
});
