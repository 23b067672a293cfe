export interface InvoiceGateway {
  /** The line amounts must add up to the whole. `link` opens the PDF for whoever has it, and cannot be guessed. */
  order(order: {
    idempotencyKey: string;
    title: string;
    taxNumber: string;
    amountFen: number;
    lines: { name: string; quantity: number; amountFen: number }[];
  }): Promise<{ invoiceNumber: string; link: string }>;
}
