/** Codes that a case sends. Each is derived from a key, never stored: whoever sends it again sends the same. */
import { createHmac } from 'node:crypto';
import { codeFromDigest } from '#domain';
import type { SmsMessage } from '#persistence';

const derived = (codeKey: Buffer, of: string) => codeFromDigest(createHmac('sha256', codeKey).update(of).digest());

export const agentCode = (codeKey: Buffer, applicationId: string, attempt: number) =>
  derived(codeKey, `application/${applicationId}/${attempt}`);
export const agentChangeCode = (codeKey: Buffer, changeId: string, attempt: number) =>
  derived(codeKey, `agent-change/${changeId}/${attempt}`);
export const unlockCode = (codeKey: Buffer, applicationId: string) => derived(codeKey, `unlock/${applicationId}`);

/** What a message says beside the values that are kept of it. */
export function hiddenValues(
  codeKey: Buffer,
  { template, applicationId, onceKey }: Pick<SmsMessage, 'template' | 'applicationId' | 'onceKey'>,
): Record<string, string> {
  if (applicationId === null) return {};
  const [of = '', attempt] = onceKey.split('/').slice(-2);
  switch (template) {
    case 'unlock-code':
      return { code: unlockCode(codeKey, applicationId) };
    case 'agent-code':
      return { code: agentCode(codeKey, applicationId, Number(attempt)) };
    case 'agent-change-code':
      return { code: agentChangeCode(codeKey, of, Number(attempt)) };
    default:
      return {};
  }
}
