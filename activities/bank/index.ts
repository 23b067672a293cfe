/** Credits as the bank tells them, by push or by statement. The bank's own reference is their identity: told twice, recorded once. */
import { recordCredit, referenceDigest } from '#persistence';
import type { BusinessDeps } from '../deps.js';

export const bankActivities = ({ data, now, gateways }: BusinessDeps) => ({
  /** Takes a day's statement whole. `added` are credits still undecided, so that a run that died tells the rest. */
  async importStatement({ day }: { day: string }): Promise<{ lines: number; added: { creditId: string; referenceSha256: string }[] }> {
    const entries = await gateways.bank.statement(day);
    return data.transaction(async (tx) => {
      const added: { creditId: string; referenceSha256: string }[] = [];
      for (const entry of entries) {
        const credit = await recordCredit(tx, entry, 'statement', now());
        if (credit.state === 'recorded') added.push({ creditId: credit.id, referenceSha256: referenceDigest(entry.reference) });
      }
      return { lines: entries.length, added };
    });
  },
});
