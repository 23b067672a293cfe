/** A day's reconciliation on paper. What stands in it is read and decided as for the screen. */
import { reconcile, requireDay } from '#domain';
import { readDay } from '#persistence';
import type { DocumentDeps } from '../deps.js';

export const reconciliationActivities = ({ data, now, documents, objects }: DocumentDeps) => ({
  async printReconciliation({ day }: { day: string }): Promise<{ sha256: string }> {
    const facts = await readDay(data.manager, requireDay(day, 'day'));
    return { sha256: await objects.put(await documents.reconciliation({ ...reconcile(facts), generatedAt: now().toISOString() })) };
  },
});
