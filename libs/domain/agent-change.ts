/**
 * 经办人变更: a case goes on with another agent, or with another phone of the same one. The guide says nothing of it: all is policy (D), as
 * data. Who asks is never the one who approves, and nothing changes before the new phone has been proven.
 */
import type { Channel } from './businesses/definition.js';
import type { FeeRequest } from './fees.js';
import type { Material } from './materials.js';
import type { Stage } from './stages.js';
import { days } from './time.js';

interface Kind {
  readonly zh: string;
  readonly en: string;
  /** Over which channel it may be asked for: the agent's own session, a clerk at a window, customer service. */
  readonly channels: readonly Channel[];
  readonly materials: readonly Material[];
  /** What is paid for it, beside the case's own order. */
  readonly fees: readonly FeeRequest[];
  /** Where a case takes none. */
  readonly refusedIn: readonly Stage[];
}

export const agentChangeKinds = {
  'other-agent': {
    zh: '移交其他经办人',
    en: 'handing over to another agent',
    channels: ['online', 'window'],
    materials: ['authorisation-letter'],
    fees: [],
    // From the first key on until the token is in the hands of whom the review has seen. What is mailed goes to the reviewed address.
    refusedIn: ['issuance', 'hand-over', 'approval', 'unlocking', 'closed'],
  },
  'lost-phone': {
    zh: '更换经办人手机号码',
    en: 'a new phone of the same agent',
    channels: ['window', 'telephone'],
    materials: [],
    fees: [],
    // An unlocking stands on the phone that was called back for it: it is opened anew for the new one.
    refusedIn: ['approval', 'unlocking', 'closed'],
  },
} as const satisfies Record<string, Kind>;
export type AgentChangeKind = keyof typeof agentChangeKinds;

export function takesAgentChange(kind: AgentChangeKind, stage: Stage): boolean {
  const refused: readonly Stage[] = agentChangeKinds[kind].refusedIn;
  return !refused.includes(stage);
}

export function asksForAgentChange(kind: AgentChangeKind, channel: Channel): boolean {
  const channels: readonly Channel[] = agentChangeKinds[kind].channels;
  return channels.includes(channel);
}

/** Which number of the organisation customer service has called: never the one that is said to be lost. */
export const callBackNumbers = {
  'delivery-phone': { zh: '申请表中的收件电话', en: 'the telephone for delivery on the form' },
  'public-register': { zh: '企业公示系统登记电话', en: 'the number in the public register of enterprises' },
} as const;
export type CallBackNumber = keyof typeof callBackNumbers;

/** Why a change ended that nobody refused. */
export const lateAgentChange = { zh: '逾期未完成', en: 'it was not completed in time' } as const;

export const agentChangeRefusals = {
  'identity-doubtful': { zh: '无法确认申请人身份', en: 'it is doubtful who asks' },
  'letter-insufficient': { zh: '授权书不符合要求', en: 'the letter of authorisation is not sufficient' },
  'not-asked-for': { zh: '单位未申请变更', en: 'the organisation did not ask for it' },
  'opened-by-mistake': { zh: '误操作', en: 'it was asked for by mistake' },
} as const;
export type AgentChangeRefusal = keyof typeof agentChangeRefusals;

/** What the second person says. Rejected, it is also stopped after it was approved, as long as the new phone is not proven. */
export type AgentChangeDecision =
  | { readonly changeId: string; readonly outcome: 'approved'; readonly by: string }
  | { readonly changeId: string; readonly outcome: 'rejected'; readonly reason: AgentChangeRefusal; readonly by: string };

/** `recorded`: as it came in, before the case has taken it. */
export const agentChangeStates = ['recorded', 'asked', 'approved', 'applied', 'rejected', 'expired', 'case-ended'] as const;
export type AgentChangeState = (typeof agentChangeStates)[number];

/** D: how long it waits for the second person, and then for the new phone. */
export const agentChangeLife = { decisionMs: days(3), confirmationMs: days(7) } as const;
