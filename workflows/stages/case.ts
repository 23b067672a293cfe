/** A case as its stages see it: where it stands, what an operator reads of it, how it ends, how it is parked. */
import {
  businesses,
  days,
  shanghaiClock,
  stages,
  waiters,
  wayOf,
  type BusinessDefinition,
  type CancelReason,
  type Outcome,
  type Stage,
  type Waiter,
} from '#domain';
import type { UpdateDefinition } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  approveKeyRecovery,
  cancelCase,
  caseView,
  confirmFee,
  confirmInstallation,
  decideReview,
  formArrived,
  requestInstallation,
  searchAttributes,
  signHandOver,
  submitCorrection,
  takePayment,
  withdrawCase,
  type CaseInput,
  type CaseView,
} from '../contract/index.js';
import { now } from './clock.js';
import { Parking } from './parking.js';
import { outside, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

/** Who cancels a case, and why. */
export interface Cancellation {
  reason: CancelReason;
  by: string;
}

/** The one way a stage ends a case. Caught by `Case.run`, which turns it into the outcome. */
export class CaseEnded extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome);
  }
}

const notYet = (): never => {
  throw ApplicationFailure.nonRetryable('STAGE_REFUSES', 'STAGE_REFUSES');
};

/** Until its stage takes it over, a decision meets this refusal: the engine's own, for want of a handler, carries no code. */
function refuseUntilTheirStage(): void {
  const refuse = <Answer, Input>(decision: UpdateDefinition<Answer, [Input]>) => onUpdate(decision, notYet, notYet);
  refuse(decideReview);
  refuse(submitCorrection);
  refuse(confirmFee);
  refuse(takePayment);
  refuse(approveKeyRecovery);
  refuse(requestInstallation);
  refuse(confirmInstallation);
  refuse(signHandOver);
  refuse(formArrived);
}

export class Case {
  readonly definition: BusinessDefinition;
  /** From issuance on there is something to revoke, and nothing is taken back by closing the case. */
  private mayEnd = true;
  private readonly scope = new CancellationScope({ cancellable: true });
  private interruption: Outcome | null = null;
  private interrupting: Promise<void> = Promise.resolve();
  /** What a stage has done for a while only, and what takes it back when the case ends before its purpose. */
  onEarlyEnd: (() => Promise<void>) | null = null;
  /** Staff who entered the case or corrected it, took its money, set or waived its fee: they decide on nothing in it. */
  readonly hands = new Set<string>();
  /** How often a change of the agent has proven a new phone: whoever waits for the agent's proof has it then. */
  phonesProven = 0;
  stage: Stage;
  waitingFor: Waiter = 'system';
  private since = now();
  private until: Date | null = null;
  private readonly parking = new Parking(this);
  private outcome: Outcome | null = null;
  private agentCodes = 0;

  constructor(readonly input: CaseInput) {
    this.definition = businesses[input.business];
    this.stage = wayOf(input.business, input.channel)?.stages[0] ?? 'closed';
    if (input.enteredBy !== undefined) this.hands.add(input.enteredBy);
    setHandler(caseView, () => this.view(), { description: 'Where the case stands' });
    const refuseWhenIssued = () => refuseUnless(this.mayEnd && this.interruption === null && this.stage !== 'closed', 'STAGE_REFUSES');
    onUpdate(
      withdrawCase,
      () => this.interrupt('withdrawn', null),
      () => {
        // D: what a call has begun ends by paper; a phone in foreign hands lifts no suspension.
        refuseUnless(input.channel !== 'telephone', 'STAGE_REFUSES');
        refuseWhenIssued();
      },
    );
    onUpdate(cancelCase, ({ reason, by }) => this.interrupt('cancelled', { reason, by }), refuseWhenIssued);
    refuseUntilTheirStage();
  }

  get applicationId(): string {
    return this.input.applicationId;
  }

  /** Four eyes. A case that no member of staff has had in hand needs no name: the API and the database compare the phones. */
  mayDecide(by: string | undefined): boolean {
    return by === undefined ? this.hands.size === 0 : !this.hands.has(by);
  }

  /** Whom the records know to have had it in hand. Histories of before hold no answer. */
  takenInHand(known: { hands: readonly string[] } | undefined): void {
    for (const person of known?.hands ?? []) this.hands.add(person);
  }

  /** When the present stage has to be over, by the business's own deadlines. */
  deadline(stage: Stage): Date {
    return new Date(now().getTime() + days(this.definition.deadlineDays[stage] ?? 30));
  }

  /** Codes to the agent are numbered through the whole case: each number is one code, however often its sending is retried. */
  nextAgentCode(): number {
    this.agentCodes += 1;
    return this.agentCodes;
  }

  /** Notes the stage for operators. The row people look at is written by the stage's own activity. */
  enter(stage: Stage, waitingFor: Waiter, until: Date | null): void {
    this.stage = stage;
    this.since = now();
    this.waitFor(waitingFor, until);
  }

  waitFor(waiter: Waiter, until: Date | null = this.until): void {
    this.waitingFor = this.parking.instead(waiter);
    this.until = until;
    upsertSearchAttributes([
      { key: searchAttributes.stage, value: this.stage },
      { key: searchAttributes.waitingFor, value: this.waitingFor },
      { key: searchAttributes.dueAt, value: until },
    ]);
    this.describe();
  }

  /**
   * Does a step that must not lose the case: what cannot be retried parks it for a person, and the step is tried again when an
   * operator resumes. Steps are idempotent, so trying again does nothing twice.
   */
  async attempt<T>(step: () => Promise<T>): Promise<T> {
    for (;;) {
      // Not awaited otherwise: a turn more would put the commands of running cases in another order.
      if (this.parking.held) await this.parking.passed();
      try {
        return await step();
      } catch (error) {
        // A local activity's failure comes bare, another's wrapped.
        const failure = error instanceof ActivityFailure ? error.cause : error;
        const refused = failure instanceof ApplicationFailure;
        if (isCancellation(error) || !(refused || error instanceof ActivityFailure)) throw error;
        await this.parking.park(refused ? (failure.type ?? 'INTERNAL') : 'INTERNAL');
      }
    }
  }

  /** Withdrawn or cancelled: on its way to the end. */
  get ending(): boolean {
    return this.interruption !== null;
  }

  /** Called before the first key or certificate is made, or what is asked for is revoked. */
  beginIssuing(): void {
    // Taken back in this very moment: nothing is made any more.
    if (this.interruption !== null) this.end(this.interruption);
    this.mayEnd = false;
  }

  /** The business's own story, which a withdrawal or a cancellation breaks off wherever it waits. */
  async tell(story: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await this.scope.run(story);
    } catch (error) {
      const outcome = this.endedBy(error);
      if (outcome === null) throw error;
      // The row says why it ends before it says that it has ended.
      await this.interrupting;
      await this.onEarlyEnd?.();
      return outcome;
    }
  }

  private endedBy(error: unknown): Outcome | null {
    if (error instanceof CaseEnded) return error.outcome;
    return isCancellation(error) ? this.interruption : null;
  }

  private async interrupt(outcome: 'withdrawn' | 'cancelled', by: Cancellation | null): Promise<void> {
    this.interruption = outcome;
    const { applicationId } = this;
    this.interrupting = records.interruptCase({ applicationId, outcome, by });
    await this.interrupting;
    this.scope.cancel();
  }

  end(outcome: Outcome): never {
    throw new CaseEnded(outcome);
  }

  async close(outcome: Outcome): Promise<Outcome> {
    this.parking.release();
    await records.closeCase({ applicationId: this.applicationId, outcome });
    if (outcome === 'withdrawn' || outcome === 'cancelled') {
      const { applicationId } = this;
      await this.attempt(() => outside.sendSms({ applicationId, template: outcome, onceKey: outcome }));
    }
    this.outcome = outcome;
    this.parking.reason = null;
    this.enter('closed', 'nobody', null);
    return outcome;
  }

  private view(): CaseView {
    const { stage, waitingFor, outcome } = this;
    return {
      stage,
      waitingFor,
      since: this.since.toISOString(),
      until: this.until?.toISOString() ?? null,
      parkedReason: this.parking.reason,
      outcome,
    };
  }

  private describe(): void {
    const stage = stages[this.stage];
    const waiter = waiters[this.waitingFor];
    const lines = [
      `**${this.input.number}** · ${this.definition.zh} ${this.definition.en}`,
      `- 环节 Stage: ${stage.zh} ${stage.en}`,
      `- 等待 Waits for: ${waiter.zh} ${waiter.en}`,
      `- 自 Since: ${shanghaiClock(this.since)}`,
      `- 至 Until: ${this.until ? shanghaiClock(this.until) : '—'}`,
    ];
    if (this.parking.reason)
      lines.push(`- **已转人工 Parked: ${this.parking.reason}** — mend the cause, then send the update \`resumeCase\``);
    setCurrentDetails(lines.join('\n'));
  }
}
