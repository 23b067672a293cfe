import { creditNotes, textProblem, type CreditNote } from '#domain';
import { Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { requireKey } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Decision } from '../platform/decision-endpoint.js';
import { Documented, Input } from '../platform/input.js';
import { Explanations } from './explanations.js';

/** Words for people, kept in their row. */
export const noteText = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => textProblem(text.replaceAll('\n', ' ')) === null);
const notes = Object.keys(creditNotes) as [CreditNote, ...CreditNote[]];
const proposal = z.strictObject({
  kind: z.enum(['allocation', 'refund', 'other']),
  order: z.string().max(40).optional(),
  noteCode: z.enum(notes).optional(),
  note: noteText,
});
const proposed = z.object({ id: z.string(), secondPerson: z.boolean() });
const decision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) });
const explanationView = z.object({
  id: z.string(),
  creditId: z.string(),
  kind: z.string(),
  orderId: z.string().nullable(),
  noteCode: z.string().nullable(),
  note: z.string(),
  proposedBy: z.string(),
  proposedAt: z.string(),
});

@ApiTags('credits')
@Controller()
export class ExplanationsController {
  constructor(private readonly explanations: Explanations) {}

  /** Says what a held credit is: an order's, the payer's own again, or something else. Some of it only a second person makes true. */
  @Post('credits/:id/explanations')
  @HttpCode(202)
  @Allow('credits.explain')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @Documented({ takes: proposal, answers: proposed, status: 202 })
  propose(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(proposal) input: z.infer<typeof proposal>,
  ) {
    return this.explanations.propose(caller, id, requireKey(key), input);
  }

  /** What waits for a second person. */
  @Get('credit-explanations')
  @Allow('credits.read', 'credits.agree')
  @Documented({ answers: z.array(explanationView) })
  async list(): Promise<z.infer<typeof explanationView>[]> {
    const open = await this.explanations.open();
    return open.map(({ id, creditId, kind, orderId, noteCode, note, proposedBy, proposedAt }) => {
      return { id, creditId, kind, orderId, noteCode, note, proposedBy, proposedAt: proposedAt.toISOString() };
    });
  }

  /** By another person than who proposed it. */
  @Decision('credit-explanations/:id/decision', 'credits.agree', decision)
  decide(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(decision) { outcome }: z.infer<typeof decision>,
  ) {
    return this.explanations.decide(caller, id, requireKey(key), outcome);
  }
}
