export interface InvoiceGateway {
  /** The line amounts must add up to the whole. */
  order(order: {
    idempotencyKey: string;
    title: string;
    taxNumber: string;
    amountFen: number;
    lines: { name: string; quantity: number; amountFen: number }[];
  }): Promise<IssuedInvoice>;
  /** A red invoice (红字) over the whole of the one named. Taken back before, under another key: refused. */
  reverse(reversal: { idempotencyKey: string; invoiceNumber: string; reason: 'refund' | 'correction' }): Promise<IssuedInvoice>;
  /** What the buyer keeps: to look at, and for the books. */
  files(invoiceNumber: string): Promise<{ pdf: Buffer; xml: Buffer }>;
}

/** `link` opens the PDF at the service for whoever has it, for as long as the service likes. */
export interface IssuedInvoice {
  invoiceNumber: string;
  link: string;
}
