/** What the bank tells: the statement of a day as it is fetched, and statement files as they are taken, by batches. */
import { readStatement } from '#bank-statements';
import { calendarDay } from '#domain';
import { receiveStatement, recordCredit, referenceDigest } from '#persistence';
import type { BusinessDeps } from '../deps.js';

export { statementActivities } from './statements.js';

export const bankActivities = ({ data, now, gateways, objects, ownAccounts }: BusinessDeps) => ({
  /** Fetches a day's statement and keeps it. What is in it is read when it is imported, like a file that a person brings. */
  async fetchStatement({ day }: { day: string }): Promise<{ sha256: string }> {
    const sha256 = await objects.put(await gateways.bank.statement(day));
    await data.transaction((tx) => receiveStatement(tx, { sha256, now: now(), from: { source: 'bank', day } }));
    return { sha256 };
  },

  /** Runs that began before files were kept: a day's statement in one step. `added` are credits still undecided. */
  async importStatement({ day }: { day: string }): Promise<{ lines: number; added: { creditId: string; referenceSha256: string }[] }> {
    const { entries } = await readStatement(await gateways.bank.statement(day), { now: now(), day: calendarDay(day), ownAccounts });
    return data.transaction(async (tx) => {
      const added: { creditId: string; referenceSha256: string }[] = [];
      for (const { identity, ...entry } of entries) {
        const credit = await recordCredit(tx, { ...entry, reference: identity }, 'statement', now());
        if (credit.state === 'recorded') added.push({ creditId: credit.id, referenceSha256: referenceDigest(identity) });
      }
      return { lines: entries.length, added };
    });
  },
});
