import { isAccountKind, XinyinError } from '#domain';
import { Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { requireKey } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Applicant, type Principal } from '../platform/access.js';
import { Documented, Input } from '../platform/input.js';
import { AccountBindingsService } from './account-bindings.service.js';
import { bindingInput, type BindingInput } from './binding-input.js';

const unbinding = z.strictObject({ certificate: z.string().max(80) });
const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
const kindView = z.object({
  kind: words,
  state: words,
  account: z.string().nullable(),
  reason: z.string().nullable(),
  since: z.string().nullable(),
  application: z.object({ id: z.string(), number: z.string() }).nullable(),
  history: z.array(z.object({ at: z.string(), state: words, account: z.string().nullable(), reason: z.string().nullable() })),
});

/** Role accounts of the platform, for the organisation that a certificate of the caller's stands for. */
@ApiTags('account-bindings')
@Controller('account-bindings')
@Allow('applicant')
export class AccountBindingsController {
  constructor(private readonly bindings: AccountBindingsService) {}

  /** All eight kinds, each with how it stands and how it came to it. */
  @Get()
  @Allow('applicant', 'certificates.read')
  @ApiQuery({ name: 'certificate', required: true })
  @Documented({ answers: z.array(kindView) })
  list(@Caller() caller: Principal, @Query('certificate') serial: unknown) {
    return this.bindings.list(caller, typeof serial === 'string' ? serial : '');
  }

  /**
   * One kind: its account and password, or `noAccount`. The password is checked with the platform while the caller waits, and kept nowhere;
   * what was right goes to the platform's administrator. The same key is the same answer.
   */
  @Post()
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: bindingInput, answers: kindView, status: 202 })
  answer(@Caller() caller: Applicant, @Headers('idempotency-key') key: string | undefined, @Input(bindingInput) input: BindingInput) {
    return this.bindings.answer(caller, requireKey(key), input);
  }

  /** What is bound is taken back at the platform; what waits for it is withdrawn. Asked again, it is done once. */
  @Post(':kind/unbinding')
  @HttpCode(202)
  @Documented({ takes: unbinding, status: 202 })
  async unbind(@Caller() caller: Applicant, @Param('kind') kind: string, @Input(unbinding) input: z.infer<typeof unbinding>) {
    if (!isAccountKind(kind)) throw new XinyinError('NOT_FOUND');
    await this.bindings.unbind(caller, kind, input.certificate);
  }
}
