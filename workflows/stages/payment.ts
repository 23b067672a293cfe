/** Corporate transfer: the order, what arrives for it, and its expiry. Money is matched elsewhere and told to the case. */
import { condition, setHandler } from '@temporalio/workflow';
import { creditArrived, type CreditNotice } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { outside, records } from './proxies.js';

/** With the submission: the order is known from the first day on, and who pays early has paid. */
export async function orderFee(current: Case): Promise<void> {
  const { applicationId } = current;
  await current.attempt(() => records.orderFee({ applicationId, until: current.deadline('payment').toISOString() }));
}

export async function payment(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('payment');
  const notices: CreditNotice[] = [];
  setHandler(creditArrived, (notice) => void notices.push(notice));

  const order = await current.attempt(() => records.openOrder({ applicationId, until: until.toISOString() }));
  current.enter('payment', 'bank', until);
  const approved = current.definition.about === 'certificate' ? 'renewal-approved' : 'review-approved';
  await current.attempt(() => outside.sendSms({ applicationId, template: approved, onceKey: 'review-approved' }));

  while (order !== 'paid') {
    const inTime = await condition(() => notices.length > 0, msUntil(until), { summary: '等待缴费 Payment is due' });
    const notice = notices.shift();
    if (!inTime || !notice) {
      // The transfer may have been matched in this very moment: the order's row decides, not the timer.
      const { expired } = await records.expireOrder({ applicationId });
      if (!expired) break;
      await current.attempt(() => outside.sendSms({ applicationId, template: 'expired', onceKey: 'order-expired' }));
      current.end('order-expired');
    }
    if (notice.result === 'held' || notice.result === 'short') {
      const template = notice.result === 'held' ? 'payment-held' : 'payment-short';
      await current.attempt(() =>
        outside.sendSms({ applicationId, template, creditId: notice.creditId, onceKey: `${template}/${notice.creditId}` }),
      );
      continue;
    }
    break;
  }
  await records.confirmPayment({ applicationId });
  await current.attempt(() => outside.sendSms({ applicationId, template: 'payment-confirmed', onceKey: 'payment-confirmed' }));
}
