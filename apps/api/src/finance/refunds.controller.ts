import { fieldError, refundCauses, refundReasons, transferFailures, type RefundCause, type RefundState } from '#domain';
import { Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { requireKey } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Decision } from '../platform/decision-endpoint.js';
import { Documented, Input, lineOfText } from '../platform/input.js';
import { noteText } from './explanations.controller.js';
import { Refunds, type ListedRefund } from './refunds.js';

const STATES = ['due', 'approved', 'ordered', 'paid', 'failed', 'withdrawn'] as const satisfies readonly RefundState[];
const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
const refundView = z.object({
  id: z.string(),
  orderId: z.string().nullable(),
  creditId: z.string().nullable(),
  /** The refund whose payment the bank took back. */
  returnedOf: z.string().nullable(),
  reason: words,
  /** Why finance gives it back after completion, and what was added in words. */
  cause: words.nullable(),
  note: z.string().nullable(),
  amountFen: z.number(),
  state: z.enum(STATES),
  dueSince: z.string(),
  payeeName: z.string().nullable(),
  payeeAccount: z.string().nullable(),
  proposedBy: z.string().nullable(),
  payeeGivenBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
  attempt: z.number(),
  failure: words.nullable(),
  bankReference: z.string().nullable(),
  settledAt: z.string().nullable(),
});
const payee = z.strictObject({ name: lineOfText(200), account: lineOfText(64) });
const CAUSES = Object.keys(refundCauses) as [RefundCause, ...RefundCause[]];
const proposal = z.strictObject({
  order: lineOfText(64),
  amountFen: z.int().min(1),
  cause: z.enum(CAUSES),
  note: noteText.optional(),
});
const proposed = z.object({ refundIds: z.array(z.string()) });
const decision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) });

/** The two persons' instants and the run's are the audit's to tell. */
function viewOf({ refund, proposal: proposed }: ListedRefund): z.infer<typeof refundView> {
  const { reason, failure, dueSince, settledAt, approvedAt: _at, startedAt: _started, proposalId: _proposal, ...told } = refund;
  return {
    ...told,
    reason: { code: reason, ...refundReasons[reason] },
    cause: proposed && { code: proposed.cause, ...refundCauses[proposed.cause] },
    note: proposed?.note ?? null,
    failure: failure && { code: failure, ...transferFailures[failure] },
    dueSince: dueSince.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  };
}

@ApiTags('refunds')
@Controller('refunds')
export class RefundsController {
  constructor(private readonly refunds: Refunds) {}

  @Get()
  @Allow('refunds.read')
  @ApiQuery({ name: 'state', enum: STATES, required: false })
  @Documented({ answers: z.array(refundView) })
  async list(@Query('state') state?: unknown): Promise<z.infer<typeof refundView>[]> {
    const wanted = STATES.find((each) => each === state);
    if (state !== undefined && !wanted) throw fieldError('state', 'FIELD_CHOICE');
    return (await this.refunds.list(wanted)).map(viewOf);
  }

  /** Given back after completion, in whole or in part, of what an order had earned, and why. Another person has to approve it. */
  @Post()
  @Allow('refunds.propose')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: proposal, answers: proposed, status: 201 })
  propose(
    @Caller() caller: Staff,
    @Headers('idempotency-key') key: string | undefined,
    @Input(proposal) input: z.infer<typeof proposal>,
  ): Promise<z.infer<typeof proposed>> {
    return this.refunds.propose(caller, requireKey(key), input);
  }

  /** The account it goes to, where none is known or the bank could not pay to it. Another person has to approve it then. */
  @Decision(':id/payee', 'refunds.redirect', payee)
  redirect(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(payee) input: z.infer<typeof payee>,
  ) {
    return this.refunds.redirect(caller, id, requireKey(key), input);
  }

  /**
   * A person's word. Of what the office owes by itself the first proposes it, and a second, another's, approves; what finance had proposed wants
   * one more. That may be turned down; what the office owes is owed.
   */
  @Decision(':id/decision', 'refunds.decide', decision)
  decide(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(decision) { outcome }: z.infer<typeof decision>,
  ) {
    return this.refunds.decide(caller, id, requireKey(key), outcome);
  }
}
