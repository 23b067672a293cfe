/**
 * Invoices. Promises: each occasion makes one invoice of a colour, under one key at the service however often the step is tried; they are made in
 * the order in which they came to be due; a red one follows its blue one; whoever waits for one is told once.
 */
import { XinyinError } from '#domain';
import { FeeOrder, Invoice, makeInvoiceLink } from '#persistence';
import { invoiceQueued, INVOICE_QUEUE, queues, workflowTypes } from '#workflows/contract';
import { getClient } from '@temporalio/activity';
import { In } from 'typeorm';
import type { BusinessDeps, RecordDeps } from '../deps.js';
import { holdCase, linesLeft, note, queueInvoice } from './queue.js';
import { headOfQueue, makeInvoice, type MadeInvoice } from './make.js';
import { correctInvoice, endCorrection } from './correction.js';

export { queueRefundInvoices } from './queue.js';
export type { MadeInvoice } from './make.js';

/** ordered: made. replaced: made, or to be made, for another occasion, which tells of it. Otherwise it is in the queue. */
export type Ordered = 'ordered' | 'nothing-paid' | 'replaced' | { invoiceId: string };

export interface LinkSending {
  /** Of this sending. */
  id: string;
  applicationId: string;
  invoiceId: string;
  by: string;
}

/** So many answer within the step's time even from a slow service. */
const AT_ONCE = 5;

export const invoiceRecordActivities = ({ data, now }: RecordDeps) => ({
  /** Puts the old invoice's reversal and the new one into the queue. Answers the new one, or null where there is nothing left to correct. */
  async openInvoiceCorrection({ correctionId }: { correctionId: string }): Promise<{ applicationId: string; invoiceId: string | null }> {
    return data.transaction((tx) => correctInvoice(tx, correctionId, now()));
  },

  async closeInvoiceCorrection({ correctionId }: { correctionId: string }): Promise<void> {
    await data.transaction((tx) => endCorrection(tx, correctionId, now()));
  },

  /** Whoever waits for these has been told: the queue goes on. One that was put into the queue again meanwhile stays in it. */
  async noteInvoicesTold({ told }: { told: readonly MadeInvoice[] }): Promise<void> {
    for (const outcome of ['issued', 'refused'] as const) {
      const ids = told.filter((each) => each.outcome === outcome).map(({ invoiceId }) => invoiceId);
      if (ids.length > 0) await data.manager.update(Invoice, { id: In(ids), state: outcome }, { toldAt: now() });
    }
  },

  /** What the service refused goes to it again, at the old place of the queue. */
  async requeueInvoice({ invoiceId, by }: { invoiceId: string; by: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const { applicationId } = await tx.findOneByOrFail(Invoice, { id: invoiceId });
      await holdCase(tx, applicationId);
      const again = await tx.update(Invoice, { id: invoiceId, state: 'refused' }, { state: 'queued', toldAt: null });
      if (again.affected === 0) throw new XinyinError('INVOICE_NOT_REFUSED');
      await note(
        tx,
        applicationId,
        { action: 'invoice.retried', actor: { kind: 'staff', id: by }, details: { invoice: invoiceId } },
        now(),
      );
    });
  },
});

export const invoiceActivities = (deps: BusinessDeps) => ({
  /** For what was paid and is complete. Where nothing was paid there is no invoice; a refused one is queued again. */
  async orderInvoice({ applicationId }: { applicationId: string }): Promise<Ordered> {
    const { data, now } = deps;
    return data.transaction(async (tx) => {
      const application = await holdCase(tx, applicationId);
      const known = await tx.findOneBy(Invoice, { occasion: 'completion', occasionId: applicationId });
      if (known) return standingOf(known, () => tx.update(Invoice, { id: known.id }, { state: 'queued', toldAt: null }));
      const order = await tx.findOneBy(FeeOrder, { applicationId });
      if (order?.status !== 'paid') return 'nothing-paid';
      const lines = await linesLeft(tx, order);
      if (lines.length === 0) return 'nothing-paid';
      const buyer = { title: application.certificateName, taxNumber: application.uscc };
      const dueAt = application.completedAt ?? now();
      const made = { occasion: 'completion', occasionId: applicationId, colour: 'blue', reverses: null } as const;
      return { invoiceId: await queueInvoice(tx, { ...made, ...buyer, applicationId, lines, dueAt }, now()) };
    });
  },

  /** The queue's run takes up what is due; one that is at work looks again. */
  async wakeInvoices(_: object): Promise<void> {
    await getClient().workflow.signalWithStart(workflowTypes.issueInvoices, {
      workflowId: INVOICE_QUEUE,
      taskQueue: queues.business,
      args: [],
      signal: invoiceQueued,
      staticSummary: '开票队列 Invoice queue',
    });
  },

  /** A new link, since a member of staff has it sent; the one of before opens nothing from then on. Once for each sending. */
  async renewInvoiceLink({ id, applicationId, invoiceId, by }: LinkSending): Promise<void> {
    const { data, now, codeKey } = deps;
    await data.transaction(async (tx) => {
      await holdCase(tx, applicationId);
      const { invoiceNumber } = await tx.findOneByOrFail(Invoice, { id: invoiceId, applicationId, state: 'issued' });
      const event = { action: 'invoice.link-sent', actor: { kind: 'staff', id: by }, onceKey: `invoice-link/${id}` } as const;
      const fresh = await note(tx, applicationId, { ...event, details: { invoice: invoiceNumber } }, now());
      if (fresh) await makeInvoiceLink(tx, codeKey, invoiceId, now());
    });
  },

  /**
   * The oldest that are due, made one after the other; none when nothing is due. Fails while the service is away, to be tried again: what then is
   * oldest goes first. What was made before it went away is answered, so that nobody waits for a service to be told.
   */
  async issueDueInvoices(_: object): Promise<MadeInvoice[]> {
    const made: MadeInvoice[] = [];
    while (made.length < AT_ONCE) {
      const head = await headOfQueue(deps.data.manager, made);
      if (!head) return made.map((each, index) => (index === made.length - 1 ? { ...each, last: true } : each));
      const next = await makeInvoice(deps, head).catch((error: unknown) => {
        if (made.length === 0) throw error;
        return null;
      });
      if (next === null) break;
      made.push(next);
    }
    return made;
  },
});

async function standingOf(invoice: Invoice, queueAgain: () => Promise<unknown>): Promise<Ordered> {
  switch (invoice.state) {
    case 'issued':
      return 'ordered';
    case 'void':
      return 'replaced';
    case 'refused':
      await queueAgain();
      return { invoiceId: invoice.id };
    case 'queued':
      return { invoiceId: invoice.id };
  }
}
