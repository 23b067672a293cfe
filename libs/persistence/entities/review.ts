/** Rounds of review, claims, decisions, corrections. */
import type { PartialForm, ReviewOutcome, ReviewReason } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Application } from './application.js';
import { instant, integer, json, text, uuid } from './columns.js';

/** One round: from entering the queue to the decision. */
@Entity({ name: 'review_round' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_review_round_application' })
@Unique('uq_review_round', ['applicationId', 'round'])
@Index('ix_review_round_open', ['openedAt'], { where: 'decided_at IS NULL' })
@Check('ck_review_round_claim', `(claimed_by IS NULL) = (claim_until IS NULL)`)
export class ReviewRound {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @integer('round') round!: number;
  @instant('opened_at') openedAt!: Date;
  @uuid('claimed_by', { nullable: true }) claimedBy!: string | null;
  @instant('claim_until', { nullable: true }) claimUntil!: Date | null;
  @instant('decided_at', { nullable: true }) decidedAt!: Date | null;
  @uuid('decision_id', { nullable: true }) decisionId!: string | null;
}

/**
 * What a reviewer sends in. It becomes the decision when the case's workflow applies it, once a round.
 * Four eyes stand in the database too: the reviewer's phone is neither the submitter's nor the agent's.
 */
@Entity({ name: 'review_decision' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_review_decision_application' })
@Index('ix_review_decision_application', ['applicationId'])
@Check('ck_review_decision_outcome', `outcome IN ('approved','returned','rejected')`)
@Check('ck_review_decision_four_eyes', `reviewer_phone <> submitter_phone AND reviewer_phone <> agent_phone`)
export class ReviewDecision {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @integer('round') round!: number;
  @text('outcome') outcome!: ReviewOutcome;
  @json('reasons') reasons!: ReviewReason[];
  @uuid('reviewer_id') reviewerId!: string;
  @text('reviewer_phone') reviewerPhone!: string;
  @text('submitter_phone') submitterPhone!: string;
  @text('agent_phone') agentPhone!: string;
  @instant('sent_at') sentAt!: Date;
  @instant('applied_at', { nullable: true }) appliedAt!: Date | null;
}

/** What is changed after a return, by the agent or at a window. Applied by the workflow when submitted. */
@Entity({ name: 'correction' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_correction_application' })
@Unique('uq_correction_round', ['applicationId', 'round'])
export class Correction {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @integer('round') round!: number;
  @json('returned_fields') returnedFields!: string[];
  @json('form') form!: PartialForm;
  @instant('opened_at') openedAt!: Date;
  @instant('submitted_at', { nullable: true }) submittedAt!: Date | null;
  /** The clerk who sent it off; null where the agent did. */
  @uuid('submitted_by', { nullable: true }) submittedBy!: string | null;
  @instant('applied_at', { nullable: true }) appliedAt!: Date | null;
}
