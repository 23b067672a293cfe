import { readInput } from '../contract-check.js';
import { smsContract } from './contract.js';

export interface SmsGateway {
  /** The same idempotency key sends one message, however often it is called. */
  send(message: { idempotencyKey: string; phone: string; text: string; template: string }): Promise<{ messageId: string }>;
}

export interface SmsReceipt {
  messageId: string;
  status: 'delivered' | 'failed';
  /** ISO instant, UTC. */
  at: string;
}

/** @throws XinyinError INPUT_INVALID */
export function parseSmsReceipt(body: unknown): SmsReceipt {
  const receipt = readInput(smsContract.receipt, body);
  return { ...receipt, at: new Date(receipt.at).toISOString() };
}
