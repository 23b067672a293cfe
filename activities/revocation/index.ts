/** Revocation lists. Promises: numbers only grow, and the list on show is one that was signed for the state of the database then. */
import { days } from '#domain';
import { Certificate, PublishedCrl } from '#persistence';
import { revocationReason } from '#pki';
import type { PkiDeps } from '../deps.js';
import { sharingTheNext } from './sharing.js';

/** D: a list is good for a week and renewed twice a day, so that the pki worker may be away for days before anybody refuses a certificate. */
const LIST_LIFETIME_MS = days(7);

export const revocationActivities = ({ data, now, authority }: PkiDeps) => {
  async function publish(): Promise<{ number: number }> {
    return data.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 13))', ['published_crl']);
      const last = await tx.findOne(PublishedCrl, {
        where: { issuer: 'issuing' },
        select: { issuer: true, number: true },
        order: { number: 'DESC' },
      });
      const number = (last?.number ?? 0) + 1;
      const thisUpdate = new Date(Math.floor(now().getTime() / 1000) * 1000);
      const nextUpdate = new Date(thisUpdate.getTime() + LIST_LIFETIME_MS);
      // No more of each row than the list says.
      const said = { id: true, serial: true, revokedAt: true, revocationReason: true } as const;
      const revoked = await tx.find(Certificate, { where: { state: 'revoked' }, select: said });
      const der = authority.crl({
        number,
        thisUpdate,
        nextUpdate,
        revoked: revoked.map((row) => ({
          serial: row.serial,
          date: row.revokedAt ?? thisUpdate,
          reason: revocationReason(row.revocationReason),
        })),
      });
      await tx.insert(PublishedCrl, { issuer: 'issuing', number, thisUpdate, nextUpdate, der });
      return { number };
    });
  }
  const shared = sharingTheNext(publish);
  return { publishCrl: (): Promise<{ number: number }> => shared() };
};
