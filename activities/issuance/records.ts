/** The beginning of issuance as people see it. */
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

export const issuanceRecordActivities = ({ data, now }: RecordDeps) => ({
  async startIssuance({ applicationId, until }: { applicationId: string; until: string }): Promise<{ count: number }> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'issuance', waitingFor: 'system', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'issuance.started', onceKey: 'issuance' }, now());
      return { count: application.form.certificates.count };
    });
  },
});
