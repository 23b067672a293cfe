/** Each deed of a case by the activity that records it; before it what the API would have written down as it came in. */
import { Certificate } from '#persistence';
import type { CaseDeeds } from '../deeds.js';
import type { Doings } from './books.js';
import { codeUsed, correctionSent, decisionSent } from './came-in.js';
import { pairRows } from './rows.js';
import type { BooksWorld } from './world.js';

export function caseDeeds({ data, act }: BooksWorld): Doings<keyof CaseDeeds> {
  const { manager } = data;
  const none = () => Promise.resolve();
  const iso = (until: Date) => until.toISOString();
  /** The queue makes invoices one after the other, whoever asks. */
  let queue = Promise.resolve();
  const makeInvoices = () =>
    (queue = queue.then(async () => {
      for (let told = await act.issueDueInvoices({}); told.length > 0; told = await act.issueDueInvoices({}))
        await act.noteInvoicesTold({ told });
    }));

  return {
    'phone-opened': async ({ caseId: applicationId, until, known }) => {
      const { agentVerified } = await act.openPhoneVerification({ applicationId, until: iso(until) });
      return { simulated: known, real: agentVerified };
    },
    'phone-verified': async (deed) => act.recordPhoneVerified({ applicationId: deed.caseId, codeId: await codeUsed(manager, deed) }),
    'fee-ordered': ({ caseId: applicationId, until }) => act.orderFee({ applicationId, until: iso(until) }),
    'review-opened': ({ caseId: applicationId, round, until }) => act.openReview({ applicationId, round, until: iso(until) }),
    'review-decided': async (deed) => {
      const decisionId = await decisionSent(manager, deed);
      const real = await act.applyDecision({ applicationId: deed.caseId, decisionId, round: deed.round });
      return { simulated: deed.outcome, real };
    },
    'correction-opened': ({ caseId: applicationId, round, until }) => act.openCorrection({ applicationId, round, until: iso(until) }),
    corrected: async (deed) =>
      void (await act.applyCorrection({ applicationId: deed.caseId, correctionId: await correctionSent(manager, deed) })),
    'order-opened': async ({ caseId: applicationId, until, paid }) => {
      const real = await act.openOrder({ applicationId, until: iso(until) });
      return { simulated: paid ? 'paid' : 'open', real };
    },
    'payment-confirmed': ({ caseId: applicationId }) => act.confirmPayment({ applicationId }),
    'order-expired': async ({ caseId: applicationId }) => ({ simulated: true, real: (await act.expireOrder({ applicationId })).expired }),
    'fee-confirmation-opened': async ({ caseId: applicationId, until }) => {
      const { published } = await act.openFeeConfirmation({ applicationId, until: iso(until) });
      return { simulated: false, real: published };
    },
    'fee-confirmed': ({ caseId: applicationId, amountFen, by }) => act.confirmFee({ applicationId, amountFen, by }),
    'window-payment-opened': async ({ caseId: applicationId, until }) =>
      void (await act.openWindowPayment({ applicationId, until: iso(until) })),
    'window-paid': ({ caseId: applicationId, amountFen, slip, by }) =>
      act.takeWindowPayment({ applicationId, method: 'card', slipNumber: slip, amountFen, by }),
    'key-recovery-opened': ({ caseId: applicationId, until }) => act.openKeyRecovery({ applicationId, until: iso(until) }),
    'key-recovery-approved': async ({ caseId: applicationId, by }) => void (await act.approveKeyRecovery({ applicationId, by })),
    'issuance-started': async ({ caseId: applicationId, until }) => void (await act.startIssuance({ applicationId, until: iso(until) })),
    issued: async ({ caseId: applicationId, pair, at }) => void (await manager.insert(Certificate, pairRows(applicationId, pair, at))),
    'installation-opened': ({ caseId: applicationId, until }) => act.openInstallation({ applicationId, until: iso(until) }),
    installed: ({ caseId: applicationId }) => act.confirmInstallation({ applicationId }),
    'subject-revoked': async ({ caseId: applicationId }) => ({
      simulated: true,
      real: (await act.revokePredecessor({ applicationId }))?.revoked,
    }),
    'subject-suspended': ({ caseId: applicationId, until }) => act.suspendPredecessor({ applicationId, until: iso(until) }),
    'form-arrived': async ({ caseId: applicationId, wish, by }) => void (await act.recordForm({ applicationId, wish, by })),
    'subject-released': ({ caseId: applicationId }) => act.releasePredecessor({ applicationId }),
    'unlock-opened': ({ caseId: applicationId, until }) => act.openUnlockApproval({ applicationId, until: iso(until) }),
    'unlock-decided': ({ caseId: applicationId, outcome, by }) =>
      act.decideUnlock(outcome === 'approved' ? { applicationId, outcome, by } : { applicationId, outcome, by, reason: 'not-asked-for' }),
    'unlocking-opened': ({ caseId: applicationId, until }) => act.openUnlocking({ applicationId, until: iso(until) }),
    // The answer to the token is the desk's, and stands in no row of the case.
    redeemed: none,
    'hand-over-opened': ({ caseId: applicationId, until }) => act.openHandOver({ applicationId, until: iso(until) }),
    'handed-over': ({ caseId: applicationId, by }) => act.signHandOver({ applicationId, by }),
    completed: async ({ caseId: applicationId, day, at }) => {
      const real = await act.completeApplication({ applicationId, completedAt: iso(at) });
      return { simulated: day, real: real?.day };
    },
    finished: ({ caseId: applicationId, at }) => act.finishApplication({ applicationId, completedAt: iso(at) }),
    invoiced: async ({ caseId: applicationId, ordered }) => {
      const answer = await act.orderInvoice({ applicationId });
      if (typeof answer !== 'string') await makeInvoices();
      return { simulated: ordered ? 'ordered' : 'nothing-paid', real: typeof answer === 'string' ? answer : 'ordered' };
    },
    withdrawn: ({ caseId: applicationId }) => act.interruptCase({ applicationId, outcome: 'withdrawn', by: null }),
    cancelled: ({ caseId: applicationId, by }) =>
      act.interruptCase({ applicationId, outcome: 'cancelled', by: { reason: 'duplicate', by } }),
    closed: ({ caseId: applicationId, outcome }) => act.closeCase({ applicationId, outcome }),
  };
}
