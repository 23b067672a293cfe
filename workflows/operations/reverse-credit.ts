/** 冲正: the bank takes a credit back. What was to be refunded of it is not; what was issued for it waits for finance. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { refundWithdrawn, refundWorkflowId, reversalWorkflowId, type CreditInput } from '../contract/index.js';
import { records } from '../stages/proxies.js';

export async function reverseCredit({ creditId }: CreditInput): Promise<{ reopened: number; withdrawn: number }> {
  const { reopened, withdrawn } = await records.reverseCredit({ creditId });
  for (const refundId of withdrawn) {
    // One whose run has not begun, or has ended, finds its row withdrawn.
    await getExternalWorkflowHandle(refundWorkflowId(refundId))
      .signal(refundWithdrawn)
      .catch(() => undefined);
  }
  return { reopened: reopened.length, withdrawn: withdrawn.length };
}

/** What the credit was to be refunded for hears of it, in a run of its own. One that has begun already does the same. */
export async function startReversal(creditId: string): Promise<void> {
  await startChild(reverseCredit, {
    workflowId: reversalWorkflowId(creditId),
    args: [{ creditId }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: '冲正 Reversal',
  }).catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}
