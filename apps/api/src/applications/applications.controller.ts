import { isSmsCode, stageRefused, XinyinError } from '#domain';
import { cancelCase, caseWorkflowId, resendPhoneCode, submitCorrection, verifyPhone, withdrawCase } from '#workflows/contract';
import { Controller, Get, HttpCode, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { partialForm } from '../drafts/draft-form.schema.js';
import { fileNameOf, fileOf } from '../drafts/drafts.controller.js';
import { SmsCodes } from '../login/sms-codes.js';
import { Allow, Caller, type Applicant, type Principal, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';
import { Documented, Input } from '../platform/input.js';
import { ApplicationsService } from './applications.service.js';
import { applicationView, correctionView, orderView, summaryView, timelineView } from './applications.schema.js';

const code = z.strictObject({ code: z.string().max(20) });
const change = z.strictObject({ form: partialForm });
const cancellation = z.strictObject({ reason: z.enum(['applicant-unreachable', 'duplicate', 'wrong-business', 'key-revoked']) });
const correctionSubmission = z.strictObject({ additional: z.boolean().optional() });

@ApiTags('applications')
@Controller('applications')
@Allow('applicant')
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly decisions: Decisions,
    private readonly codes: SmsCodes,
    private readonly context: ApiContext,
  ) {}

  @Get()
  @Documented({ answers: z.array(summaryView) })
  mine(@Caller() caller: Applicant) {
    return this.applications.mine(caller);
  }

  @Get(':id')
  @Allow('applicant', 'applications.read')
  @Documented({ answers: applicationView })
  read(@Caller() caller: Principal, @Param('id') id: string) {
    return this.applications.read(caller, id);
  }

  @Get(':id/timeline')
  @Allow('applicant', 'applications.read')
  @Documented({ answers: timelineView })
  timeline(@Caller() caller: Principal, @Param('id') id: string) {
    return this.applications.timeline(caller, id);
  }

  @Get(':id/order')
  @Documented({ answers: orderView })
  order(@Caller() caller: Applicant, @Param('id') id: string) {
    return this.applications.order(caller, id);
  }

  /** The agent proves the phone with the code that was sent to it. */
  @Post(':id/phone-verification')
  @HttpCode(204)
  @Documented({ takes: code, status: 204 })
  async verifyPhone(@Caller() caller: Applicant, @Param('id') id: string, @Input(code) input: z.infer<typeof code>) {
    const application = await this.applications.visible(caller, id);
    if (!isSmsCode(input.code)) throw new XinyinError('INPUT_INVALID', { fields: [{ field: 'code', code: 'FIELD_FORMAT' }] });
    if (application.stage !== 'phone-verification') throw stageRefused(application.stage);
    const codeId = await this.codes.prove(`application/${id}`, application.agentPhone, input.code);
    await this.decisions.send(caseWorkflowId(id), verifyPhone, codeId, { codeId });
  }

  @Post(':id/phone-verification/code')
  @HttpCode(202)
  @Documented({ status: 202 })
  async resendCode(@Caller() caller: Applicant, @Param('id') id: string, @Req() request: Request) {
    const application = await this.applications.visible(caller, id);
    if (application.stage !== 'phone-verification') throw stageRefused(application.stage);
    await this.codes.allow(application.agentPhone, request.ip ?? '');
    const requestId = uuidv7();
    await this.decisions.send(caseWorkflowId(id), resendPhoneCode, requestId, { requestId });
  }

  @Get(':id/correction')
  @Allow('applicant', 'window.enter')
  @Documented({ answers: correctionView })
  correction(@Caller() caller: Principal, @Param('id') id: string) {
    return this.applications.correction(caller, id);
  }

  @Patch(':id/correction')
  @Allow('applicant', 'window.enter')
  @Documented({ takes: change, answers: correctionView })
  editCorrection(@Caller() caller: Principal, @Param('id') id: string, @Input(change, 'form') input: z.infer<typeof change>) {
    return this.applications.editCorrection(caller, id, input.form);
  }

  @Put(':id/materials/:material')
  @Allow('applicant', 'window.enter')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'fileName', required: true })
  @Documented({ answers: correctionView })
  upload(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('material') material: string,
    @Query('fileName') fileName: unknown,
    @Req() request: Request,
  ) {
    return this.applications.uploadCorrection(caller, id, material, fileNameOf(fileName), fileOf(request));
  }

  /** `additional` confirms another certificate when the corrected code is that of an organisation with an open application. */
  @Post(':id/correction/submission')
  @Allow('applicant', 'window.enter')
  @HttpCode(202)
  @Documented({ takes: correctionSubmission, status: 202 })
  async submitCorrection(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Input(correctionSubmission) input: z.infer<typeof correctionSubmission>,
  ) {
    const { correctionId, phoneChanged } = await this.applications.completeCorrection(caller, id, input.additional ?? false);
    await this.decisions.send(caseWorkflowId(id), submitCorrection, correctionId, { correctionId, phoneChanged });
    this.context.log.info({ applicationId: id }, 'correction submitted');
  }

  /** Taken back by the applicant, as long as nothing has been issued. What was paid is owed back. */
  @Post(':id/withdrawal')
  @HttpCode(204)
  @Documented({ status: 204 })
  async withdraw(@Caller() caller: Applicant, @Param('id') id: string) {
    await this.applications.visible(caller, id);
    const requestId = `withdraw-${id}`;
    await this.decisions.send(caseWorkflowId(id), withdrawCase, requestId, { requestId });
  }

  @Post(':id/cancellation')
  @HttpCode(204)
  @Allow('case.cancel')
  @Documented({ takes: cancellation, status: 204 })
  async cancel(@Caller() caller: Staff, @Param('id') id: string, @Input(cancellation) input: z.infer<typeof cancellation>) {
    await this.applications.visible(caller, id);
    await this.decisions.send(caseWorkflowId(id), cancelCase, `cancel-${id}`, { ...input, by: caller.staffId });
  }
}
