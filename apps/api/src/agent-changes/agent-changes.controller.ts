import { Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { fileNameOf, fileOf, requireKey } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Applicant, type Principal, type Staff } from '../platform/access.js';
import { Decision } from '../platform/decision-endpoint.js';
import { Documented, Input } from '../platform/input.js';
import { AgentChangesService } from './agent-changes.service.js';

const request = z.strictObject({
  kind: z.enum(['other-agent', 'lost-phone']),
  agent: z.strictObject({ name: z.string().max(80).optional(), identityNumber: z.string().max(30).optional(), phone: z.string().max(30) }),
  calledNumber: z.enum(['delivery-phone', 'public-register']).optional(),
  callBackConfirmed: z.boolean().optional(),
  window: z.string().max(40).optional(),
});
const waiver = z.strictObject({ reason: z.string().max(300) });
const decision = z.strictObject({
  outcome: z.enum(['approved', 'rejected']),
  reason: z.enum(['identity-doubtful', 'letter-insufficient', 'not-asked-for', 'opened-by-mistake']).optional(),
});
const code = z.strictObject({ code: z.string().max(20) });
const asked = z.object({ changeId: z.string() });
const changeView = z.object({
  id: z.string(),
  number: z.string(),
  certificateName: z.string(),
  changeId: z.string(),
  kind: z.object({ code: z.string(), zh: z.string(), en: z.string() }),
  channel: z.string(),
  state: z.string(),
  agent: z.object({ name: z.string(), identityNumber: z.string(), phone: z.string() }).nullable(),
  phoneOfBefore: z.string(),
  askedAt: z.string(),
  until: z.string().nullable(),
});

/** Another agent, or another phone of the same one. `id` is the application's. */
@ApiTags('agent-changes')
@Controller('agent-changes')
export class AgentChangesController {
  constructor(private readonly changes: AgentChangesService) {}

  /** For the office what is to be decided or may be stopped; for an applicant what waits for their phone's code. */
  @Get()
  @Allow('applicant', 'agentChange.decide')
  @Documented({ answers: z.array(changeView) })
  list(@Caller() caller: Principal) {
    return this.changes.list(caller);
  }

  /** The stamped letter that names the new agent, before the change is asked for. */
  @Put(':id/materials/:material')
  @HttpCode(204)
  @Allow('applicant', 'window.enter')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'fileName', required: true })
  @Documented({ status: 204 })
  upload(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('material') material: string,
    @Query('fileName') fileName: unknown,
    @Req() upload: Request,
  ) {
    return this.changes.uploadLetter(caller, id, material, { name: fileNameOf(fileName), bytes: fileOf(upload) });
  }

  /** A supervisor lets in what is entered about this case today outside the hours of a window. */
  @Post(':id/hours-waiver')
  @HttpCode(204)
  @Allow('window.overrideHours')
  @Documented({ takes: waiver, status: 204 })
  waiveHours(@Caller() caller: Staff, @Param('id') id: string, @Input(waiver) input: z.infer<typeof waiver>) {
    return this.changes.waiveHours(caller, id, input.reason);
  }

  /** By the agent, a clerk or customer service; a clerk names the window. Nothing changes before a second person has approved and the new phone is proven. */
  @Post(':id')
  @HttpCode(202)
  @Allow('applicant', 'agentChange.ask')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: request, answers: asked, status: 202 })
  ask(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(request) input: z.infer<typeof request>,
  ) {
    return this.changes.ask(caller, id, requireKey(key), input);
  }

  /** By another person than the one who entered it. A rejection also stops what was approved, until the new phone is proven. */
  @Decision(':id/decision', 'agentChange.decide', decision)
  decide(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(decision) input: z.infer<typeof decision>,
  ) {
    return this.changes.decide(caller, id, requireKey(key), input);
  }

  /** The new phone, logged in, types the code that was sent to it: the case is its own from then on. */
  @Post(':id/confirmation')
  @HttpCode(204)
  @Allow('applicant')
  @Documented({ takes: code, status: 204 })
  confirm(@Caller() caller: Applicant, @Param('id') id: string, @Input(code) input: z.infer<typeof code>) {
    return this.changes.confirm(caller, id, input.code);
  }

  @Post(':id/code')
  @HttpCode(202)
  @Allow('applicant')
  @Documented({ status: 202 })
  resendCode(@Caller() caller: Applicant, @Param('id') id: string, @Req() received: Request) {
    return this.changes.resendCode(caller, id, received.ip ?? '');
  }
}
