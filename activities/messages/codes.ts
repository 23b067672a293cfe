/** Codes and links that a case sends. Each is derived from a key, never stored: whoever sends it again sends the same. */
import { createHmac } from 'node:crypto';
import { codeFromDigest } from '#domain';
import { invoiceLinkToken, type SmsMessage } from '#persistence';
import type { BusinessDeps } from '../deps.js';

const derived = (codeKey: Buffer, of: string) => codeFromDigest(createHmac('sha256', codeKey).update(of).digest());

export const agentCode = (codeKey: Buffer, applicationId: string, attempt: number) =>
  derived(codeKey, `application/${applicationId}/${attempt}`);
export const agentChangeCode = (codeKey: Buffer, changeId: string, attempt: number) =>
  derived(codeKey, `agent-change/${changeId}/${attempt}`);
export const unlockCode = (codeKey: Buffer, applicationId: string) => derived(codeKey, `unlock/${applicationId}`);

/** What a message says beside the values that are kept of it. */
export function hiddenValues(
  { codeKey, apiUrl }: Pick<BusinessDeps, 'codeKey' | 'apiUrl'>,
  { template, applicationId, onceKey, values }: Pick<SmsMessage, 'template' | 'applicationId' | 'onceKey' | 'values'>,
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
    case 'invoice':
    case 'invoice-replaced':
    case 'invoice-reversed':
    case 'invoice-link':
      return { link: `${apiUrl}/api/v1/invoice-links/${invoiceLinkToken(codeKey, String(values['linkId']))}` };
    default:
      return {};
  }
}
