import { fieldError, isAgreement, textProblem, XinyinError } from '#domain';
import { formWorkflowId, queues, workflowTypes } from '#workflows/contract';
import { Controller, Get, Headers, HttpCode, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Allow, Caller, type Principal, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';
import { partialForm } from './draft-form.schema.js';
import { DraftsService } from './drafts.service.js';
import { SubmissionService } from './submission.service.js';

const choice = z.strictObject({ business: z.string().max(60), system: z.string().max(60), certificate: z.string().max(80).optional() });
const edit = z.strictObject({ version: z.int().optional(), form: partialForm });
const acceptance = z.strictObject({ version: z.string().max(30) });
const submission = z.strictObject({
  additional: z.boolean().optional(),
  window: z.string().max(40).optional(),
  callBackConfirmed: z.boolean().optional(),
  proof: z.strictObject({ challengeId: z.string().max(60), signature: z.string().max(400) }).optional(),
});
const waiver = z.strictObject({ reason: z.string().max(300) });
const challengeView = z.object({ challengeId: z.string(), serial: z.string(), text: z.string(), expiresAt: z.string() });
const draftView = z.object({
  id: z.string(),
  version: z.number(),
  business: z.string(),
  system: z.string(),
  channel: z.string(),
  certificate: z.string().nullable(),
  form: partialForm,
  updatedAt: z.string(),
  applicationId: z.string().nullable(),
  materials: z.array(
    z.object({ material: z.string(), fileName: z.string(), sizeBytes: z.number(), sha256: z.string(), uploadedAt: z.string() }),
  ),
  missing: z.array(z.object({ field: z.string(), code: z.string() })),
  totalFen: z.number(),
});
export const submitted = z.object({ id: z.string(), number: z.string() });

@ApiTags('drafts')
@Controller('drafts')
@Allow('applicant', 'window.enter', 'certificate.suspend')
export class DraftsController {
  constructor(
    private readonly drafts: DraftsService,
    private readonly submissions: SubmissionService,
    private readonly context: ApiContext,
  ) {}

  @Post()
  @Documented({ takes: choice, answers: draftView, status: 201 })
  create(@Caller() caller: Principal, @Input(choice) input: z.infer<typeof choice>) {
    return this.drafts.create(caller, input);
  }

  @Get()
  @Documented({ answers: z.array(draftView) })
  list(@Caller() caller: Principal) {
    return this.drafts.list(caller);
  }

  @Get(':id')
  @Documented({ answers: draftView })
  read(@Caller() caller: Principal, @Param('id') id: string) {
    return this.drafts.read(caller, id);
  }

  @Patch(':id')
  @Documented({ takes: edit, answers: draftView })
  edit(@Caller() caller: Principal, @Param('id') id: string, @Input(edit, 'form') input: z.infer<typeof edit>) {
    return this.drafts.edit(caller, id, input);
  }

  /** The file itself is the body; its name is in the query. */
  @Put(':id/materials/:material')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'fileName', required: true })
  @Documented({ answers: draftView })
  upload(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('material') material: string,
    @Query('fileName') fileName: unknown,
    @Req() request: Request,
  ) {
    return this.drafts.upload(caller, id, material, fileNameOf(fileName), fileOf(request));
  }

  /** The form to print, stamp and scan, as the draft stands now. */
  @Get(':id/application-form.pdf')
  @Documented({})
  async form(@Caller() caller: Principal, @Param('id') id: string, @Res() response: Response) {
    const { version } = await this.drafts.read(caller, id);
    const printed = await this.context.engine.workflow.execute<
      (input: { draftId: string; version: number }) => Promise<{ sha256: string }>
    >(workflowTypes.printApplicationForm, {
      workflowId: formWorkflowId(id, version),
      taskQueue: queues.business,
      args: [{ draftId: id, version }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowExecutionTimeout: '5 minutes',
      staticSummary: '打印申请表 Print an application form',
    });
    const pdf = await this.context.objects.get(printed.sha256);
    response.type('application/pdf').setHeader('Content-Disposition', 'inline; filename="application-form.pdf"');
    response.send(pdf);
  }

  @Put(':id/consents/:agreement')
  @Documented({ takes: acceptance, answers: draftView })
  consent(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('agreement') agreement: string,
    @Input(acceptance) input: z.infer<typeof acceptance>,
  ) {
    if (!isAgreement(agreement)) throw new XinyinError('NOT_FOUND');
    return this.drafts.consent(caller, id, agreement, input.version);
  }

  /** Submits the draft. The same key gets the same answer; `additional` confirms another certificate while one application is open. */
  @Post(':id/submission')
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: submission, answers: submitted, status: 202 })
  submit(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(submission) input: z.infer<typeof submission>,
  ) {
    return this.submissions.submit(caller, id, requireKey(key), input);
  }

  /** For the renewal of a valid certificate: a text for its key to sign, bound to the draft as it stands now. */
  @Post(':id/challenge')
  @Documented({ answers: challengeView, status: 201 })
  challenge(@Caller() caller: Principal, @Param('id') id: string) {
    return this.submissions.challenge(caller, id);
  }

  /** A supervisor lets it in outside the hours of the window. */
  @Post(':id/hours-waiver')
  @HttpCode(204)
  @Allow('window.overrideHours')
  @Documented({ takes: waiver, status: 204 })
  waiveHours(@Caller() caller: Staff, @Param('id') id: string, @Input(waiver) input: z.infer<typeof waiver>) {
    return this.submissions.waiveHours(caller, id, input.reason);
  }
}

export function requireKey(key: string | undefined): string {
  if (!key || !/^[\w-]{8,64}$/.test(key)) throw new XinyinError('IDEMPOTENCY_KEY_MISSING');
  return key;
}

const FILE_NAME_LIMIT = 200;

export const fileOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

export function fileNameOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw fieldError('fileName', 'FIELD_REQUIRED');
  const problem = textProblem(value);
  if (problem) throw fieldError('fileName', problem);
  if ([...value].length > FILE_NAME_LIMIT) throw fieldError('fileName', 'FIELD_TOO_LONG', { limit: FILE_NAME_LIMIT });
  return value;
}
