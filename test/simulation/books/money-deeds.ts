/** Each deed about money by the activity that does it. */
import { randomUUID } from 'node:crypto';
import { FeeOrder, Refund, RefundPayee } from '#persistence';
import { IsNull } from 'typeorm';
import type { Decision, RefundKey } from '../deeds.js';
import type { Doings } from './books.js';
import { creditOf, explanationProposed } from './came-in.js';
import type { BooksWorld } from './world.js';

type MoneyDeed =
  | ('credit-decided' | 'credit-explained' | 'credit-reversed')
  | ('refund-account-given' | 'refund-proposed' | 'refund-approved' | 'refund-failed' | 'refund-paid');

export function moneyDeeds({ data, act }: BooksWorld): Doings<MoneyDeed> {
  const { manager } = data;
  const creditId = (reference: string) => creditOf(manager, reference);
  const orderId = async (caseId: string) => (await manager.findOneByOrFail(FeeOrder, { applicationId: caseId })).id;
  const refundId = async ({ reason, caseId, credit }: RefundKey) => {
    const about = {
      orderId: caseId === null ? IsNull() : await orderId(caseId),
      creditId: credit === null ? IsNull() : await creditId(credit),
    };
    return (await manager.findOneByOrFail(Refund, { reason, ...about })).id;
  };

  return {
    'credit-decided': async ({ credit, decision }) => {
      const decided = await act.decideCredit({ creditId: await creditId(credit.reference) });
      const told = [{ applicationId: decided.applicationId, result: decided.result }, ...(decided.others ?? [])];
      return {
        simulated: toldBy(decision),
        real: decided.result === 'held' ? 'held' : inOrder(told.map(({ applicationId, result }) => `${applicationId} ${result}`)),
      };
    },
    'credit-explained': async (deed) => {
      const explanationId = await explanationProposed(manager, deed);
      await act.openExplanation({ explanationId });
      const { state } = await act.closeExplanation({ explanationId, outcome: 'approved', by: deed.second });
      return { simulated: deed.applied ? 'applied' : 'rejected', real: state };
    },
    'credit-reversed': async ({ reference }) => void (await act.reverseCredit({ creditId: await creditId(reference) })),
    'refund-account-given': async ({ refund, attempt, by, at }) => {
      const id = await refundId(refund);
      const payee = { id: randomUUID(), refundId: id, name: '模拟收款单位', account: '51009999', givenBy: by, givenAt: at };
      await manager.insert(RefundPayee, payee);
      const standing = await act.redirectRefund({ refundId: id, payeeId: payee.id });
      return { simulated: attempt, real: standing.attempt };
    },
    'refund-proposed': async ({ refund, attempt, by }) => ({
      simulated: 'proposed',
      real: await act.decideRefund({ refundId: await refundId(refund), attempt, outcome: 'approved', by }),
    }),
    'refund-approved': async ({ refund, attempt, by }) => {
      const id = await refundId(refund);
      const real = await act.decideRefund({ refundId: id, attempt, outcome: 'approved', by });
      await act.orderRefund({ refundId: id, attempt });
      return { simulated: 'approved', real };
    },
    'refund-failed': async ({ refund, attempt, failure }) => act.failRefund({ refundId: await refundId(refund), attempt, failure }),
    'refund-paid': async ({ refund, attempt }) => void (await act.settleRefund({ refundId: await refundId(refund), attempt })),
  };
}

const inOrder = (lines: string[]) => lines.sort();

function toldBy(decision: Decision): string | string[] {
  return 'held' in decision ? 'held' : inOrder(decision.shares.map(({ caseId, result }) => `${caseId} ${result}`));
}
