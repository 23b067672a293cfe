/** 款项说明: what finance says a held credit is. Where the rules ask for a second person, it waits for one; then it takes effect once. */
import { condition } from '@temporalio/workflow';
import { decideExplanation, type ExplanationInput } from '../contract/index.js';
import { records } from '../stages/proxies.js';
import { onUpdate, refuseUnless } from '../stages/updates.js';
import { tellCase, tellCases } from './match-credit.js';

export async function explainCredit({ explanationId }: ExplanationInput): Promise<'applied' | 'rejected'> {
  let waitsForOtherThan: string | null = null;
  let deciding = false;
  let state: 'applied' | 'rejected' | null = null;
  const close = async (outcome: 'approved' | 'rejected', by: string | null) => {
    const closed = await records.closeExplanation({ explanationId, outcome, by });
    ({ state } = closed);
    const { told, creditId } = closed;
    if (told && told.applicationId !== null) await tellCase(told.applicationId, { creditId, result: told.result });
    await tellCases((told?.others ?? []).map((other) => ({ creditId, ...other })));
  };
  onUpdate(
    decideExplanation,
    async ({ outcome, by }) => {
      deciding = true;
      await close(outcome, by).finally(() => (deciding = false));
    },
    ({ by }) => {
      refuseUnless(!deciding && state === null, 'ALREADY_DECIDED');
      // Its row is seen before its run has read it: a moment too early, or it takes effect without a second person just now.
      refuseUnless(waitsForOtherThan !== null, 'UNAVAILABLE');
      refuseUnless(by !== waitsForOtherThan, 'FOUR_EYES');
    },
  );
  const { secondPerson, proposedBy } = await records.openExplanation({ explanationId });
  if (!secondPerson) await close('approved', null);
  else waitsForOtherThan = proposedBy;
  await condition(() => state !== null && !deciding);
  return state ?? 'rejected';
}
