/** The e-invoice service: numbers an invoice, prints it, and opens it to whoever has its link. */
import { Router, type Request } from 'express';
import { fen, shanghaiClock, shanghaiDay, yuan } from '#domain';
import { html } from '#documents';
import { contracts } from '#gateways';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { faultPanel, heading, page, table } from '../pages/layout.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { openPdfFolder } from '../storage/pdf-folder.js';
import { INVOICE_SIZE, invoiceSheet } from './invoice-sheet.js';
import type { OutsideSystem, World } from './system.js';

export interface Invoice {
  invoiceNumber: string;
  token: string;
  title: string;
  taxNumber: string;
  amountFen: number;
  lines: { name: string; quantity: number; amountFen: number }[];
  at: string;
}
interface Entry {
  type: 'issued';
  key: string;
  fingerprint: string;
  invoice: Invoice;
}

export function openInvoices(world: World): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, 'invoice');
  const files = openPdfFolder(world.folder, 'invoice-files');
  const invoices = new Map<string, Invoice>();
  const once = createOnce<Invoice>();
  const apply = ({ key, fingerprint, invoice }: Entry) => {
    invoices.set(invoice.token, invoice);
    once.restore(key, fingerprint, invoice);
  };
  for (const entry of journal.past) apply(entry);
  // Taken before printing, which takes a while: two invoices in the press at once must not share a number. A failed one leaves a gap.
  let lastNumber = Math.max(0, ...journal.past.map(({ invoice }) => Number(invoice.invoiceNumber.slice(5))));

  const issue = async (content: Pick<Invoice, 'title' | 'taxNumber' | 'amountFen' | 'lines'>, key: string, fingerprint: string) => {
    if (content.lines.reduce((sum, line) => sum + line.amountFen, 0) !== content.amountFen) throw new Refusal(422, 'AMOUNTS_DIFFER');
    lastNumber += 1;
    const at = world.now();
    // 数电票: twenty digits: year, province (51 Sichuan), one digit of the channel, sequence.
    const invoiceNumber = `${shanghaiDay(at).slice(2, 4)}512${String(lastNumber).padStart(15, '0')}`;
    const invoice = { invoiceNumber, ...content, at: at.toISOString() };
    const token = await files.store(await world.renderPdf(invoiceSheet(invoice), INVOICE_SIZE));
    const entry: Entry = { type: 'issued', key, fingerprint, invoice: { ...invoice, token } };
    journal.append(entry);
    apply(entry);
    return entry.invoice;
  };

  const router = Router();
  router.post(
    '/invoices',
    machineOf(world, 'invoice')(contracts.invoice.order, async ({ idempotencyKey, ...content }, request) => {
      const { invoiceNumber, token } = await once.run(idempotencyKey, content, (fingerprint) =>
        issue(content, idempotencyKey, fingerprint),
      );
      return json({ invoiceNumber, link: `${originOf(request)}${request.baseUrl}/files/${token}.pdf` });
    }),
  );
  router.get('/files/:name', async (request, response) => {
    const token = /^([A-Za-z0-9_-]{43})\.pdf$/.exec(request.params.name)?.[1];
    const invoice = token === undefined ? undefined : invoices.get(token);
    if (!invoice) throw new Refusal(404, 'NOT_FOUND');
    // Whoever has the link may read; nobody else should come to know it, neither by a search engine nor by a Referer.
    response.set({
      'Content-Type': 'application/pdf',
      'X-Robots-Tag': 'noindex',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'private',
    });
    response.set('Content-Disposition', `inline; filename="${invoice.invoiceNumber}.pdf"`).send(await files.read(invoice.token));
  });
  const newestFirst = () => [...invoices.values()].reverse();
  router.get('/invoices', (request, response) => {
    response.json(
      newestFirst().map(({ token, ...invoice }) => ({ ...invoice, link: `${originOf(request)}${request.baseUrl}/files/${token}.pdf` })),
    );
  });
  router.get('/', (_, response) => {
    const rows = newestFirst()
      .slice(0, 200)
      .map(({ invoiceNumber, token, title, taxNumber, amountFen, at }) => [
        html`<a href="/invoice/files/${token}.pdf">${invoiceNumber}</a>`,
        shanghaiClock(new Date(at)),
        title,
        taxNumber,
        yuan(fen(amountFen)),
      ]);
    const columns = [
      { zh: '发票号码', en: 'number' },
      { zh: '开票时间', en: 'issued' },
      { zh: '购买方', en: 'buyer' },
      { zh: '税号', en: 'tax number' },
      { zh: '金额（元）', en: 'CNY', number: true },
    ];
    const list = html`<section>${heading('已开发票', 'Invoices issued')} ${table(columns, rows, '还没有发票 No invoices yet')}</section>`;
    response.send(page('invoice', html`${list} ${faultPanel('invoice', world.faults.list())}`));
  });
  return { router, close: () => journal.close() };
}

function originOf(request: Request): string {
  return `${request.protocol}://${request.headers.host ?? 'localhost'}`;
}
