/** What the platform's administrator decided: recorded first, then told to its case. The platform repeats it until both are done. */
import { XinyinError } from '#domain';
import type { BindingDecision } from '#gateways';
import { AccountBinding, Application, PlatformDecision } from '#persistence';
import { caseWorkflowId, decidePlatform } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';

@Injectable()
export class PlatformDecisions {
  constructor(
    private readonly context: ApiContext,
    private readonly decisions: Decisions,
  ) {}

  async take(told: BindingDecision): Promise<void> {
    const { applicationId, waits } = await this.context.data.transaction((tx) => this.record(tx, told));
    // A case that was taken back meanwhile was taken back at the platform too: there is nothing left to decide.
    if (!waits) return;
    const { decisionId } = told;
    await this.decisions.send(caseWorkflowId(applicationId), decidePlatform, `platform/${decisionId}`, { decisionId });
  }

  private async record(tx: EntityManager, told: BindingDecision) {
    const { decisionId: id, reference: applicationId, submissionId, decision, reason, decidedAt } = told;
    const where = { id: applicationId, business: 'account-binding' as const };
    const application = await tx.findOne(Application, { where, lock: { mode: 'pessimistic_write' } });
    const binding = application && (await tx.findOneBy(AccountBinding, { applicationId }));
    // The platform's answer to the submission may still be on its way; once it is known, it is what is decided on.
    const foreign = binding !== null && binding.submissionId !== null && binding.submissionId !== submissionId;
    if (!application || foreign) throw new XinyinError('NOT_FOUND');
    const before = await tx.findOneBy(PlatformDecision, { applicationId });
    if (before && before.id !== id) throw new XinyinError('ALREADY_DECIDED');
    if (before && (before.decision !== decision || before.reason !== reason)) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
    if (!before) {
      const at = { decidedAt: new Date(decidedAt), receivedAt: this.context.now(), appliedAt: null };
      await tx.insert(PlatformDecision, { id, applicationId, submissionId, decision, reason, ...at });
    }
    return { applicationId, waits: application.stage !== 'closed' && (before === null || before.appliedAt === null) };
  }
}
