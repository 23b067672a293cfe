/** What an address may ask for without having shown who it is, however many processes it asks. */
import { XinyinError } from '#domain';
import { takeAllowance } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { ApiContext } from './context.js';

export interface AddressRule {
  /** How often in a window of time, which begins with the first. */
  readonly perAddress: number;
  readonly windowMs: number;
}

/** Counts one more of `what`. @throws XinyinError ADDRESS_LIMIT with the seconds until the next */
export async function allowAddress(
  tx: EntityManager,
  context: Pick<ApiContext, 'now' | 'blind'>,
  { what, address, perAddress, windowMs }: AddressRule & { what: 'sms' | 'challenge' | 'queue'; address: string },
): Promise<void> {
  const key = `${what}/address/${context.blind(address)}`;
  const taken = await takeAllowance(tx, { key, limit: perAddress, windowMs, gapMs: 0 }, context.now());
  if (!taken.granted) throw new XinyinError('ADDRESS_LIMIT', { params: { seconds: taken.retryAfterSeconds } });
}
