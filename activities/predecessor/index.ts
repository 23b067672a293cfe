/**
 * The certificates that a case is about. Promises: a pair and its seal are revoked together, once, for the reason that the rules give;
 * OCSP answers by these rows, so it knows with the commit.
 */
import {
  isRevocationCause,
  reasonFor,
  standingRefusal,
  subjectRefusal,
  XinyinError,
  type AuditAction,
  type PublishedReason,
} from '#domain';
import { Application, AuditEntry, Certificate, handsIn, Seal, standingOf } from '#persistence';
import { In, type EntityManager } from 'typeorm';
import { lockCase, moveCase, type CaseMove, type InHand } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

/** The place where the case's subject was issued. @throws XinyinError NOT_FOUND for a case that is about none */
export async function subjectOf(tx: EntityManager, { subjectSerial }: Application, hold?: 'hold'): Promise<Certificate> {
  const lock = hold ? { lock: { mode: 'pessimistic_write' as const } } : {};
  const where = { serial: subjectSerial ?? '', kind: 'signing' as const };
  const signing = subjectSerial === null ? null : await tx.findOne(Certificate, { where, ...lock });
  if (!signing) throw new XinyinError('NOT_FOUND');
  return signing;
}

export const predecessorActivities = ({ data, now }: RecordDeps) => {
  /** Held until the commit: two cases that are about one certificate end it one after the other. False where a reissue comes too late. */
  async function mark(applicationId: string, reason: PublishedReason | null, action: AuditAction, move: CaseMove): Promise<boolean> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const subject = await subjectOf(tx, application, 'hold');
      const known = await tx.existsBy(AuditEntry, { subject: `application/${applicationId}`, onceKey: action });
      if (known) return true;
      // G: while it is valid. One that is only suspended may be reissued.
      if (application.business === 'reissue' && subjectRefusal('reissue', standingOf(subject), now()) !== null) return false;
      const { applicationId: issuedBy, index } = subject;
      const details = { reason: reason ?? '', serial: application.subjectSerial };
      await moveCase(tx, application, move, { action, details, onceKey: action }, now());
      const place = { applicationId: issuedBy, index };
      const ended = reason === null ? { revokedAt: null, revocationReason: null } : { revokedAt: now(), revocationReason: reason };
      // What was revoked for good stays revoked for the reason and from the moment of then.
      const open = { ...place, state: In(['valid', 'revoked']) };
      for (const certificate of await tx.findBy(Certificate, open)) {
        const final = certificate.state === 'revoked' && certificate.revocationReason !== 'certificateHold';
        if (!final) await tx.update(Certificate, { id: certificate.id }, { state: reason === null ? 'valid' : 'revoked', ...ended });
      }
      const seal = await tx.findOneBy(Seal, place);
      if (seal && (seal.revokedAt === null || seal.revocationReason === 'certificateHold')) await tx.update(Seal, { id: seal.id }, ended);
      return true;
    });
  }

  return {
    /** @throws XinyinError CERTIFICATE_REVOKED, CERTIFICATE_HELD when the certificate was ended since the case began */
    async requireSubject({ applicationId }: { applicationId: string }): Promise<void> {
      const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
      const refusal = standingRefusal(standingOf(await subjectOf(data.manager, application)));
      if (refusal) throw new XinyinError(refusal);
    },

    /** Answers who has had the case in hand by now: whoever filed the scans, too. Nothing is answered by histories of before this was asked. */
    async recordForm({
      applicationId,
      wish,
      by,
    }: {
      applicationId: string;
      wish: 'revoke' | 'lift';
      by: string;
    }): Promise<InHand | undefined> {
      return data.transaction(async (tx) => {
        const application = await lockCase(tx, applicationId);
        const event = { action: 'form.arrived', details: { wish }, actor: { kind: 'staff', id: by }, onceKey: 'form' } as const;
        await moveCase(tx, application, { waitingFor: 'system', until: null }, event, now());
        return { hands: await handsIn(tx, applicationId) };
      });
    },

    /** `revoked` is false where a reissue comes too late. Nothing is answered by histories of before this was asked. */
    async revokePredecessor({ applicationId }: { applicationId: string }): Promise<{ revoked: boolean } | undefined> {
      const { business, form } = await data.manager.findOneByOrFail(Application, { id: applicationId });
      if (business === 'new' || business === 'account-binding' || business === 'unlock') throw new XinyinError('STAGE_REFUSES');
      const cause = form.cause !== undefined && isRevocationCause(form.cause) ? form.cause : null;
      const move = { waitingFor: 'system', until: null } as const;
      return { revoked: await mark(applicationId, reasonFor(business, cause), 'certificate.revoked', move) };
    },

    async suspendPredecessor({ applicationId, until }: { applicationId: string; until: string }): Promise<void> {
      const move = { stage: 'suspension', waitingFor: 'clerk', until: new Date(until) } as const;
      await mark(applicationId, 'certificateHold', 'certificate.held', move);
    },

    async releasePredecessor({ applicationId }: { applicationId: string }): Promise<void> {
      await mark(applicationId, null, 'certificate.released', { waitingFor: 'system', until: null });
    },
  };
};
