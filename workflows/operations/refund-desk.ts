/** A refund as its run sees it: who may decide, which order the bank has, and what it has said. */
import { isResumption, mayDecideRefund, type RefundHands, type Resumption } from '#domain';
import { ActivityFailure, ApplicationFailure, allHandlersFinished, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import {
  decideRefund,
  paymentReported,
  redirectRefund,
  refundView,
  refundWithdrawn,
  resumeRefund,
  type PaymentNotice,
  type RefundView,
} from '../contract/index.js';
import { InvoicesAwaited } from '../stages/invoices-awaited.js';
import { outside, records } from '../stages/proxies.js';
import { onUpdate, refuseUnless } from '../stages/updates.js';

/** D: how long the bank's word is waited for before it is asked. */
const ASK_AFTER = '1 day';
type Outcome = 'approved' | 'rejected';
interface Standing {
  state: string;
  attempt: number;
  proposedBy: string | null;
  /** Histories of before say nothing of it: whoever gave an account stood in the proposer's place. */
  payeeGivenBy?: string | null;
  payable: boolean;
  rejectable: boolean;
}

export class RefundDesk {
  private state: RefundView['state'] = 'opening';
  private attempt = 1;
  private hands: RefundHands = { proposedBy: null, payeeGivenBy: null };
  private payable = false;
  private rejectable = false;
  private decided: 'approved' | 'withdrawn' | null = null;
  private readonly reports: PaymentNotice[] = [];
  private resumed = false;
  private readonly invoices = new InvoicesAwaited();
  private invoiced: { invoiceId: string; applicationId: string; left: boolean } | undefined;

  constructor(private readonly refundId: string) {
    setHandler(refundView, () => ({ state: this.state, attempt: this.attempt }));
    setHandler(refundWithdrawn, () => void (this.decided = 'withdrawn'));
    // What is told of an earlier order, or told again, changes nothing here; the API has noted it.
    setHandler(paymentReported, (notice) => {
      if (notice.attempt === this.attempt) this.reports.push(notice);
    });
    onUpdate(
      decideRefund,
      (decision) => this.decide(decision),
      ({ outcome, by }) => {
        // Its row is seen before its run has read it: that is no refusal, but a moment too early.
        refuseUnless(this.state !== 'opening', 'UNAVAILABLE');
        refuseUnless(this.state === 'due', this.state === 'deciding' || this.state === 'paying' ? 'ALREADY_DECIDED' : 'STAGE_REFUSES');
        refuseUnless(mayDecideRefund(this.hands, by), 'FOUR_EYES');
        if (outcome === 'approved') refuseUnless(this.payable, 'REFUND_PAYEE_MISSING');
        else refuseUnless(this.rejectable, 'STAGE_REFUSES');
      },
    );
    onUpdate(
      redirectRefund,
      ({ payeeId }) => this.redirect(payeeId),
      () => {
        refuseUnless(this.state !== 'opening', 'UNAVAILABLE');
        refuseUnless(this.state === 'due' || this.state === 'failed', 'STAGE_REFUSES');
      },
    );
    onUpdate(
      resumeRefund,
      (resumption) => this.resume(resumption),
      (resumption) => {
        refuseUnless(isResumption(resumption), 'INPUT_INVALID');
        refuseUnless(this.state === 'unclear' && !this.resumed, 'STAGE_REFUSES');
      },
      'Operators: give the bank the same order again, under its own key. {"reason": "outside-answered", "by": "<staff id>"}',
    );
  }

  async open(): Promise<void> {
    const { refundId } = this;
    this.take(await records.openRefund({ refundId }));
  }

  /** Waits for two persons, or the second where a person had proposed it; for another account first, where the bank could not pay. */
  async decision(): Promise<'approved' | 'withdrawn'> {
    await condition(() => this.decided !== null);
    const { decided } = this;
    this.decided = null;
    return decided ?? 'withdrawn';
  }

  /** One order to the bank, until it has ended. */
  async payment(): Promise<'settled' | 'failed'> {
    const { refundId, attempt } = this;
    this.enter('paying');
    let known = await this.surely(() => outside.orderRefund({ refundId, attempt }));
    while (known.status === 'accepted') {
      const heard = await condition(() => this.reports.length > 0, ASK_AFTER, { summary: '等待银行回执 The bank’s word is due' });
      const told = heard ? this.reports.shift() : undefined;
      // A bank that took the order and has never heard of it is told again: the key is the same, so it pays once.
      known =
        told ??
        (await this.surely(async () => (await outside.askRefund({ refundId, attempt })) ?? outside.orderRefund({ refundId, attempt })));
    }
    if (known.status === 'settled') {
      this.invoiced = (await records.settleRefund({ refundId, attempt })) ?? undefined;
      return 'settled';
    }
    await records.failRefund({ refundId, attempt, failure: known.failure ?? 'other' });
    this.enter('failed');
    return 'failed';
  }

  async close(outcome: 'paid' | 'withdrawn'): Promise<'paid' | 'withdrawn'> {
    this.enter('closed');
    await this.tellOfInvoice();
    await condition(allHandlersFinished);
    return outcome;
  }

  /** What had been invoiced is taken back by a red invoice, and what is left invoiced anew: told once, when the last of them is made. */
  private async tellOfInvoice(): Promise<void> {
    if (this.invoiced === undefined) return;
    const { invoiceId, applicationId, left } = this.invoiced;
    await this.invoices.issued(invoiceId);
    const template = left ? 'invoice-replaced' : 'invoice-reversed';
    await outside.sendSms({ applicationId, template, onceKey: `invoice/${invoiceId}`, invoiceId });
  }

  private async decide({ outcome, by }: { outcome: Outcome; by: string }): Promise<void> {
    const { refundId, attempt } = this;
    this.state = 'deciding';
    try {
      const word = await records.decideRefund({ refundId, attempt, outcome, by });
      if (word !== 'proposed') this.decided = word;
      else {
        this.hands = { ...this.hands, proposedBy: by };
        this.enter('due');
      }
    } catch (error) {
      this.state = 'due';
      throw error;
    }
  }

  private async redirect(payeeId: string): Promise<void> {
    const { refundId, state } = this;
    this.state = 'deciding';
    try {
      this.take(await records.redirectRefund({ refundId, payeeId }));
    } catch (error) {
      this.state = state;
      throw error;
    }
  }

  private take({ proposedBy, payeeGivenBy = null, ...standing }: Standing): void {
    this.attempt = standing.attempt;
    this.hands = { proposedBy, payeeGivenBy };
    this.payable = standing.payable;
    this.rejectable = standing.rejectable;
    if (standing.state === 'withdrawn') this.decided = 'withdrawn';
    // Taken up by another run, after an operator ended the one before.
    if (standing.state === 'approved' || standing.state === 'ordered') this.decided = 'approved';
    this.enter('due');
  }

  /** What cannot be tried again tells nothing of whether the bank has paid. A person asks it; the same order goes out again, or its report comes. */
  private async surely(step: () => Promise<{ status: 'accepted' | 'settled' | 'failed'; failure?: PaymentNotice['failure'] }>) {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        const refused = error instanceof ActivityFailure ? error.cause : null;
        if (!(refused instanceof ApplicationFailure)) throw error;
        await records.noteUnclearRefund({ refundId: this.refundId, code: refused.type ?? 'INTERNAL' });
        this.enter('unclear');
        await condition(() => this.resumed || this.reports.length > 0);
        this.resumed = false;
        this.enter('paying');
        const told = this.reports.shift();
        if (told) return told;
      }
    }
  }

  private async resume({ reason, by }: Resumption): Promise<void> {
    await records.noteResumedRefund({ refundId: this.refundId, reason, by });
    this.resumed = true;
  }

  private enter(state: RefundView['state']): void {
    this.state = state;
    const waits = state === 'unclear' ? ' — ask the bank, then send the update `resumeRefund`' : '';
    setCurrentDetails(`**退款 Refund ${this.refundId}**: ${state}, order ${this.attempt}${waits}`);
  }
}
