/** New certificates on a token at the holder's, by the assistant. The assistant's request comes in through the API; here the case moves on. */
import { Token } from '#persistence';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

export const installationActivities = ({ data, now }: RecordDeps) => ({
  async openInstallation({ applicationId, until }: { applicationId: string; until: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const move = { stage: 'installation', waitingFor: 'assistant', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'installation.opened', onceKey: 'installation' }, now());
    });
  },

  async confirmInstallation({ applicationId }: { applicationId: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const event = { action: 'installation.confirmed', onceKey: 'installed' } as const;
      const fresh = await moveCase(tx, application, { waitingFor: 'system', until: null }, event, now());
      if (fresh) await tx.update(Token, { applicationId, index: 1 }, { state: 'written', writtenAt: now() });
    });
  },
});
