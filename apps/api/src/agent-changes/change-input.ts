/** What is asked for, held against the case: the rules that can be told field by field. */
import {
  asksForAgentChange,
  checkForm,
  fieldError,
  requirePhone,
  takesAgentChange,
  stageRefused,
  XinyinError,
  type AgentChangeKind,
  type CallBackNumber,
  type Channel,
  type FieldError,
} from '#domain';
import type { AgentChange, Application } from '#persistence';
import { normalised, refuse } from '../drafts/drafts.service.js';
import { requireWindow } from '../window/hours.js';

export interface ChangeInput {
  kind: AgentChangeKind;
  agent: { name?: string; identityNumber?: string; phone: string };
  /** Which number of the organisation customer service has called back, and its word that it did. */
  calledNumber?: CallBackNumber;
  callBackConfirmed?: boolean;
  /** Where the clerk stands; at a window only. */
  window?: string;
}

export type Asked = Pick<AgentChange, 'kind' | 'channel' | 'window' | 'agentName' | 'identityNumber' | 'calledNumber' | 'newPhone'>;

/** @throws XinyinError STAGE_REFUSES, and INPUT_INVALID with every field that is wrong */
export function checked(application: Application, channel: Channel, input: ChangeInput, now: Date): Asked {
  const { kind, calledNumber } = input;
  if (!asksForAgentChange(kind, channel)) throw fieldError('kind', 'CHANNEL_REFUSED');
  if (!takesAgentChange(kind, application.stage)) throw stageRefused(application.stage);
  const newPhone = requirePhone(input.agent.phone, 'agent/phone');
  const { agent = {} } = normalised({ agent: input.agent });
  refuse([
    ...unchanged(application, { kind, phone: newPhone, identityNumber: agent.identityNumber }),
    ...(kind === 'other-agent' ? ofOther({ ...agent, phone: newPhone }, now) : ofSame(application, channel, agent)),
    ...calledBack(application, channel, input),
    ...standing(channel, input),
  ]);
  const other = kind === 'other-agent';
  return {
    ...{ kind, channel, newPhone, calledNumber: calledNumber ?? null },
    window: channel === 'window' ? requireWindow(input.window) : null,
    agentName: other ? (agent.name ?? null) : null,
    identityNumber: other ? (agent.identityNumber ?? null) : null,
  };
}

/** The same request again, field by field. */
export function requireSame(before: Pick<AgentChange, keyof Asked | 'applicationId'>, applicationId: string, input: ChangeInput): void {
  const { agent = {} } = normalised({ agent: input.agent });
  const other = input.kind === 'other-agent';
  const same =
    before.applicationId === applicationId &&
    before.kind === input.kind &&
    before.newPhone === agent.phone &&
    before.calledNumber === (input.calledNumber ?? null) &&
    before.window === (input.window ?? null) &&
    (!other || (before.agentName === agent.name && before.identityNumber === agent.identityNumber));
  if (!same) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
}

type Given = Partial<ChangeInput['agent']>;

function unchanged({ agentPhone, form }: Application, { kind, phone, identityNumber }: Given & { kind: AgentChangeKind }): FieldError[] {
  const errors: FieldError[] = [];
  if (phone === agentPhone) errors.push({ field: 'agent/phone', code: 'AGENT_UNCHANGED' });
  if (kind === 'other-agent' && identityNumber === form.agent.identityNumber)
    errors.push({ field: 'agent/identityNumber', code: 'AGENT_UNCHANGED' });
  return errors;
}

/** Another person: all that the form asks of an agent. */
function ofOther(agent: Given, now: Date): FieldError[] {
  const missing = (['name', 'identityNumber'] as const).filter((name) => agent[name] === undefined);
  return [
    ...missing.map((name): FieldError => ({ field: `agent/${name}`, code: 'FIELD_REQUIRED' })),
    ...checkForm({ agent }, { now, complete: false }),
  ];
}

/** The same person: at a window the card is looked at, and its number is that of the case. */
function ofSame({ form }: Application, channel: Channel, { name, identityNumber }: Given): FieldError[] {
  const errors: FieldError[] = name === undefined ? [] : [{ field: 'agent/name', code: 'FIELD_UNKNOWN' }];
  const field = 'agent/identityNumber';
  if (channel !== 'window') return identityNumber === undefined ? errors : [...errors, { field, code: 'FIELD_UNKNOWN' }];
  if (identityNumber === undefined) return [...errors, { field, code: 'FIELD_REQUIRED' }];
  return identityNumber === form.agent.identityNumber ? errors : [...errors, { field, code: 'AGENT_DIFFERS' }];
}

/** By telephone the organisation is called back, under a number that is not the lost one. */
function calledBack({ agentPhone, form }: Application, channel: Channel, { calledNumber, callBackConfirmed }: ChangeInput): FieldError[] {
  if (channel !== 'telephone') {
    const given = { calledNumber, callBackConfirmed };
    return Object.entries(given).flatMap(([field, value]) => (value === undefined ? [] : [{ field, code: 'FIELD_UNKNOWN' as const }]));
  }
  const errors: FieldError[] = [];
  if (calledNumber === undefined) errors.push({ field: 'calledNumber', code: 'FIELD_REQUIRED' });
  if (calledNumber === 'delivery-phone' && form.delivery.phone === agentPhone) errors.push({ field: 'calledNumber', code: 'FIELD_CHOICE' });
  if (callBackConfirmed !== true) errors.push({ field: 'callBackConfirmed', code: 'FIELD_REQUIRED' });
  return errors;
}

/** A window is named by whoever stands at one. */
function standing(channel: Channel, { window }: ChangeInput): FieldError[] {
  if (channel === 'window') return window === undefined ? [{ field: 'window', code: 'FIELD_REQUIRED' }] : [];
  return window === undefined ? [] : [{ field: 'window', code: 'FIELD_UNKNOWN' }];
}
