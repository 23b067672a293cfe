/** 退款: two persons, then the bank, under one key for each order to it. Its word, told or asked for, ends it; a failure goes back to a person. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { paymentReported, refundWorkflowId, type RefundInput } from '../contract/index.js';
import { RefundDesk } from './refund-desk.js';

export async function refund({ refundId }: RefundInput): Promise<'paid' | 'withdrawn'> {
  const desk = new RefundDesk(refundId);
  await desk.open();
  for (;;) {
    if ((await desk.decision()) === 'withdrawn') return desk.close('withdrawn');
    if ((await desk.payment()) === 'settled') return desk.close('paid');
  }
}

/** That the bank has paid, as its statement says. One whose run has ended has heard of it. */
export async function tellRefunds(paid: readonly { refundId: string; attempt: number }[]): Promise<void> {
  for (const { refundId, attempt } of paid)
    await getExternalWorkflowHandle(refundWorkflowId(refundId))
      .signal(paymentReported, { attempt, status: 'settled' })
      .catch(() => undefined);
}
