/** At the window: the token changes hands, which is signed for on a printed receipt. */
import { Application, Certificate, FeeOrder, Token, WindowPayment } from '#persistence';
import { businesses, fen, shanghaiClock, windows, yuan } from '#domain';
import { lockCase, moveCase } from '../casework/index.js';
import type { DocumentDeps, RecordDeps } from '../deps.js';
import { storeDocument } from '../documents.js';

export const handOverActivities = ({ data, now }: RecordDeps) => ({
  async openHandOver({ applicationId, until }: { applicationId: string; until: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'hand-over', waitingFor: 'clerk', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'hand-over.opened', onceKey: 'hand-over' }, now());
    });
  },

  async signHandOver({ applicationId, by }: { applicationId: string; by: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const event = { action: 'hand-over.signed', actor: { kind: 'staff', id: by }, onceKey: 'hand-over-signed' } as const;
      await moveCase(tx, application, { waitingFor: 'system', until: null }, event, now());
    });
  },
});

export const receiptActivities = ({ data, now, documents, objects }: DocumentDeps) => ({
  async printReceipt({ applicationId }: { applicationId: string }): Promise<void> {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const tokens = await data.manager.find(Token, { where: { applicationId }, order: { index: 'ASC' } });
    const certificates = await data.manager.findBy(Certificate, { applicationId, kind: 'signing' });
    const order = await data.manager.findOneBy(FeeOrder, { applicationId });
    const payment = order && (await data.manager.findOneBy(WindowPayment, { orderId: order.id }));
    const pdf = await documents.receipt({
      number: application.number,
      business: businesses[application.business].zh,
      window: application.window === null ? '' : windows[application.window].zh,
      certificateName: application.certificateName,
      uscc: application.uscc,
      agent: application.form.agent.name,
      tokens: tokens.map(({ serialNumber, index }) => {
        const certificate = certificates.find((each) => each.index === index);
        return { serialNumber, notAfter: certificate ? shanghaiClock(certificate.notAfter) : '', serial: certificate?.serial ?? '' };
      }),
      payment: payment ? { method: payment.method, slipNumber: payment.slipNumber, amountYuan: yuan(fen(payment.amountFen)) } : null,
      printedAt: shanghaiClock(now()),
    });
    await data.transaction((tx) =>
      storeDocument(tx, objects, { owner: `application/${applicationId}`, kind: 'receipt', index: 1 }, pdf, now()),
    );
  },
});
