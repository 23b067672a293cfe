/** The clerk's and the supervisor's part of a case at a window. Whether the case allows it, its workflow decides. */
import { fen, stageRefused, XinyinError, yuan } from '#domain';
import { Application, FeeOrder } from '#persistence';
import { approveKeyRecovery, caseWorkflowId, confirmFee, formArrived, signHandOver, takePayment } from '#workflows/contract';
import { Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { ApplicationsService } from '../applications/applications.service.js';
import { orderView } from '../applications/applications.schema.js';
import { fileNameOf, fileOf, requireKey } from '../drafts/drafts.controller.js';
import { DraftsService } from '../drafts/drafts.service.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions, decisionIdOf } from '../platform/decisions.js';
import { Decision } from '../platform/decision-endpoint.js';
import { Documented, Input } from '../platform/input.js';

const fee = z.strictObject({ amountFen: z.int().min(0).max(100_000_000) });
const receipt = z.strictObject({
  method: z.enum(['card', 'transfer']),
  slipNumber: z.string().regex(/^[A-Za-z0-9-]{4,40}$/),
  amountFen: z.int().min(1).max(100_000_000),
});
const wish = z.strictObject({ wish: z.enum(['revoke', 'lift']) });
const approvals = z.object({ approvals: z.number() });

@ApiTags('window')
@Controller('window/:id')
export class WindowController {
  constructor(
    private readonly context: ApiContext,
    private readonly applications: ApplicationsService,
    private readonly decisions: Decisions,
    private readonly drafts: DraftsService,
  ) {}

  @Get('order')
  @Allow('window.takePayment')
  @Documented({ answers: orderView })
  order(@Caller() caller: Staff, @Param('id') id: string) {
    return this.applications.order(caller, id);
  }

  /** A supervisor sets an amount that the tariff does not publish. */
  @Decision('fee', 'fee.confirm', fee)
  async fee(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(fee) input: z.infer<typeof fee>,
  ) {
    await this.applications.visible(caller, id);
    await this.decisions.signed(caseWorkflowId(id), confirmFee, requireKey(key), { ...input, by: caller.staffId });
  }

  /** By card or transfer, with the number of the slip; never cash. */
  @Decision('payment', 'window.takePayment', receipt)
  async payment(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(receipt) input: z.infer<typeof receipt>,
  ) {
    const { stage } = await this.applications.visible(caller, id);
    const order = await this.context.data.manager.findOneBy(FeeOrder, { applicationId: id });
    if (!order) throw stageRefused(stage);
    // Told here with the amount; the case refuses the same.
    if (order.amountFen !== input.amountFen) throw new XinyinError('AMOUNT_DIFFERS', { params: { amount: yuan(fen(order.amountFen)) } });
    await this.decisions.signed(caseWorkflowId(id), takePayment, requireKey(key), { ...input, by: caller.staffId });
  }

  /** One of the two persons who let the encryption key come back from escrow. */
  @Post('key-recovery')
  @HttpCode(200)
  @Allow('keyRecovery.approve')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ answers: approvals })
  async recovery(@Caller() caller: Staff, @Param('id') id: string, @Headers('idempotency-key') key: string | undefined) {
    await this.applications.visible(caller, id);
    return this.decisions.signed(caseWorkflowId(id), approveKeyRecovery, requireKey(key), { by: caller.staffId });
  }

  /** The agent has signed the receipt and holds the token. */
  @Decision('hand-over', 'window.handOver')
  async handOver(@Caller() caller: Staff, @Param('id') id: string, @Headers('idempotency-key') key: string | undefined) {
    await this.applications.visible(caller, id);
    const handOverId = decisionIdOf(caller.staffId, requireKey(key));
    await this.decisions.send(caseWorkflowId(id), signHandOver, handOverId, { handOverId, by: caller.staffId });
  }

  @Put('materials/:material')
  @HttpCode(204)
  @Allow('window.enter')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'fileName', required: true })
  @Documented({ status: 204 })
  async upload(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Param('material') material: string,
    @Query('fileName') fileName: unknown,
    @Req() request: Request,
  ) {
    await this.applications.uploadForm(caller, id, material, fileNameOf(fileName), fileOf(request));
  }

  /** The stamped form after a suspension by telephone; its scans have been uploaded before. */
  @Decision('form', 'window.enter', wish)
  async form(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(wish) input: z.infer<typeof wish>,
  ) {
    const application = await this.suspended(caller, id);
    const missing = await this.drafts.materialsMissing(this.context.data.manager, application);
    if (missing.length > 0) throw new XinyinError('INPUT_INVALID', { fields: missing });
    await this.decisions.signed(caseWorkflowId(id), formArrived, requireKey(key), { ...input, by: caller.staffId });
  }

  private async suspended(caller: Staff, id: string): Promise<Application> {
    const application = await this.applications.visible(caller, id);
    if (application.stage !== 'suspension') throw stageRefused(application.stage);
    return application;
  }
}
