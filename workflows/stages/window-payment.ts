/** Money taken on the spot: by card or transfer slip, never in cash. Whoever takes it does not decide on the case. */
import { condition } from '@temporalio/workflow';
import { confirmFee as confirmFeeUpdate, takePayment as takePaymentUpdate } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

/** While the tariff publishes no amount, a supervisor sets it for the case. */
export async function confirmFee(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('fee-confirmation');
  let confirmed = false;
  let confirming = false;
  onUpdate(
    confirmFeeUpdate,
    async ({ amountFen, by }) => {
      confirming = true;
      try {
        await records.confirmFee({ applicationId, amountFen, by });
        current.hands.add(by);
        confirmed = true;
      } finally {
        confirming = false;
      }
    },
    ({ by }) => {
      refuseUnless(current.stage === 'fee-confirmation', 'STAGE_REFUSES');
      refuseUnless(!current.hands.has(by), 'FOUR_EYES');
      refuseUnless(!confirming && !confirmed, 'ALREADY_DECIDED');
    },
  );
  const { published } = await records.openFeeConfirmation({ applicationId, until: until.toISOString() });
  if (published) return;
  current.enter('fee-confirmation', 'supervisor', until);
  await condition(() => confirmed);
}

export async function takePayment(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('window-payment');
  let paid = false;
  let taking = false;
  onUpdate(
    takePaymentUpdate,
    async (receipt) => {
      taking = true;
      try {
        await records.takeWindowPayment({ applicationId, ...receipt });
        current.hands.add(receipt.by);
        paid = true;
      } finally {
        taking = false;
      }
    },
    () => {
      refuseUnless(current.stage === 'window-payment', 'STAGE_REFUSES');
      refuseUnless(!taking && !paid, 'ALREADY_DECIDED');
    },
  );
  const { due, waivedBy } = await records.openWindowPayment({ applicationId, until: until.toISOString() });
  if (waivedBy !== undefined) current.hands.add(waivedBy);
  if (!due) return;
  current.enter('window-payment', 'clerk', until);
  const inTime = await condition(() => paid, msUntil(until), { summary: '等待窗口缴费 Payment at the window is due' });
  if (!inTime && !taking) current.end('order-expired');
  await condition(() => paid);
}
