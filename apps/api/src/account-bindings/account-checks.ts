/** The platform is asked whether an account and its password are right. Nobody guesses passwords through us. */
import { createHmac } from 'node:crypto';
import { findingRefusal, minutes, XinyinError } from '#domain';
import type { KindAccount } from '#gateways';
import { takeAllowance } from '#persistence';
import { Injectable } from '@nestjs/common';
import { ApiContext } from '../platform/context.js';

/** D: as for any password here, five tries in a quarter of an hour; right ones do not count. */
const TRIES = { limit: 5, windowMs: minutes(15), gapMs: 0 };

@Injectable()
export class AccountChecks {
  constructor(private readonly context: ApiContext) {}

  /** Answers the platform's word for the right password. @throws XinyinError naming what the platform found, or RATE_LIMITED */
  async require(given: KindAccount & { password: string }): Promise<string> {
    const { data, gateways, now, codeKey } = this.context;
    const digest = createHmac('sha256', codeKey).update(`${given.uscc} ${given.account}`).digest('hex');
    const key = `account/${digest}`;
    const tries = await takeAllowance(data.manager, { key, ...TRIES }, now());
    if (!tries.granted) throw new XinyinError('RATE_LIMITED', { params: { seconds: tries.retryAfterSeconds } });
    const { finding, checkId } = await gateways.platform.checkAccount(given);
    const refusal = findingRefusal(finding);
    if (refusal) throw new XinyinError(refusal);
    if (checkId === null) throw new XinyinError('GATEWAY_CONTRACT', { params: { system: 'platform', reason: 'check' } });
    await data.query('DELETE FROM allowance WHERE key = $1', [key]);
    return checkId;
  }
}
