/** What the timeline says of a change. */
import { agentChangeKinds, lateAgentChange } from '#domain';
import type { AgentChange } from '#persistence';

export function kindWords({ kind }: Pick<AgentChange, 'kind'>): { change: string; changeEn: string } {
  const { zh, en } = agentChangeKinds[kind];
  return { change: zh, changeEn: en };
}

export const endWords = {
  expired: { reason: lateAgentChange.zh, reasonEn: lateAgentChange.en },
  'case-ended': { reason: '申请已结束', reasonEn: 'the case has ended' },
} as const;
