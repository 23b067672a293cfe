/** Two refunds: one that the bank pays, and one whose account is closed, so that another is given and approved. */
import { refundWorkflowId } from '#workflows/contract';
import { casesOf, type FiledCase } from '../world/cases.js';
import { openOffice } from '../world/office.js';
import { refundsOf } from '../world/refunds.js';
import { personalIn, recorded, type Stories } from './telling.js';

const ACCOUNT = '6222 0000 0000 0000';
const OTHER = '51009999000011';

export async function liveRefunds(): Promise<Stories> {
  const office = await openOffice({ plainHistories: true });
  try {
    const cases = casesOf(office);
    const refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
    const withdrawn = async (name: string) => {
      const filed: FiledCase = await cases.awaitingPayment({ name });
      await cases.pay(filed, { amountFen: 10_000 });
      await filed.agent.post(`/api/v1/applications/${filed.id}/withdrawal`);
      await cases.reach(filed, 'closed');
      return { filed, refund: await refunds.due({ orderId: (await cases.order(filed)).id }) };
    };
    const straight = await withdrawn('成都退回医药有限公司');
    await refunds.approve(straight.refund);
    await refunds.reach(straight.refund, 'paid');

    const redirected = await withdrawn('成都改户医药有限公司');
    await refunds.closeAccount(ACCOUNT);
    await refunds.approve(redirected.refund);
    await refunds.reach(redirected.refund, 'failed');
    await refunds.redirect(redirected.refund, { name: '成都改户医药有限公司', account: OTHER });
    await refunds.decide(redirected.refund, 'second-finance');
    await refunds.reach(redirected.refund, 'paid');
    return {
      recorded: [
        await recorded(office, 'refund-by-two-persons', refundWorkflowId(straight.refund.id)),
        await recorded(office, 'refund-redirected-by-two-persons', refundWorkflowId(redirected.refund.id)),
      ],
      personal: [...(await personalIn(office, cases, [straight.filed, redirected.filed])), ACCOUNT, OTHER],
    };
  } finally {
    await office.close();
  }
}
