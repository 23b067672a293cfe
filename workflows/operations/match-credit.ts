/** One bank credit: decided once, then told to its case. The credit was recorded before this began, so nothing here can lose it. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { caseWorkflowId, creditArrived, type CreditInput } from '../contract/index.js';
import { records } from '../stages/proxies.js';

export async function matchCredit({ creditId }: CreditInput): Promise<string> {
  const { applicationId, result } = await records.decideCredit({ creditId });
  if (applicationId === null) return result;
  // A case that has ended needs no telling: the credit waits in finance's list with its reason.
  await getExternalWorkflowHandle(caseWorkflowId(applicationId))
    .signal(creditArrived, { creditId, result })
    .catch(() => undefined);
  return result;
}
