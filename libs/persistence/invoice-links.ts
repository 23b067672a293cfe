/**
 * Links that open an invoice to whoever has them. What a link is follows from its row's random id and a key that the database does not know: a
 * message that is sent again says the same, and nowhere does the link itself stand.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { linkUntil, type Instant } from '#domain';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { Invoice, InvoiceLink } from './entities/invoices.js';

/** 256 bits, in the letters of an address. */
export function invoiceLinkToken(key: Buffer, linkId: string): string {
  return createHmac('sha256', key).update(`invoice-link/${linkId}`).digest('base64url');
}

const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** Makes the link of an invoice; the one of before opens nothing from then on. The caller holds the invoice's case. Answers the link's id. */
export async function makeInvoiceLink(tx: EntityManager, key: Buffer, invoiceId: string, at: Instant): Promise<string> {
  await tx.update(InvoiceLink, { invoiceId, endedAt: IsNull() }, { endedAt: at });
  // Not in order of time like other ids: nobody is to come from one link to the next.
  const id = randomUUID();
  const tokenHash = hashOf(invoiceLinkToken(key, id));
  await tx.insert(InvoiceLink, { id, invoiceId, tokenHash, madeAt: at, until: linkUntil(at), endedAt: null });
  return id;
}

/** The link of an invoice that still opens it. */
export function liveInvoiceLink(tx: EntityManager, invoiceId: string, now: Instant): Promise<InvoiceLink | null> {
  return tx.findOneBy(InvoiceLink, { invoiceId, endedAt: IsNull(), until: MoreThan(now) });
}

/** What somebody's link opens. Never made, replaced, over, of another: nothing, in the same one query. */
export async function invoiceByLink(tx: EntityManager, token: string, now: Instant): Promise<{ invoice: Invoice; until: Instant } | null> {
  const link = await tx.findOneBy(InvoiceLink, { tokenHash: hashOf(token), endedAt: IsNull(), until: MoreThan(now) });
  return link && { invoice: await tx.findOneByOrFail(Invoice, { id: link.invoiceId }), until: link.until };
}
