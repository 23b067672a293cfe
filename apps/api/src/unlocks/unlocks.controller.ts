import { isSmsCode, fieldError } from '#domain';
import { Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { summaryView } from '../applications/applications.schema.js';
import { requireKey, submitted } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Decision } from '../platform/decision-endpoint.js';
import { Documented, Input } from '../platform/input.js';
import { UnlockRedemptions } from './redemptions.js';
import { UnlockTickets } from './tickets.js';

const SERIAL = z.string().max(80);
const ticket = z.strictObject({ certificate: SERIAL, contact: z.enum(['telephone', 'qq']), callBackConfirmed: z.boolean().optional() });
const decision = z.strictObject({
  outcome: z.enum(['approved', 'rejected']),
  reason: z.enum(['identity-doubtful', 'not-asked-for', 'opened-by-mistake']).optional(),
});
const redemption = z.strictObject({ serial: SERIAL, code: z.string().max(20), challenge: z.string().regex(/^[\w-]{100,600}$/) });
const holderView = z.object({
  serial: z.string(),
  number: z.string(),
  certificateName: z.string(),
  tokenSerialNumber: z.string(),
  agentName: z.string(),
  registeredPhone: z.string(),
});
const ticketView = summaryView.extend({
  contact: z.enum(['telephone', 'qq']),
  tokenSerialNumber: z.string(),
  calledBackBy: z.string(),
  calledBackAt: z.string(),
});
const answerView = z.object({ answer: z.string() });

@ApiTags('unlocks')
@Controller('unlocks')
export class UnlocksController {
  constructor(
    private readonly tickets: UnlockTickets,
    private readonly redemptions: UnlockRedemptions,
  ) {}

  /** Whom to call back before a ticket is opened; refused when the token of this certificate cannot be unlocked. */
  @Get('holders/:serial')
  @Allow('unlock.open')
  @Documented({ answers: holderView })
  holder(@Caller() caller: Staff, @Param('serial') serial: string) {
    return this.tickets.holder(caller, serial);
  }

  /** Customer service opens a ticket after calling the registered phone back. */
  @Post('tickets')
  @HttpCode(202)
  @Allow('unlock.open')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: ticket, answers: submitted, status: 202 })
  open(@Caller() caller: Staff, @Headers('idempotency-key') key: string | undefined, @Input(ticket) input: z.infer<typeof ticket>) {
    const { certificate, contact, callBackConfirmed } = input;
    if (callBackConfirmed !== true) throw fieldError('callBackConfirmed', 'FIELD_REQUIRED');
    return this.tickets.open(caller, requireKey(key), { certificate, contact });
  }

  /** Open tickets, oldest first. */
  @Get('tickets')
  @Allow('unlock.open', 'unlock.decide')
  @Documented({ answers: z.array(ticketView) })
  list() {
    return this.tickets.list();
  }

  /** By another person than the one who opened it; who rejects says why. */
  @Decision('tickets/:id/decision', 'unlock.decide', decision)
  decide(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(decision) input: z.infer<typeof decision>,
  ) {
    return this.tickets.decide(caller, id, requireKey(key), input);
  }

  /** For the assistant, which has a token and no session: the code from the registered phone fetches the answer to the token's challenge. */
  @Post()
  @HttpCode(200)
  @Allow('anybody')
  @Documented({ takes: redemption, answers: answerView })
  redeem(@Input(redemption) input: z.infer<typeof redemption>) {
    if (!isSmsCode(input.code)) throw fieldError('code', 'FIELD_FORMAT');
    return this.redemptions.redeem(input);
  }
}
