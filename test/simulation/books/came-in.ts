/** What the API writes down as it comes in, before the case's own activity makes it take effect. */
import { randomUUID } from 'node:crypto';
import type { ReviewOutcome, ReviewReason } from '#domain';
import { Application, Correction, CreditExplanation, FeeOrder, BankCredit, ReviewDecision, SmsCode } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { Deed } from '../deeds.js';

/** What is returned or refused, for the year's purposes. */
const reasonsFor = (outcome: ReviewOutcome): ReviewReason[] =>
  outcome === 'approved' ? [] : [{ field: 'materials/licence', code: 'unreadable' }];
/** Of nobody who applies: four eyes are compared by phones too. */
const REVIEWER_PHONE = '18600186000';

/** The agent's code was right. Answers its id. */
export async function codeUsed(tx: EntityManager, { caseId, at }: Deed<'phone-verified'>): Promise<string> {
  const { agentPhone: phone } = await tx.findOneByOrFail(Application, { id: caseId });
  const id = randomUUID();
  const code = { id, subject: `application/${caseId}`, phone, codeHash: Buffer.alloc(32), attempts: 1 };
  await tx.insert(SmsCode, { ...code, createdAt: at, expiresAt: at, usedAt: at });
  return id;
}

export async function decisionSent(tx: EntityManager, deed: Deed<'review-decided'>): Promise<string> {
  const { caseId: applicationId, round, outcome, by: reviewerId, at: sentAt } = deed;
  const { submittedByPhone: submitterPhone, agentPhone } = await tx.findOneByOrFail(Application, { id: applicationId });
  const id = randomUUID();
  const decision = { id, applicationId, round, outcome, reasons: reasonsFor(outcome), reviewerId, sentAt };
  await tx.insert(ReviewDecision, { ...decision, reviewerPhone: REVIEWER_PHONE, submitterPhone, agentPhone });
  return id;
}

export async function correctionSent(tx: EntityManager, { caseId: applicationId, round, at }: Deed<'corrected'>): Promise<string> {
  const { id } = await tx.findOneByOrFail(Correction, { applicationId, round });
  await tx.update(Correction, { id }, { submittedAt: at });
  return id;
}

export async function explanationProposed(tx: EntityManager, deed: Deed<'credit-explained'>): Promise<string> {
  const { reference, as: kind, caseId, note: noteCode, by: proposedBy, second, at: proposedAt } = deed;
  const order = kind === 'allocation' ? await tx.findOneByOrFail(FeeOrder, { applicationId: caseId }) : null;
  const id = randomUUID();
  await tx.insert(CreditExplanation, {
    ...{ id, creditId: await creditOf(tx, reference), kind, orderId: order?.id ?? null, noteCode, note: '模拟 simulated' },
    ...{ secondPerson: second !== null, state: 'proposed', proposedBy, proposedAt },
  });
  return id;
}

export async function creditOf(tx: EntityManager, reference: string): Promise<string> {
  return (await tx.findOneByOrFail(BankCredit, { bankReference: reference })).id;
}
