/** What comes into the queue, in the transaction that makes it due. */
import {
  fen,
  invoiceColours,
  invoiceOccasions,
  linesAfterRefund,
  neverMade,
  standingBlue,
  system,
  tariffWords,
  type Actor,
  type AuditAction,
  type InvoiceLine,
} from '#domain';
import { appendAudit, Application, FeeOrder, Invoice, Refund, type AuditRecord } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

export const WORKFLOW = system('workflow');

type Wanted = Pick<
  Invoice,
  'applicationId' | 'occasion' | 'occasionId' | 'colour' | 'reverses' | 'title' | 'taxNumber' | 'lines' | 'dueAt'
>;

/** One more, behind all of its case. The caller holds the case and has looked for the occasion. Answers its id. */
export async function queueInvoice(tx: EntityManager, wanted: Wanted, at: Date): Promise<string> {
  const { applicationId, occasion, occasionId, colour, reverses, title, taxNumber, lines } = wanted;
  const [last] = await tx.find(Invoice, { where: { applicationId }, order: { sequence: 'DESC' }, take: 1 });
  const id = uuidv7();
  await tx.insert(Invoice, {
    ...{ id, applicationId, occasion, occasionId, colour, reverses, title, taxNumber, lines },
    ...{ amountFen: lines.reduce((sum, line) => sum + line.amountFen, 0), sequence: (last?.sequence ?? 0) + 1 },
    // A clock that was set back must not bring a red one before its blue one.
    ...{ state: 'queued', dueAt: last && last.dueAt > wanted.dueAt ? last.dueAt : wanted.dueAt, orderedAt: at, tries: 0 },
  });
  const details = { ...wordsOf({ colour, occasion }), invoice: id };
  await note(tx, applicationId, { action: 'invoice.queued', actor: WORKFLOW, details, onceKey: `invoice-queued/${id}` }, at);
  return id;
}

export const wordsOf = ({ colour, occasion }: Pick<Invoice, 'colour' | 'occasion'>) => ({
  colour: invoiceColours[colour].zh,
  colourEn: invoiceColours[colour].en,
  reason: invoiceOccasions[occasion].zh,
  reasonEn: invoiceOccasions[occasion].en,
});

/** What an order earned, less what was given back before its invoice was asked for. */
export async function linesLeft(tx: EntityManager, { id: orderId, lines }: FeeOrder): Promise<InvoiceLine[]> {
  const refunds = await tx.findBy(Refund, { orderId, reason: 'after-completion', state: 'paid' });
  const givenBack = fen(refunds.reduce((sum, { amountFen }) => sum + amountFen, 0));
  const named = lines.map(({ code, quantity, amountFen }) => ({ name: tariffWords[code].zh, quantity, amountFen }));
  return linesAfterRefund(named, givenBack);
}

export interface Replacement {
  applicationId: string;
  occasion: 'refund' | 'correction';
  occasionId: string;
  /** The blue one that takes the place of the standing one, if anything is left to be invoiced. */
  next: (standing: Invoice) => Pick<Invoice, 'title' | 'taxNumber' | 'lines'>;
}

/**
 * The standing blue one is taken back by a red one and what is left invoiced anew, in this order. What was never made becomes
 * void. Answers the last that somebody has to be told of, or null where nothing stands; asked again, the same.
 */
export async function replaceInvoice(tx: EntityManager, replacement: Replacement, at: Date): Promise<string | null> {
  const { applicationId, occasion, occasionId, next } = replacement;
  await holdCase(tx, applicationId);
  const known = await tx.find(Invoice, { where: { occasion, occasionId }, order: { sequence: 'DESC' } });
  if (known[0]) return known[0].toldAt === null ? known[0].id : null;
  const standing = standingBlue(await tx.find(Invoice, { where: { applicationId }, order: { sequence: 'ASC' } }));
  if (!standing) return null;
  const left = next(standing);
  const base = { applicationId, occasion, occasionId, dueAt: at };
  let last: string | null = null;
  if (neverMade(standing)) await tx.update(Invoice, { id: standing.id }, { state: 'void', toldAt: standing.toldAt ?? at });
  else {
    const { id: reverses, title, taxNumber, lines } = standing;
    last = await queueInvoice(tx, { ...base, colour: 'red', reverses, title, taxNumber, lines }, at);
  }
  if (left.lines.length > 0) last = await queueInvoice(tx, { ...base, colour: 'blue', reverses: null, ...left }, at);
  return last;
}

/**
 * Money that had been earned was paid back: red for the whole, blue for what is left of it. Answers the one that somebody is to be told of, and
 * whether anything is left.
 */
export async function queueRefundInvoices(
  tx: EntityManager,
  refund: Refund,
  at: Date,
): Promise<{ invoiceId: string; applicationId: string; left: boolean } | undefined> {
  const { id: occasionId, orderId, reason, amountFen } = refund;
  if (reason !== 'after-completion' || orderId === null) return undefined;
  const { applicationId } = await tx.findOneByOrFail(FeeOrder, { id: orderId });
  const next = ({ title, taxNumber, lines }: Invoice) => ({ title, taxNumber, lines: linesAfterRefund(lines, fen(amountFen)) });
  const invoiceId = await replaceInvoice(tx, { applicationId, occasion: 'refund', occasionId, next }, at);
  if (invoiceId === null) return undefined;
  const { colour } = await tx.findOneByOrFail(Invoice, { id: invoiceId });
  return { invoiceId, applicationId, left: colour === 'blue' };
}

/** One invoice of a case after the other. The case itself may have ended long ago, and does not move. */
export function holdCase(tx: EntityManager, applicationId: string): Promise<Application> {
  return tx.findOneOrFail(Application, { where: { id: applicationId }, lock: { mode: 'pessimistic_write' } });
}

type Event = Pick<AuditRecord, 'details' | 'onceKey' | 'next' | 'until'> & {
  action: Extract<AuditAction, `invoice.${string}`>;
  actor: Actor;
};
/** On the case's chain. */
export function note(tx: EntityManager, applicationId: string, event: Event, at: Date): Promise<boolean> {
  return appendAudit(tx, { ...event, subject: `application/${applicationId}`, at });
}
