/** What is told about invoices, and what may be asked of them. */
import { invoiceColours, invoiceOccasions, invoiceStates, type InvoiceState } from '#domain';
import type { Invoice } from '#persistence';
import { z } from 'zod';

const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
export const STATES = Object.keys(invoiceStates) as [InvoiceState, ...InvoiceState[]];

export const invoiceView = z.object({
  id: z.string(),
  colour: words,
  /** Why there is one. */
  occasion: words,
  state: words,
  number: z.string().nullable(),
  /** Below nothing for a red one. */
  amountFen: z.number(),
  title: z.string(),
  taxNumber: z.string(),
  /** The invoice that a red one takes back. */
  reverses: z.string().nullable(),
  issuedAt: z.string().nullable(),
});
export const queuedView = invoiceView.extend({
  applicationId: z.string(),
  dueAt: z.string(),
  refusedCode: z.string().nullable(),
  /** How often the service was asked in vain, and when last. */
  tries: z.number(),
  triedAt: z.string().nullable(),
});
/** As long as the rules allow and a bit, so that the rules, not the shape, say what is wrong. */
export const buyer = z.strictObject({ title: z.string().max(400), taxNumber: z.string().max(40) });
export const correctionAsked = z.object({ id: z.string() });
export const linkView = z.object({ link: z.string(), until: z.string() });

export function viewOf(invoice: Invoice): z.infer<typeof invoiceView> {
  const { id, colour, occasion, state, invoiceNumber, amountFen, title, taxNumber, reverses, issuedAt } = invoice;
  return {
    id,
    colour: { code: colour, ...invoiceColours[colour] },
    occasion: { code: occasion, ...invoiceOccasions[occasion] },
    state: { code: state, ...invoiceStates[state] },
    number: invoiceNumber,
    amountFen: colour === 'red' ? -amountFen : amountFen,
    title,
    taxNumber,
    reverses,
    issuedAt: issuedAt?.toISOString() ?? null,
  };
}

export function queuedViewOf(invoice: Invoice): z.infer<typeof queuedView> {
  const { applicationId, dueAt, refusedCode, tries, triedAt } = invoice;
  return { ...viewOf(invoice), applicationId, dueAt: dueAt.toISOString(), refusedCode, tries, triedAt: triedAt?.toISOString() ?? null };
}
