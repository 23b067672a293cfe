import { isSmsCode, maskPhone, minutes, requirePhone, textProblem, XinyinError } from '#domain';
import { StaffAccount, takeAllowance } from '#persistence';
import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { verify } from '@node-rs/argon2';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Allow, Caller, type Principal } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';
import { Sessions } from './sessions.js';
import { SmsCodes } from './sms-codes.js';

const codeRequest = z.strictObject({ phone: z.string().max(30) });
const codeLogin = z.strictObject({ phone: z.string().max(30), code: z.string().max(20) });
const staffLogin = z.strictObject({
  username: z
    .string()
    .max(60)
    .refine((text) => textProblem(text) === null),
  password: z.string().max(200),
});
const principalView = z.object({
  kind: z.enum(['applicant', 'staff']),
  name: z.string(),
  roles: z.array(z.string()),
  /** Of staff: as the audit names them, and as operators sign what they send to the engine. */
  staffId: z.uuid().optional(),
});

/** D: a password may be tried five times in a quarter of an hour. */
const PASSWORD_TRIES = { limit: 5, windowMs: minutes(15), gapMs: 0 };
/** Verified when the account does not exist, so that the time of the answer does not tell. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

@ApiTags('login')
@Controller('login')
export class LoginController {
  constructor(
    private readonly codes: SmsCodes,
    private readonly sessions: Sessions,
    private readonly context: ApiContext,
  ) {}

  /** Sends a login code by SMS. */
  @Post('codes')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ takes: codeRequest, answers: z.object({ expiresInSeconds: z.number() }), status: 202 })
  async requestCode(@Input(codeRequest) input: z.infer<typeof codeRequest>, @Req() request: Request) {
    const phone = requirePhone(input.phone, 'phone');
    await this.codes.allow(phone, request.ip ?? '');
    await this.codes.sendLoginCode(phone);
    return { expiresInSeconds: 300 };
  }

  @Post()
  @HttpCode(200)
  @Allow('anybody')
  @Documented({ takes: codeLogin, answers: principalView })
  async login(@Input(codeLogin) input: z.infer<typeof codeLogin>, @Res({ passthrough: true }) response: Response) {
    const phone = requirePhone(input.phone, 'phone');
    if (!isSmsCode(input.code)) throw new XinyinError('INPUT_INVALID', { fields: [{ field: 'code', code: 'FIELD_FORMAT' }] });
    await this.codes.use('login', phone, input.code);
    await this.sessions.open({ phone }, response);
    return { kind: 'applicant', name: maskPhone(phone), roles: [] };
  }

  @Post('staff')
  @HttpCode(200)
  @Allow('anybody')
  @Documented({ takes: staffLogin, answers: principalView })
  async staffLogin(@Input(staffLogin) input: z.infer<typeof staffLogin>, @Res({ passthrough: true }) response: Response) {
    const key = `password/${input.username}`;
    const tries = await takeAllowance(this.context.data.manager, { key, ...PASSWORD_TRIES }, this.context.now());
    if (!tries.granted) throw new XinyinError('RATE_LIMITED', { params: { seconds: tries.retryAfterSeconds } });
    const account = await this.context.data.manager.findOneBy(StaffAccount, { username: input.username });
    const right = await verify(account?.passwordHash ?? NOBODY, input.password).catch(() => false);
    if (!account || account.disabledAt || !right) throw new XinyinError('LOGIN_FAILED');
    await this.context.data.query('DELETE FROM allowance WHERE key = $1', [key]);
    await this.sessions.open({ staffId: account.id }, response);
    return { kind: 'staff', name: account.displayName, roles: account.roles, staffId: account.id };
  }

  @Get()
  @Allow('applicant', 'applications.read')
  @Documented({ answers: principalView })
  whoAmI(@Caller() caller: Principal) {
    if (caller.kind === 'applicant') return { kind: caller.kind, name: maskPhone(caller.phone), roles: [] };
    return { kind: caller.kind, name: caller.displayName, roles: caller.roles, staffId: caller.staffId };
  }

  @Delete()
  @HttpCode(204)
  @Allow('applicant', 'applications.read')
  @Documented({ status: 204 })
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await this.sessions.end(request, response);
  }
}
