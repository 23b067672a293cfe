/** What the two phones are told. */
import { agentChangeKinds, agentChangeRefusals } from '#domain';
import { AgentChange, AgentChangeDecisionRow } from '#persistence';
import type { EntityManager } from 'typeorm';

const LATE = { zh: '逾期未完成', en: 'it was not completed in time' };

export async function changeWords(tx: EntityManager, changeId: string): Promise<{ change: string; reason: string; oldPhone: string }> {
  const { kind, oldPhone } = await tx.findOneByOrFail(AgentChange, { id: changeId });
  const refused = await tx.findOneBy(AgentChangeDecisionRow, { changeId, outcome: 'rejected' });
  const reason = refused?.reason ? agentChangeRefusals[refused.reason].zh : LATE.zh;
  return { change: agentChangeKinds[kind].zh, reason, oldPhone };
}

/** For the timeline: what kind of change it is. */
export function kindWords({ kind }: Pick<AgentChange, 'kind'>): { change: string; changeEn: string } {
  const { zh, en } = agentChangeKinds[kind];
  return { change: zh, changeEn: en };
}

export const endWords = {
  expired: { reason: LATE.zh, reasonEn: LATE.en },
  'case-ended': { reason: '申请已结束', reasonEn: 'the case has ended' },
} as const;
