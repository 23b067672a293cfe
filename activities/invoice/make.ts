/** One invoice at the service, and what came of it. */
import { buyerProblems, XinyinError } from '#domain';
import { Invoice, makeInvoiceLink } from '#persistence';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import type { BusinessDeps } from '../deps.js';
import { holdCase, note, WORKFLOW, wordsOf } from './queue.js';

/** What the queue's run has to know to tell whoever waits. */
export interface MadeInvoice {
  invoiceId: string;
  occasion: Invoice['occasion'];
  occasionId: string;
  outcome: 'issued' | 'refused';
  /** Nothing was due behind it. */
  last?: true;
}

/** The oldest of which nobody was told, but for these: what was due first is made first, and in a case one follows the other. */
export async function headOfQueue(manager: EntityManager, made: readonly MadeInvoice[]): Promise<Invoice | null> {
  const [head = null] = await manager.find(Invoice, {
    where: { toldAt: IsNull(), id: Not(In(made.map(({ invoiceId }) => invoiceId))) },
    order: { dueAt: 'ASC', applicationId: 'ASC', sequence: 'ASC' },
    take: 1,
  });
  return head;
}

/** Made, or refused in a way that no retry can mend: then it leaves the queue to those behind it, and a person sees to it. */
export async function makeInvoice(deps: BusinessDeps, invoice: Invoice): Promise<MadeInvoice> {
  const { id: invoiceId, occasion, occasionId, state } = invoice;
  const answer = (outcome: MadeInvoice['outcome']): MadeInvoice => ({ invoiceId, occasion, occasionId, outcome });
  if (state === 'issued') return answer('issued');
  if (state !== 'queued') return answer('refused');
  try {
    const made = await atService(deps, invoice);
    await recordMade(deps, invoice, made);
    return answer('issued');
  } catch (error) {
    if (!(error instanceof XinyinError)) throw error;
    const { data, now } = deps;
    if (error.retryable) {
      await data.manager.update(Invoice, { id: invoiceId }, { tries: () => 'tries + 1', triedAt: now() });
      throw error;
    }
    await recordRefused(deps, invoice, error.code);
    return answer('refused');
  }
}

interface Made {
  invoiceNumber: string;
  pdfSha256: string;
  xmlSha256: string;
}

/** @throws XinyinError of the gateway; INVOICE_REFUSED where what would be sent is wrong by our own rules */
async function atService({ data, gateways, objects }: BusinessDeps, invoice: Invoice): Promise<Made> {
  const invoiceNumber = invoice.invoiceNumber ?? (await ordered(data.manager, gateways.invoice, invoice)).invoiceNumber;
  // Before its files are asked for: that there is an invoice is known from here on, whatever becomes of them.
  await data.manager.update(Invoice, { id: invoice.id }, { invoiceNumber });
  const { pdf, xml } = await gateways.invoice.files(invoiceNumber);
  return { invoiceNumber, pdfSha256: await objects.put(pdf), xmlSha256: await objects.put(xml) };
}

async function ordered(manager: EntityManager, service: BusinessDeps['gateways']['invoice'], invoice: Invoice) {
  const { occasion, colour, title, taxNumber, amountFen, lines } = invoice;
  const idempotencyKey = keyOf(invoice);
  if (colour === 'red') {
    const blue = await manager.findOneByOrFail(Invoice, { id: invoice.reverses ?? '' });
    // Refused after this one came into the queue: there is nothing to take back yet.
    if (blue.invoiceNumber === null || occasion === 'completion') throw new XinyinError('INVOICE_REFUSED');
    return service.reverse({ idempotencyKey, invoiceNumber: blue.invoiceNumber, reason: occasion });
  }
  if (buyerProblems({ title, taxNumber }).length > 0) throw new XinyinError('INVOICE_REFUSED');
  return service.order({ idempotencyKey, title, taxNumber, amountFen, lines });
}

/** The first of a case keeps the key that it has always had: what was ordered under it before is not ordered again. */
const keyOf = ({ id, occasion, occasionId }: Invoice) => (occasion === 'completion' ? `${occasionId}/invoice` : `invoice/${id}`);

async function recordMade({ data, now, codeKey }: BusinessDeps, invoice: Invoice, made: Made): Promise<void> {
  const { id, applicationId, colour, occasion } = invoice;
  await data.transaction(async (tx) => {
    const { waitingFor: next, dueAt: until } = await holdCase(tx, applicationId);
    const known = await tx.findOneByOrFail(Invoice, { id });
    if (known.state === 'issued') return;
    const at = now();
    await tx.update(Invoice, { id }, { ...made, state: 'issued', issuedAt: known.issuedAt ?? at, refusedCode: null });
    await makeInvoiceLink(tx, codeKey, id, at);
    const details = { invoice: made.invoiceNumber, ...(colour === 'red' ? wordsOf({ colour, occasion }) : {}) };
    const action = colour === 'red' ? 'invoice.reversed' : 'invoice.ordered';
    // The once-key of a case's first invoice is older than the queue.
    const onceKey = occasion === 'completion' ? 'invoice' : `invoice/${id}`;
    await note(tx, applicationId, { action, actor: WORKFLOW, details, onceKey, next, until }, at);
  });
}

async function recordRefused({ data, now }: BusinessDeps, invoice: Invoice, code: string): Promise<void> {
  const { id, applicationId } = invoice;
  await data.transaction(async (tx) => {
    await holdCase(tx, applicationId);
    const refused = await tx.update(Invoice, { id, state: 'queued' }, { state: 'refused', refusedCode: code });
    if (refused.affected === 0) return;
    const details = { ...wordsOf(invoice), code, invoice: id };
    await note(tx, applicationId, { action: 'invoice.refused', actor: WORKFLOW, details }, now());
  });
}
