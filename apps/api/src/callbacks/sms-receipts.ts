/** What SMS operators report: written down first; a workflow that waits for it is told, and looks for itself when it was not. */
import type { SmsProvider } from '#domain';
import type { SmsReceipt } from '#gateways';
import { recordReceipt } from '#persistence';
import { messageWorkflowId, receiptCame } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ApiContext } from '../platform/context.js';

/** The operator waits for our answer, and the row is written: the engine gets no longer than this. */
const TELL_WITHIN_MS = 2_000;

@Injectable()
export class SmsReceipts {
  constructor(private readonly context: ApiContext) {}

  async take(provider: SmsProvider, receipt: SmsReceipt): Promise<void> {
    const { data, metrics, now } = this.context;
    const { finding, followed } = await data.transaction((tx) => recordReceipt(tx, provider, receipt, now()));
    metrics.receipts.inc({ provider, finding });
    if (followed !== null && finding !== 'repeated') await this.tell(followed);
  }

  private async tell(messageId: string): Promise<void> {
    const { engine, log } = this.context;
    const workflow = engine.workflow.getHandle(messageWorkflowId(messageId));
    await engine
      .withDeadline(Date.now() + TELL_WITHIN_MS, () => workflow.signal(receiptCame))
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return;
        log.warn({ messageId, failure: error instanceof Error ? error.name : '' }, 'the message’s workflow will look for itself');
      });
  }
}
