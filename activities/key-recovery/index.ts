/** Approvals to let an encryption key come back from escrow. The pki worker counts them itself before it opens anything. */
import { KeyRecoveryApproval } from '#persistence';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

export const keyRecoveryActivities = ({ data, now }: RecordDeps) => ({
  async openKeyRecovery({ applicationId, until }: { applicationId: string; until: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'key-recovery', waitingFor: 'supervisor', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'key-recovery.opened', onceKey: 'key-recovery' }, now());
    });
  },

  async approveKeyRecovery({ applicationId, by }: { applicationId: string; by: string }): Promise<{ approvals: number }> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const row = { applicationId, approvedBy: by, approvedAt: now() };
      await tx.createQueryBuilder().insert().into(KeyRecoveryApproval).values(row).orIgnore().execute();
      const approvals = await tx.countBy(KeyRecoveryApproval, { applicationId });
      const actor = { kind: 'staff', id: by } as const;
      const event = { action: 'key-recovery.approved', details: { count: approvals }, actor, onceKey: `key-recovery/${by}` } as const;
      await moveCase(tx, application, {}, event, now());
      return { approvals };
    });
  },
});
