/** E-invoices. Ordered once a case: the provider gets the same idempotency key however often the step is tried. */
import { fen, tariffWords } from '#domain';
import { Application, FeeOrder, Invoice } from '#persistence';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase } from '../casework/index.js';
import type { BusinessDeps } from '../deps.js';

export const invoiceActivities = ({ data, now, gateways }: BusinessDeps) => ({
  /** Where nothing was paid there is no invoice. */
  async orderInvoice({ applicationId }: { applicationId: string }): Promise<'ordered' | 'nothing-paid'> {
    if (await data.manager.existsBy(Invoice, { applicationId })) return 'ordered';
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const order = await data.manager.findOneBy(FeeOrder, { applicationId });
    if (order?.status !== 'paid') return 'nothing-paid';
    const { invoiceNumber, link } = await gateways.invoice.order({
      idempotencyKey: `${applicationId}/invoice`,
      title: application.certificateName,
      taxNumber: application.uscc,
      amountFen: order.amountFen,
      lines: order.lines.map((line) => ({ name: tariffWords[line.code].zh, quantity: line.quantity, amountFen: line.amountFen })),
    });
    await data.transaction(async (tx) => {
      const locked = await lockCase(tx, applicationId);
      const fresh = await moveCase(
        tx,
        locked,
        {},
        { action: 'invoice.ordered', details: { invoice: invoiceNumber }, onceKey: 'invoice' },
        now(),
      );
      if (fresh)
        await tx.insert(Invoice, { id: uuidv7(), applicationId, amountFen: fen(order.amountFen), invoiceNumber, link, orderedAt: now() });
    });
    return 'ordered';
  },
});
