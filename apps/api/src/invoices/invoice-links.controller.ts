/**
 * What the link of an invoice opens, for whoever has it. A link that was never made, is over, was replaced, or is no link at all is answered by
 * the same bytes: nobody learns which it was.
 */
import { Invoice, invoiceByLink } from '#persistence';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented } from '../platform/input.js';
import { invoicePage, NOTHING_PAGE } from './link-page.js';

@ApiTags('invoice links')
@Controller('invoice-links')
@Allow('anybody')
export class InvoiceLinksController {
  constructor(private readonly context: ApiContext) {}

  /** A page with what the invoice says in short, and its files. */
  @Get(':token')
  @ApiProduces('text/html')
  @Documented({})
  @ApiResponse({ status: 404, description: 'No such link, or its time is over' })
  async page(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const found = await this.open(token);
    if (!found) return answerNothing(response);
    const takenBack = await this.context.data.manager.existsBy(Invoice, { reverses: found.invoice.id, state: 'issued' });
    unlisted(response)
      .type('html')
      .send(invoicePage(token, found, takenBack));
  }

  @Get(':token/invoice.pdf')
  @ApiProduces('application/pdf')
  @Documented({})
  @ApiResponse({ status: 404, description: 'No such link, or its time is over' })
  pdf(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.file(token, response, 'pdf', 'application/pdf');
  }

  @Get(':token/invoice.xml')
  @ApiProduces('application/xml')
  @Documented({})
  @ApiResponse({ status: 404, description: 'No such link, or its time is over' })
  xml(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.file(token, response, 'xml', 'application/xml; charset=utf-8');
  }

  private async file(token: string, response: Response, kind: 'pdf' | 'xml', type: string): Promise<void> {
    const found = await this.open(token);
    const sha256 = kind === 'pdf' ? found?.invoice.pdfSha256 : found?.invoice.xmlSha256;
    if (!found || !sha256) return answerNothing(response);
    const disposition = kind === 'pdf' ? 'inline' : 'attachment';
    unlisted(response).type(type).setHeader('Content-Disposition', `${disposition}; filename="${found.invoice.invoiceNumber}.${kind}"`);
    response.send(await this.context.objects.get(sha256));
  }

  private open(token: string) {
    return invoiceByLink(this.context.data.manager, token, this.context.now());
  }
}

/** Before the router: what it could not take apart would be refused in other words. */
export function onlyLinks(request: Request, response: Response, next: NextFunction): void {
  if ((request.method === 'GET' || request.method === 'HEAD') && !isLink(request.path)) return answerNothing(response);
  next();
}

function isLink(path: string): boolean {
  try {
    return /^\/[^/]+(\/invoice\.(pdf|xml))?$/.test(path) && decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

function answerNothing(response: Response): void {
  unlisted(response).status(404).type('html').send(NOTHING_PAGE);
}

/** Whoever has the link may read; nobody else should come to know it, neither by a search engine nor by a cache or a Referer. */
function unlisted(response: Response): Response {
  return response.set({ 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' });
}
