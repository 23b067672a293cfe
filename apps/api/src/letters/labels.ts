/** Labels that bear an account's one-time password: taken to the printer once; printed again only with a new password. */
import { XinyinError } from '#domain';
import { appendAudit, Certificate, DispatchItem, DocumentRow, TokenLabel } from '#persistence';
import { labelWorkflowId, queues, workflowTypes, type ReprintInput } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { EntityManager } from 'typeorm';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

const START_WITHIN_MS = 3_000;

@Injectable()
export class Labels {
  constructor(private readonly context: ApiContext) {}

  /** Hands the label out and keeps no copy. */
  async take({ staffId }: Staff, applicationId: string, index: number): Promise<Buffer> {
    const { data, objects, now } = this.context;
    const { sha256, pdf } = await data.transaction(async (tx) => {
      const label = await hold(tx, applicationId, index);
      if (label.printedAt !== null) throw new XinyinError('LABEL_PRINTED');
      const place = { owner: `application/${applicationId}`, kind: 'token-label', index };
      const row = await tx.findOneBy(DocumentRow, place);
      if (!row) throw new XinyinError('NOT_FOUND');
      const pdf = await objects.get(row.sha256);
      await tx.update(TokenLabel, { applicationId, index }, { printedAt: now(), printedBy: staffId });
      await tx.delete(DocumentRow, place);
      await appendAudit(tx, {
        ...{ subject: `application/${applicationId}`, at: now(), actor: { kind: 'staff', id: staffId } },
        ...{ action: 'label.printed', details: { index, reset: label.resets }, onceKey: `label-printed/${index}/${label.resets}` },
      });
      return { sha256: row.sha256, pdf };
    });
    await objects.remove(sha256);
    return pdf;
  }

  /** Only while the letter is here. The label can be taken when the platform has answered. Asked again meanwhile, it is the same reset. */
  async reprint({ staffId: by }: Staff, applicationId: string, index: number): Promise<void> {
    const { data, engine } = this.context;
    const item = await data.manager.findOneBy(DispatchItem, { applicationId });
    const isThere = await data.manager.existsBy(Certificate, { applicationId, index, kind: 'signing' });
    if (!item || !isThere) throw new XinyinError('NOT_FOUND');
    if (item.state !== 'bound' && item.state !== 'packed') throw new XinyinError('LABEL_NOT_HERE');
    const label = await data.manager.findOneBy(TokenLabel, { applicationId, index });
    // Not taken yet: that one is still to be printed.
    if (label?.printedAt === null) return;
    const input: ReprintInput = { applicationId, index, reset: (label?.resets ?? 0) + 1, by };
    try {
      await engine.withDeadline(Date.now() + START_WITHIN_MS, () =>
        engine.workflow.start(workflowTypes.reprintLabel, {
          workflowId: labelWorkflowId(applicationId, index, input.reset),
          taskQueue: queues.business,
          args: [input],
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          staticSummary: '重印标签 Print a label again',
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}

/** A label of before its printing was counted has not been counted yet. */
async function hold(tx: EntityManager, applicationId: string, index: number): Promise<TokenLabel> {
  if (!(await tx.existsBy(Certificate, { applicationId, index }))) throw new XinyinError('NOT_FOUND');
  const row = { applicationId, index, resets: 0, printedAt: null, printedBy: null };
  await tx.createQueryBuilder().insert().into(TokenLabel).values(row).orIgnore().execute();
  return tx.findOneOrFail(TokenLabel, { where: { applicationId, index }, lock: { mode: 'pessimistic_write' } });
}
