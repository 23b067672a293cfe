/** Where the link of an invoice leads. */
import { invoiceLinkToken, liveInvoiceLink, type Invoice } from '#persistence';
import { standingBlue } from '#domain';
import type { ApiContext } from '../platform/context.js';

export const linkTo = ({ settings }: ApiContext, token: string) => `${settings.urls.api}/api/v1/invoice-links/${token}`;

/** The link that opens the invoice which holds, or the last red one where none does; null once its time is over. */
export async function currentLink(context: ApiContext, invoices: readonly Invoice[]): Promise<string | null> {
  const issued = invoices.filter(({ state }) => state === 'issued');
  const shown = standingBlue(issued) ?? issued.at(-1);
  const link = shown && (await liveInvoiceLink(context.data.manager, shown.id, context.now()));
  return link ? linkTo(context, invoiceLinkToken(context.codeKey, link.id)) : null;
}
