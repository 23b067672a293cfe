/** The queue of reviews: claims with a lease, and decisions as they come in. */
import { isDeepStrictEqual } from 'node:util';
import { CLAIM_LEASE_MS, fixedOnceFiled, isMaterial, stageRefused, XinyinError, type ReviewOutcome, type ReviewReason } from '#domain';
import { appendAudit, Application, handsIn, ReviewDecision, ReviewRound, Upload } from '#persistence';
import { Injectable } from '@nestjs/common';
import { In, IsNull, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { summary } from '../applications/applications.service.js';
import { refuse } from '../drafts/drafts.service.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { decisionIdOf } from '../platform/decisions.js';

@Injectable()
export class ReviewsService {
  constructor(private readonly context: ApiContext) {}

  async queue() {
    const { data, now } = this.context;
    // The round of a case that was withdrawn or ended stays undecided, and is nobody's work.
    const rounds = await data.manager
      .createQueryBuilder(ReviewRound, 'round')
      .innerJoin(Application, 'application', 'application.id = round.applicationId')
      .where(`round.decidedAt IS NULL AND application.stage = 'review'`)
      .orderBy('round.openedAt', 'ASC')
      .limit(200)
      .getMany();
    const applications = await data.manager.findBy(Application, { id: In(rounds.map((round) => round.applicationId)) });
    return rounds.flatMap((round) => {
      const application = applications.find((each) => each.id === round.applicationId);
      if (!application) return [];
      const held = round.claimUntil !== null && round.claimUntil > now();
      const claim = { claimedBy: held ? round.claimedBy : null, claimUntil: held ? (round.claimUntil?.toISOString() ?? null) : null };
      return [{ ...summary(application), round: round.round, ...claim, overdue: application.dueAt !== null && application.dueAt < now() }];
    });
  }

  async claim(caller: Staff, id: string) {
    const now = this.context.now();
    const claimUntil = new Date(now.getTime() + CLAIM_LEASE_MS);
    await this.context.data.transaction(async (tx) => {
      const { application, round } = await this.open(tx, id);
      await refuseOwn(tx, caller, application);
      if (round.claimedBy !== null && round.claimedBy !== caller.staffId && round.claimUntil !== null && round.claimUntil > now)
        throw new XinyinError('CLAIM_HELD');
      await tx.update(ReviewRound, { id: round.id }, { claimedBy: caller.staffId, claimUntil });
      if (round.claimedBy === caller.staffId) return;
      const actor = { kind: 'staff', id: caller.staffId } as const;
      await appendAudit(tx, {
        subject: `application/${id}`,
        at: now,
        actor,
        action: 'review.claimed',
        next: 'reviewer',
        until: claimUntil,
      });
    });
    return { claimUntil: claimUntil.toISOString() };
  }

  async release(caller: Staff, id: string): Promise<void> {
    const { manager } = this.context.data;
    if (!isUuid(id) || !(await manager.existsBy(Application, { id }))) throw new XinyinError('NOT_FOUND');
    await manager.update(
      ReviewRound,
      { applicationId: id, claimedBy: caller.staffId, decidedAt: IsNull() },
      { claimedBy: null, claimUntil: null },
    );
  }

  async material(id: string, material: string) {
    const { data, objects } = this.context;
    const application = isUuid(id) && isMaterial(material) ? await data.manager.findOneBy(Application, { id }) : null;
    const upload = application
      ? await data.manager.findOneBy(Upload, { draftId: application.draftId, material, replacedAt: IsNull() })
      : null;
    if (!upload) throw new XinyinError('NOT_FOUND');
    return { upload, bytes: await objects.get(upload.sha256) };
  }

  /** Keeps the decision as it came in. Who holds the claim decides; nobody decides on their own. The same key is the same decision. */
  async record(caller: Staff, id: string, key: string, input: { outcome: ReviewOutcome; reasons: ReviewReason[] }) {
    const now = this.context.now();
    const decisionId = decisionIdOf(caller.staffId, key);
    return this.context.data.transaction(async (tx) => {
      // The same request sent again before the first was answered: the second sees what the first recorded.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 12))', [decisionId]);
      const before = await tx.findOneBy(ReviewDecision, { id: decisionId });
      if (before && !isDeepStrictEqual([before.applicationId, before.outcome, before.reasons], [id, input.outcome, input.reasons]))
        throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
      if (before) return { decisionId, outcome: before.outcome };
      const { application, round } = await this.open(tx, id);
      await refuseOwn(tx, caller, application);
      refuseFixed(application, input);
      if (round.claimedBy !== caller.staffId || round.claimUntil === null || round.claimUntil <= now)
        throw new XinyinError('CLAIM_REQUIRED', { params: { minutes: CLAIM_LEASE_MS / 60_000 } });
      await tx.insert(ReviewDecision, {
        id: decisionId,
        applicationId: id,
        round: round.round,
        outcome: input.outcome,
        reasons: input.reasons,
        reviewerId: caller.staffId,
        reviewerPhone: caller.phone,
        submitterPhone: application.submittedByPhone,
        agentPhone: application.agentPhone,
        sentAt: now,
      });
      return { decisionId, outcome: input.outcome };
    });
  }

  private async open(tx: EntityManager, id: string) {
    // The case before its round, as its own steps lock them: what is written here refers to it.
    const held = { where: { id }, lock: { mode: 'for_key_share' as const } };
    const application = isUuid(id) ? await tx.findOne(Application, held) : null;
    if (!application) throw new XinyinError('NOT_FOUND');
    const round = await tx.findOne(ReviewRound, { where: { applicationId: id, decidedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
    if (!round || application.stage !== 'review') throw stageRefused(application.stage);
    return { application, round };
  }
}

/** Four eyes: the case refuses the same, and the database by a constraint and a trigger. */
async function refuseOwn(tx: EntityManager, caller: Staff, application: Application): Promise<void> {
  const hands = await handsIn(tx, application.id);
  if (caller.staffId === application.enteredBy || hands.includes(caller.staffId)) throw new XinyinError('FOUR_EYES');
  if (caller.phone === application.submittedByPhone || caller.phone === application.agentPhone) throw new XinyinError('FOUR_EYES');
}

/** What no correction may touch is not returned: an application that is wrong in it is rejected. */
function refuseFixed({ business, channel }: Application, { outcome, reasons }: { outcome: ReviewOutcome; reasons: ReviewReason[] }): void {
  const fixed: readonly string[] = outcome === 'returned' ? fixedOnceFiled(business, channel) : [];
  refuse(
    reasons.flatMap(({ field }, index) =>
      fixed.includes(field) ? [{ field: `reasons/${index}/field`, code: 'FIELD_FIXED' as const }] : [],
    ),
  );
}
