/** A message that did not arrive: the second operator once, then a person. Started when the first failed, or was silent for too long. */
import { ActivityFailure, ApplicationFailure, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { receiptCame, type MessageInput } from '../contract/index.js';
import { msUntil } from '../stages/clock.js';
import { delivering, records } from '../stages/proxies.js';

/** The rows go by the clock of a worker, the timer by the engine's. */
const CLOCKS_DIFFER_MS = 1000;

export async function deliverMessage({ messageId }: MessageInput): Promise<'delivered' | 'task'> {
  let news = false;
  setHandler(receiptCame, () => void (news = true));
  for (;;) {
    news = false;
    // The rows decide: a signal only says that they changed, and one that is lost costs no more than the wait.
    const step = await records.decideDelivery({ messageId });
    switch (step.do) {
      case 'nothing':
        return 'delivered';
      case 'task':
        return 'task';
      case 'wait':
        await condition(() => news, Math.max(msUntil(new Date(step.until)), CLOCKS_DIFFER_MS), {
          summary: '等待送达回执 A receipt is due',
        });
        break;
      case 'hand-over':
        await delivering.handToSecond({ messageId, provider: step.provider }).catch(async (error: unknown) => {
          if (isCancellation(error)) throw error;
          await records.recordNotTaken({ messageId, provider: step.provider, code: codeOf(error) });
        });
    }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? (error.cause.type ?? 'INTERNAL') : 'GATEWAY_UNAVAILABLE';
