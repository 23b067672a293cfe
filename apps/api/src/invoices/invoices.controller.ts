import { fieldError } from '#domain';
import { Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { requireKey } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Applicant, type Principal, type Staff } from '../platform/access.js';
import { Documented, Input } from '../platform/input.js';
import { Invoices } from './invoices.js';
import { buyer, correctionAsked, linkView, queuedView, queuedViewOf, STATES } from './invoices.schema.js';

const nothing = z.strictObject({});

@ApiTags('invoices')
@Controller()
export class InvoicesController {
  constructor(private readonly invoices: Invoices) {}

  @Get('invoices')
  @Allow('invoices.read')
  @ApiQuery({ name: 'state', enum: STATES, required: false })
  @Documented({ answers: z.array(queuedView) })
  async list(@Query('state') state?: unknown): Promise<z.infer<typeof queuedView>[]> {
    const wanted = STATES.find((each) => each === state);
    if (state !== undefined && !wanted) throw fieldError('state', 'FIELD_CHOICE');
    return (await this.invoices.list(wanted)).map(queuedViewOf);
  }

  /** What the service refused goes to it again. */
  @Post('invoices/:invoiceId/retry')
  @HttpCode(202)
  @Allow('invoices.retry')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: nothing, status: 202 })
  retry(
    @Caller() caller: Staff,
    @Param('invoiceId') invoiceId: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(nothing) _: z.infer<typeof nothing>,
  ) {
    return this.invoices.retry(caller, invoiceId, requireKey(key));
  }

  /** The old invoice is taken back by a red one and made anew with these data. By its agent, or by finance. */
  @Post('applications/:id/invoice-corrections')
  @HttpCode(202)
  @Allow('applicant', 'invoices.correct')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: buyer, answers: correctionAsked, status: 202 })
  correct(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(buyer) input: z.infer<typeof buyer>,
  ) {
    return this.invoices.correct(caller, id, requireKey(key), input);
  }

  /** Another link, good for 30 days; the old one opens nothing from then on. */
  @Post('applications/:id/invoices/:invoiceId/link')
  @Allow('applicant')
  @Documented({ takes: nothing, answers: linkView, status: 201 })
  newLink(
    @Caller() caller: Applicant,
    @Param('id') id: string,
    @Param('invoiceId') invoiceId: string,
    @Input(nothing) _: z.infer<typeof nothing>,
  ) {
    return this.invoices.newLink(caller, id, invoiceId);
  }

  /** Another link, sent by SMS to the agent of the case; the old one opens nothing from then on. Who has it sent does not see it. */
  @Post('applications/:id/invoices/:invoiceId/link-message')
  @HttpCode(202)
  @Allow('invoices.sendLink')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: nothing, status: 202 })
  sendLink(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Param('invoiceId') invoiceId: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(nothing) _: z.infer<typeof nothing>,
  ) {
    return this.invoices.sendLink(caller, id, invoiceId, requireKey(key));
  }
}
