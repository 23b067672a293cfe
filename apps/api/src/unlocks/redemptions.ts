/**
 * A code for an answer. Promises: a code is good for one certificate, one challenge, one hour and five attempts; the same request again
 * gets the same answer, because whoever lost it has no other code.
 */
import { serialOf, XinyinError } from '#domain';
import { Application, UnlockRedemption } from '#persistence';
import { caseWorkflowId, redeemUnlock } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { SmsCodes } from '../login/sms-codes.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';

export interface Redemption {
  serial: string;
  code: string;
  challenge: string;
}

@Injectable()
export class UnlockRedemptions {
  constructor(
    private readonly context: ApiContext,
    private readonly codes: SmsCodes,
    private readonly decisions: Decisions,
  ) {}

  /** @throws XinyinError CODE_EXPIRED for whatever is not open to this code: the caller has shown nothing else. CODE_WRONG, CODE_EXHAUSTED */
  async redeem({ serial, code, challenge }: Redemption): Promise<{ answer: string }> {
    const { manager } = this.context.data;
    const { id: applicationId, agentPhone } = await this.open(serialOf(serial));
    const codeId = await this.codes.prove(`unlock/${applicationId}`, agentPhone, code);
    const row = { applicationId, codeId, challenge, redeemedAt: this.context.now() };
    await manager.createQueryBuilder().insert().into(UnlockRedemption).values(row).orIgnore().execute();
    const kept = await manager.findOneByOrFail(UnlockRedemption, { applicationId });
    if (kept.challenge !== challenge) throw new XinyinError('CODE_EXPIRED');
    if (kept.answer !== null) return { answer: kept.answer };
    await this.decisions.send(caseWorkflowId(applicationId), redeemUnlock, codeId, { codeId }, 'CODE_EXPIRED');
    const { answer } = await manager.findOneByOrFail(UnlockRedemption, { applicationId });
    if (answer === null) throw new XinyinError('CODE_EXPIRED');
    return { answer };
  }

  /** The ticket that waits for a code, or the last one that was answered. */
  private async open(subjectSerial: string | null): Promise<Application> {
    if (subjectSerial === null) throw new XinyinError('CODE_EXPIRED');
    const of = { business: 'unlock' as const, subjectSerial };
    const found = await this.context.data.manager.findOne(Application, {
      where: [
        { ...of, stage: 'unlocking' },
        { ...of, outcome: 'unlocked' },
      ],
      order: { submittedAt: 'DESC' },
    });
    if (!found) throw new XinyinError('CODE_EXPIRED');
    return found;
  }
}
