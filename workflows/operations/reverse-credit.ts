/** 冲正: the bank takes a credit back. What was to be refunded of it is not; what was issued for it waits for finance. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { refundWithdrawn, refundWorkflowId, type CreditInput } from '../contract/index.js';
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
