/** The e-invoice service: numbers an invoice, takes it back by a red one, prints both, and opens them to whoever has their link. */
import express, { Router, type Request } from 'express';
import { z } from 'zod';
import { fen, shanghaiClock, shanghaiDay, yuan } from '#domain';
import { html } from '#documents';
import { contracts, readInput } from '#gateways';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { faultPanel, heading, page, table } from '../pages/layout.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { openPdfFolder } from '../storage/pdf-folder.js';
import type { Invoice } from './invoice-book.js';
import { INVOICE_SIZE, invoiceSheet } from './invoice-sheet.js';
import { invoiceXml } from './invoice-xml.js';
import type { OutsideSystem, World } from './system.js';

type Entry =
  | { type: 'issued'; key: string; fingerprint: string; invoice: Omit<Invoice, 'colour'> & Partial<Pick<Invoice, 'colour'>> }
  /** A person's tool: buyers whose number the tax office does not know. */
  | { type: 'unknown-buyer'; taxNumber: string; unknown: boolean };
type Content = Pick<Invoice, 'colour' | 'reverses' | 'reason' | 'title' | 'taxNumber' | 'amountFen' | 'lines'>;

const unknownBuyer = z.strictObject({ taxNumber: z.string().regex(/^[0-9A-Z]{15,20}$/), unknown: z.boolean() });

function openBook(world: World) {
  const journal = openJournal<Entry>(world.folder, 'invoice');
  const files = openPdfFolder(world.folder, 'invoice-files');
  const invoices = new Map<string, Invoice>();
  const unknown = new Set<string>();
  const once = createOnce<Invoice>();
  const apply = (entry: Entry) => {
    if (entry.type === 'unknown-buyer') return void (entry.unknown ? unknown.add(entry.taxNumber) : unknown.delete(entry.taxNumber));
    const invoice: Invoice = { ...entry.invoice, colour: entry.invoice.colour ?? 'blue' };
    invoices.set(invoice.invoiceNumber, invoice);
    once.restore(entry.key, entry.fingerprint, invoice);
  };
  for (const entry of journal.past) apply(entry);
  // Taken before printing, which takes a while: two invoices in the press at once must not share a number. A failed one leaves a gap.
  let lastNumber = Math.max(0, ...[...invoices.values()].map(({ invoiceNumber }) => Number(invoiceNumber.slice(5))));

  const issue = async (content: Content, key: string, fingerprint: string): Promise<Invoice> => {
    lastNumber += 1;
    const at = world.now();
    // 数电票: twenty digits: year, province (51 Sichuan), one digit of the channel, sequence.
    const invoiceNumber = `${shanghaiDay(at).slice(2, 4)}512${String(lastNumber).padStart(15, '0')}`;
    const invoice = { invoiceNumber, ...content, at: at.toISOString() };
    const token = await files.store(await world.renderPdf(invoiceSheet(invoice), INVOICE_SIZE));
    const entry: Entry = { type: 'issued', key, fingerprint, invoice: { ...invoice, token } };
    journal.append(entry);
    apply(entry);
    return { ...invoice, token };
  };
  /** While one red invoice is in the press, no other begins over the same. */
  const beingReversed = new Set<string>();
  return {
    files,
    close: () => journal.close(),
    all: () => [...invoices.values()],
    named: (number: unknown): Invoice => invoices.get(String(number)) ?? refuse(404, 'NOT_FOUND'),
    order: (key: string, content: Omit<Content, 'colour'>) =>
      once.run(key, content, (fingerprint) => {
        const sum = content.lines.reduce((total, line) => total + line.amountFen, 0);
        if (sum !== content.amountFen) return Promise.reject(new Refusal(422, 'AMOUNTS_DIFFER'));
        if (unknown.has(content.taxNumber)) return Promise.reject(new Refusal(422, 'BUYER_UNKNOWN'));
        return issue({ colour: 'blue', ...content }, key, fingerprint);
      }),
    reverse: (key: string, blue: Invoice, reason: 'refund' | 'correction') =>
      once.run(key, { reverses: blue.invoiceNumber, reason }, async (fingerprint) => {
        const { invoiceNumber: reverses, title, taxNumber, amountFen, lines } = blue;
        if (blue.colour === 'red') refuse(404, 'NOT_FOUND');
        if (beingReversed.has(reverses) || [...invoices.values()].some((each) => each.reverses === reverses))
          refuse(409, 'ALREADY_REVERSED');
        beingReversed.add(reverses);
        const negative = lines.map((line) => ({ ...line, amountFen: -line.amountFen }));
        const content: Content = { colour: 'red', reverses, reason, title, taxNumber, amountFen: -amountFen, lines: negative };
        return issue(content, key, fingerprint).finally(() => beingReversed.delete(reverses));
      }),
    setUnknown: (taxNumber: string, is: boolean) => {
      const entry: Entry = { type: 'unknown-buyer', taxNumber, unknown: is };
      journal.append(entry);
      apply(entry);
    },
  };
}

export function openInvoices(world: World): OutsideSystem {
  const book = openBook(world);
  const router = Router();
  const machine = machineOf(world, 'invoice');
  const linkTo = (request: Request, { token }: Invoice) => `${originOf(request)}${request.baseUrl}/files/${token}.pdf`;
  const issued = (request: Request, invoice: Invoice) => json({ invoiceNumber: invoice.invoiceNumber, link: linkTo(request, invoice) });

  router.post(
    '/invoices',
    machine(contracts.invoice.order, async ({ idempotencyKey, ...content }, request) =>
      issued(request, await book.order(idempotencyKey, content)),
    ),
  );
  router.post(
    '/invoices/:number/reversal',
    machine(contracts.invoice.reversal, async ({ idempotencyKey, reason }, request) =>
      issued(request, await book.reverse(idempotencyKey, book.named(request.params['number']), reason)),
    ),
  );
  router.get(
    '/invoices/:number/files',
    machine(null, async (_, request) => {
      const { token, ...invoice } = book.named(request.params['number']);
      const xml = Buffer.from(invoiceXml(invoice), 'utf8').toString('base64');
      return json({ pdf: (await book.files.read(token)).toString('base64'), xml });
    }),
  );
  router.get('/files/:name', async (request, response) => {
    const token = /^([A-Za-z0-9_-]{43})\.pdf$/.exec(request.params.name)?.[1];
    const invoice = book.all().find((each) => each.token === token);
    if (!invoice) throw new Refusal(404, 'NOT_FOUND');
    // Whoever has the link may read; nobody else should come to know it, neither by a search engine nor by a Referer.
    response.set({
      'Content-Type': 'application/pdf',
      'X-Robots-Tag': 'noindex',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'private',
    });
    response.set('Content-Disposition', `inline; filename="${invoice.invoiceNumber}.pdf"`).send(await book.files.read(invoice.token));
  });
  router.put('/unknown-buyers', express.json(), (request, response) => {
    const { taxNumber, unknown } = readInput(unknownBuyer, request.body);
    book.setUnknown(taxNumber, unknown);
    response.status(204).end();
  });
  const newestFirst = () => book.all().reverse();
  router.get('/invoices', (request, response) => {
    response.json(newestFirst().map(({ token, ...invoice }) => ({ ...invoice, link: linkTo(request, { token, ...invoice }) })));
  });
  router.get('/', (_, response) => void response.send(invoicePage(newestFirst(), world)));
  return { router, close: () => book.close() };
}

function invoicePage(invoices: readonly Invoice[], world: World): string {
  const rows = invoices
    .slice(0, 200)
    .map(({ invoiceNumber, token, colour, reverses, title, taxNumber, amountFen, at }) => [
      html`<a href="/invoice/files/${token}.pdf">${invoiceNumber}</a>`,
      colour === 'red' ? `红字，冲 ${reverses}` : '蓝字',
      shanghaiClock(new Date(at)),
      title,
      taxNumber,
      yuan(fen(amountFen)),
    ]);
  const columns = [
    { zh: '发票号码', en: 'number' },
    { zh: '颜色', en: 'colour' },
    { zh: '开票时间', en: 'issued' },
    { zh: '购买方', en: 'buyer' },
    { zh: '税号', en: 'tax number' },
    { zh: '金额（元）', en: 'CNY', number: true },
  ];
  const list = html`<section>${heading('已开发票', 'Invoices issued')} ${table(columns, rows, '还没有发票 No invoices yet')}</section>`;
  return page('invoice', html`${list} ${faultPanel('invoice', world.faults.list())}`);
}

function refuse(status: number, code: string): never {
  throw new Refusal(status, code);
}

function originOf(request: Request): string {
  return `${request.protocol}://${request.headers.host ?? 'localhost'}`;
}
