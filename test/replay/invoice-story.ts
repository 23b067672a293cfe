/** A case whose invoice is corrected and then given back: the queue, the correction, the refund with its red invoice. */
import { caseWorkflowId, INVOICE_QUEUE, invoiceCorrectionWorkflowId, refundWorkflowId } from '#workflows/contract';
import { casesOf } from '../world/cases.js';
import { invoicesOf } from '../world/invoices.js';
import { openOffice } from '../world/office.js';
import { refundsOf } from '../world/refunds.js';
import { personalIn, recorded, sofar, type Stories } from './telling.js';

/** What finance writes down for people. */
const NOTE = '与王经理电话约定退还一部分';
const OTHER = { title: '成都更名医药有限公司', taxNumber: '91510100MA6200029R' };

export async function liveInvoices(): Promise<Stories> {
  const office = await openOffice({ plainHistories: true });
  try {
    const cases = casesOf(office);
    const invoices = invoicesOf(office, cases);
    const refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
    const filed = await invoices.completed('成都原名医药有限公司');
    const corrections = `/api/v1/applications/${filed.id}/invoice-corrections`;
    const { id: correctionId } = await filed.agent.post<{ id: string }>(corrections, OTHER, filed.agent.key());
    await cases.received(filed, 'invoice-replaced');
    const corrected = await recorded(office, 'invoice-corrected', invoiceCorrectionWorkflowId(correctionId));

    const finance = await cases.desk('finance');
    const { reference } = await cases.order(filed);
    const proposal = { order: reference, amountFen: 5_000, cause: 'complaint', note: NOTE };
    const { refundIds } = await finance.post<{ refundIds: string[] }>('/api/v1/refunds', proposal, finance.key());
    const refund = await refunds.due({ id: refundIds[0] ?? '' });
    await refunds.decide(refund, 'second-finance');
    await cases.received(filed, 'invoice-replaced', 2);
    const links = [await invoices.linkIn(filed, 'invoice'), await invoices.linkIn(filed, 'invoice-replaced')];
    return {
      recorded: [
        corrected,
        await sofar(office, 'new-invoice-queued', caseWorkflowId(filed.id)),
        await recorded(office, 'refund-after-completion', refundWorkflowId(refund.id)),
        await recorded(office, 'invoice-queue', INVOICE_QUEUE),
      ],
      personal: [
        ...(await personalIn(office, cases, [filed])),
        NOTE,
        OTHER.title,
        OTHER.taxNumber,
        ...links.map((link) => link.split('/').at(-1) ?? ''),
      ],
    };
  } finally {
    await office.close();
  }
}
