/** Rounds of review. A decision or a correction was recorded by the API as what came in; here it takes effect, once. */
import { XinyinError, type PartialForm, type ReviewOutcome } from '#domain';
import { Application, Correction, handsIn, ReviewDecision, ReviewRound } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase, writeCase, type InHand } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

type Round = { applicationId: string; round: number; until: string };
const ACTIONS = { approved: 'review.approved', returned: 'review.returned', rejected: 'review.rejected' } as const;

export const reviewActivities = ({ data, now }: RecordDeps) => ({
  async openReview({ applicationId, round, until }: Round): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'review', waitingFor: 'reviewer', until: new Date(until) } as const;
      const fresh = await moveCase(
        tx,
        application,
        move,
        { action: 'review.opened', details: { round }, onceKey: `review-opened/${round}` },
        now(),
      );
      if (fresh) await tx.insert(ReviewRound, { id: uuidv7(), applicationId, round, openedAt: now() });
    });
  },

  /** Four eyes were checked by the API and by the database when the decision came in; the round takes only its first decision. */
  async applyDecision({
    applicationId,
    decisionId,
    round,
  }: {
    applicationId: string;
    decisionId: string;
    round: number;
  }): Promise<ReviewOutcome> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const decision = await tx.findOneBy(ReviewDecision, { id: decisionId, applicationId, round });
      const open = await tx.findOneBy(ReviewRound, { applicationId, round });
      if (!decision || !open) throw new XinyinError('NOT_FOUND');
      if (open.decisionId !== null) {
        if (open.decisionId !== decisionId) throw new XinyinError('ALREADY_DECIDED');
        return decision.outcome;
      }
      await tx.update(ReviewRound, { id: open.id }, { decidedAt: now(), decisionId, claimedBy: null, claimUntil: null });
      await tx.update(ReviewDecision, { id: decisionId }, { appliedAt: now() });
      const details = { round, count: decision.reasons.length, decision: decisionId };
      const actor = { kind: 'staff', id: decision.reviewerId } as const;
      await moveCase(
        tx,
        application,
        { waitingFor: 'system', until: null },
        { action: ACTIONS[decision.outcome], details, actor, onceKey: `decided/${round}` },
        now(),
      );
      return decision.outcome;
    });
  },

  async openCorrection({ applicationId, round, until }: Round): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (await tx.existsBy(Correction, { applicationId, round })) return;
      const open = await tx.findOneByOrFail(ReviewRound, { applicationId, round });
      const decision = await tx.findOneByOrFail(ReviewDecision, { id: open.decisionId ?? '' });
      const returnedFields = [...new Set(decision.reasons.map((reason) => reason.field))];
      await tx.insert(Correction, { id: uuidv7(), applicationId, round, returnedFields, form: {}, openedAt: now() });
      const move = { stage: 'correction', waitingFor: 'agent', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'correction.opened', details: { round }, onceKey: `correction/${round}` }, now());
    });
  },

  /**
   * Puts the corrected fields into the application; the files were replaced by the API as they came in. Answers who of the office has had
   * the case in hand by now; nothing is answered by histories of before this was asked.
   */
  async applyCorrection({ applicationId, correctionId }: { applicationId: string; correctionId: string }): Promise<InHand | undefined> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const correction = await tx.findOneBy(Correction, { id: correctionId, applicationId });
      if (!correction?.submittedAt) throw new XinyinError('NOT_FOUND');
      if (correction.appliedAt !== null) return { hands: await handsIn(tx, applicationId) };
      await replaceForm(tx, application, correction.form);
      await tx.update(Correction, { id: correctionId }, { appliedAt: now() });
      const details = { round: correction.round, count: correction.returnedFields.length };
      const { submittedBy } = correction;
      const actor = submittedBy === null ? ({ kind: 'applicant', id: 'agent' } as const) : ({ kind: 'staff', id: submittedBy } as const);
      await moveCase(
        tx,
        application,
        { waitingFor: 'system' },
        { action: 'correction.submitted', details, actor, onceKey: `corrected/${correction.round}` },
        now(),
      );
      return { hands: await handsIn(tx, applicationId) };
    });
  },
});

async function replaceForm(tx: EntityManager, application: Application, changed: PartialForm): Promise<void> {
  const form = { ...application.form };
  for (const [section, values] of Object.entries(changed)) {
    const before: unknown = form[section as keyof PartialForm];
    Object.assign(form, {
      [section]: values && typeof values === 'object' && before && typeof before === 'object' ? { ...before, ...values } : values,
    });
  }
  application.form = form;
  application.certificateName = form.organisation.certificateName;
  application.uscc = form.organisation.uscc;
  application.agentPhone = form.agent.phone;
  await writeCase(tx, application);
}
