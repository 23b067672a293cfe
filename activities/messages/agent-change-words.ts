/** What the two phones are told of a change of the agent. */
import { agentChangeKinds, agentChangeRefusals, lateAgentChange } from '#domain';
import { AgentChange, AgentChangeDecisionRow } from '#persistence';
import type { EntityManager } from 'typeorm';

export async function changeWords(tx: EntityManager, changeId: string): Promise<{ change: string; reason: string; oldPhone: string }> {
  const { kind, oldPhone } = await tx.findOneByOrFail(AgentChange, { id: changeId });
  const refused = await tx.findOneBy(AgentChangeDecisionRow, { changeId, outcome: 'rejected' });
  const reason = refused?.reason ? agentChangeRefusals[refused.reason].zh : lateAgentChange.zh;
  return { change: agentChangeKinds[kind].zh, reason, oldPhone };
}
