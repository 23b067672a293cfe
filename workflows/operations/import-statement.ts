/** A day's bank statement: every line becomes a credit, or is one already; each new one gets its own matching run. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { addDays, shanghaiDay } from '#domain';
import { creditWorkflowId, workflowTypes, type StatementInput } from '../contract/index.js';
import { outside } from '../stages/proxies.js';
import { scheduledTime } from './scheduled-time.js';

export async function importStatement({ day }: StatementInput): Promise<{ lines: number; added: number }> {
  // The morning run takes yesterday's statement, which is complete; a run made up after an outage takes that of its own day.
  const wanted = day ?? addDays(shanghaiDay(scheduledTime()), -1);
  const { lines, added } = await outside.importStatement({ day: wanted });
  for (const credit of added) {
    await startChild(workflowTypes.matchCredit, {
      workflowId: creditWorkflowId(credit.referenceSha256),
      args: [{ creditId: credit.creditId }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `银行入账 Bank credit (statement ${wanted})`,
    }).catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    });
  }
  return { lines, added: added.length };
}
