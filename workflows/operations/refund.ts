/** 退款: two persons, then the bank, under one key for each order to it. Its word, told or asked for, ends it; a failure goes back to a person. */
import type { RefundInput } from '../contract/index.js';
import { RefundDesk } from './refund-desk.js';

export async function refund({ refundId }: RefundInput): Promise<'paid' | 'withdrawn'> {
  const desk = new RefundDesk(refundId);
  await desk.open();
  for (;;) {
    if ((await desk.decision()) === 'withdrawn') return desk.close('withdrawn');
    if ((await desk.payment()) === 'settled') return desk.close('paid');
  }
}
