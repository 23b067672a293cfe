/**
 * Certificates for OCSP responders. Promises: only a request that bears a responder's code is certified, whatever else stands in the
 * table, and a request gets one certificate. A signature that a crash keeps from its row was seen by nobody: the row is locked meanwhile.
 */
import { days, minutes, XinyinError } from '#domain';
import { OcspResponder } from '#persistence';
import { isFromResponder, longestFrom, parseCertificate, PROFILES, readCertificationRequest } from '#pki';
import { IsNull, MoreThan } from 'typeorm';
import type { PkiDeps } from '../deps.js';

/** D: a responder asks anew after a day; what is older was left behind, or is shown again by somebody else. */
const REQUEST_GOOD_FOR_MS = days(2);
/** For clients whose clocks are behind: the certificate is used in the second in which it is made. */
const BACKDATED_MS = minutes(60);
/** Responders there are a handful. Newest first, so that older rows of somebody else do not keep theirs waiting. */
const AT_ONCE = 100;

export const responderActivities = ({ data, now, authority, ocspSecret }: PkiDeps) => {
  const issuer = parseCertificate(authority.issuingCertificate);

  const certificateFor = ({ id, request }: OcspResponder) => {
    // Proof that the responder holds the key; of the name in the request nothing is taken over.
    const { publicKey } = readCertificationRequest(request);
    const wholeSecond = Math.floor((now().getTime() - BACKDATED_MS) / 1000) * 1000;
    const notBefore = new Date(Math.max(wholeSecond, issuer.notBefore.getTime()));
    const { organisation = '', province, locality } = issuer.subject;
    const subject = { organisation, province, locality, commonName: `OCSP 应答 ${id.slice(-12)}` };
    const notAfter = longestFrom(notBefore, PROFILES['ocsp-responder'].validity);
    return authority.sign(authority.prepare('ocsp-responder', { subject, publicKey, notBefore, notAfter }));
  };

  const certify = (id: string): Promise<boolean> =>
    data.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
      const row = await tx.findOne(OcspResponder, { where: { id, certificate: IsNull() }, lock });
      // Another attempt has it.
      if (!row) return false;
      if (!isFromResponder(ocspSecret, row, row.code)) throw new XinyinError('SIGNATURE_INVALID');
      const { der, notAfter } = certificateFor(row);
      await tx.update(OcspResponder, { id }, { certificate: der, notAfter });
      return true;
    });

  return {
    async certifyResponders(): Promise<{ certified: number; refused: number }> {
      const since = new Date(now().getTime() - REQUEST_GOOD_FOR_MS);
      const where = { certificate: IsNull(), madeAt: MoreThan(since) };
      const pending = await data.manager.find(OcspResponder, { select: { id: true }, where, order: { madeAt: 'DESC' }, take: AT_ONCE });
      const done = { certified: 0, refused: 0 };
      for (const { id } of pending) {
        try {
          if (await certify(id)) done.certified += 1;
        } catch (error) {
          // One that is refused keeps nobody else from being served.
          if (!(error instanceof XinyinError)) throw error;
          done.refused += 1;
        }
      }
      return done;
    },
  };
};
