/** Whoever has asked the queue for an invoice waits here for its word: a timer would only ask again what a signal tells. */
import { condition, setHandler } from '@temporalio/workflow';
import { invoiceMade } from '../contract/index.js';
import { records } from './proxies.js';

export class InvoicesAwaited {
  private readonly made = new Map<string, 'issued' | 'refused'>();

  constructor() {
    setHandler(invoiceMade, ({ invoiceId, outcome }) => void this.made.set(invoiceId, outcome));
  }

  /** What was told so far is about a try that is over. Called before the next is asked for: what comes after that is about it. */
  forget(): void {
    this.made.clear();
  }

  /** Made, or refused by the service: then it may come again, once a person has had it tried again. */
  async outcome(invoiceId: string): Promise<'issued' | 'refused'> {
    await records.wakeInvoices({});
    return this.next(invoiceId);
  }

  /** For who has nothing to do about a refusal but to wait until a person has mended it. */
  async issued(invoiceId: string): Promise<void> {
    let outcome = await this.outcome(invoiceId);
    while (outcome === 'refused') outcome = await this.next(invoiceId);
  }

  private async next(invoiceId: string): Promise<'issued' | 'refused'> {
    await condition(() => this.made.has(invoiceId));
    const outcome = this.made.get(invoiceId) ?? 'refused';
    this.made.delete(invoiceId);
    return outcome;
  }
}
