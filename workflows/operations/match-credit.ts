/** One bank credit: decided once, then told to its case. The credit was recorded before this began, so nothing here can lose it. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { caseWorkflowId, creditArrived, type CreditInput, type CreditNotice } from '../contract/index.js';
import { records } from '../stages/proxies.js';

export async function matchCredit({ creditId }: CreditInput): Promise<string> {
  const { applicationId, result, others = [] } = await records.decideCredit({ creditId });
  if (applicationId === null) return result;
  await tellCase(applicationId, { creditId, result });
  for (const other of others) await tellCase(other.applicationId, { creditId, result: other.result });
  return result;
}

/** A case that has ended needs no telling: the credit waits in finance's list with its reason. */
export async function tellCase(applicationId: string, notice: CreditNotice): Promise<void> {
  await getExternalWorkflowHandle(caseWorkflowId(applicationId))
    .signal(creditArrived, notice)
    .catch(() => undefined);
}

/** D: signals that a run has under way at once; the engine takes 2,000. */
const TOLD_AT_ONCE = 1_500;

/** Many cases. Who is told a second time finds the credit known. */
export async function tellCases(notices: readonly (CreditNotice & { applicationId: string })[]): Promise<void> {
  for (let from = 0; from < notices.length; from += TOLD_AT_ONCE)
    await Promise.all(notices.slice(from, from + TOLD_AT_ONCE).map(({ applicationId, ...notice }) => tellCase(applicationId, notice)));
}
