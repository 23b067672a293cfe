import type { Receipt } from '#domain';
import { readInput } from '../contract-check.js';
import { smsContract } from './contract.js';

export interface SmsGateway {
  /** The same idempotency key sends one message, however often it is called. */
  send(message: { idempotencyKey: string; phone: string; text: string; template: string }): Promise<{ messageId: string }>;
}

export interface SmsReceipt extends Receipt {
  messageId: string;
}

/** A failure without a reason has the code `other`; a reason beside a delivery says nothing. @throws XinyinError INPUT_INVALID */
export function parseSmsReceipt(body: unknown): SmsReceipt {
  const { messageId, status, at, reason = 'other' } = readInput(smsContract.receipt, body);
  return { messageId, status, at: new Date(at), code: status === 'failed' ? reason : null };
}
