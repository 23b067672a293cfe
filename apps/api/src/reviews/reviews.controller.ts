import { checkReasons } from '#domain';
import { caseWorkflowId, decideReview } from '#workflows/contract';
import { Controller, Delete, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { reasonSchema, summaryView } from '../applications/applications.schema.js';
import { requireKey } from '../drafts/drafts.controller.js';
import { refuse } from '../drafts/drafts.service.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';
import { Decision } from '../platform/decision-endpoint.js';
import { Documented, Input } from '../platform/input.js';
import { ReviewsService } from './reviews.service.js';

const decision = z.strictObject({
  outcome: z.enum(['approved', 'returned', 'rejected']),
  reasons: z.array(reasonSchema).max(30).default([]),
});
const queueView = z.array(
  summaryView.extend({ round: z.number(), claimedBy: z.string().nullable(), claimUntil: z.string().nullable(), overdue: z.boolean() }),
);
const claimView = z.object({ claimUntil: z.string() });

@ApiTags('reviews')
@Controller('reviews')
export class ReviewsController {
  constructor(
    private readonly reviews: ReviewsService,
    private readonly decisions: Decisions,
    private readonly context: ApiContext,
  ) {}

  /** The queue, oldest first. */
  @Get()
  @Allow('review.claim')
  @Documented({ answers: queueView })
  queue() {
    return this.reviews.queue();
  }

  /** Takes a case for the length of a lease; taking it again renews the lease. */
  @Post(':id/claim')
  @HttpCode(200)
  @Allow('review.claim')
  @Documented({ answers: claimView })
  claim(@Caller() caller: Staff, @Param('id') id: string) {
    return this.reviews.claim(caller, id);
  }

  @Delete(':id/claim')
  @HttpCode(204)
  @Allow('review.claim')
  @Documented({ status: 204 })
  release(@Caller() caller: Staff, @Param('id') id: string) {
    return this.reviews.release(caller, id);
  }

  @Get(':id/materials/:material')
  @Allow('materials.read')
  @Documented({})
  async material(@Param('id') id: string, @Param('material') material: string, @Res() response: Response) {
    const { upload, bytes } = await this.reviews.material(id, material);
    // An uploaded file is foreign content: never run in our origin.
    response
      .type(upload.mediaType)
      .setHeader('Content-Security-Policy', "sandbox; default-src 'none'")
      .setHeader('Content-Disposition', 'attachment')
      .send(bytes);
  }

  @Decision(':id/decision', 'review.decide', decision)
  async decide(
    @Caller() caller: Staff,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Input(decision) input: z.infer<typeof decision>,
  ) {
    refuse(checkReasons(input.outcome, input.reasons));
    const { decisionId, outcome } = await this.reviews.record(caller, id, requireKey(key), input);
    await this.decisions.send(caseWorkflowId(id), decideReview, decisionId, { decisionId, outcome, by: caller.staffId });
    this.context.log.info({ applicationId: id, outcome, staffId: caller.staffId }, 'review decided');
  }
}
