/** A case whose workflow was ended from outside. Promises: whatever it did for a while only is found in its rows, since it can say nothing. */
import { AccountBinding, AgentChange, Application, AuditEntry, standingOf } from '#persistence';
import { In, type EntityManager } from 'typeorm';
import type { RecordDeps } from '../deps.js';
import { subjectOf } from '../predecessor/index.js';

export interface LeftBehind {
  /** Its certificate is suspended, by this case. */
  suspension: boolean;
  /** Its account waits for the platform. */
  binding: boolean;
  /** A change of the agent that was asked for, or approved and not in effect yet. */
  agentChangeId: string | null;
}

export const terminationActivities = ({ data }: RecordDeps) => ({
  async findLeftBehind({ applicationId }: { applicationId: string }): Promise<LeftBehind> {
    const { manager } = data;
    const application = await manager.findOneByOrFail(Application, { id: applicationId });
    const change = await manager.findOneBy(AgentChange, { applicationId, state: In(['asked', 'approved']) });
    return {
      suspension: await suspends(manager, application),
      binding: await manager.existsBy(AccountBinding, { applicationId, state: 'pending' }),
      agentChangeId: change?.id ?? null,
    };
  },
});

/** One call at a time suspends a certificate. What was revoked for good meanwhile stays revoked. */
async function suspends(manager: EntityManager, application: Application): Promise<boolean> {
  const said = (action: string) => manager.existsBy(AuditEntry, { subject: `application/${application.id}`, action });
  if (!(await said('certificate.held')) || (await said('certificate.released'))) return false;
  return standingOf(await subjectOf(manager, application)).state === 'held';
}
