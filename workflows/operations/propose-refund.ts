/** 办结后退费: finance gives back of what was earned. The refund that comes of it waits for another person in a run of its own. */
import type { RefundProposalInput } from '../contract/index.js';
import { records } from '../stages/proxies.js';

export async function proposeRefund(proposal: RefundProposalInput): Promise<{ refundIds: string[] }> {
  return records.proposeRefund(proposal);
}
