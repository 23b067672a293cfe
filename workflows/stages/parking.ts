/** A case that stops: a step failed that no retry can mend, or an operator holds it. Resumed, it goes on where it stopped. */
import { HELD, holdReasons, isHold, isResumption, resumeReasons, type Hold, type Resumption, type Stage, type Waiter } from '#domain';
import { condition } from '@temporalio/workflow';
import { holdCase, resumeCase } from '../contract/index.js';
import { records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

/** The case, as far as parking needs it. */
export interface Parkable {
  readonly applicationId: string;
  readonly stage: Stage;
  readonly waitingFor: Waiter;
  waitFor(waiter: Waiter): void;
}

const words = (reasons: object) => `{"reason": "${Object.keys(reasons).join('|')}", "by": "<staff id>"}`;

export class Parking {
  /** A code of the table of errors, or `HELD`. */
  reason: string | null = null;
  /** Whom the case waits for when it goes on. */
  private before: Waiter = 'system';
  private resumptions = 0;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly current: Parkable) {
    onUpdate(
      resumeCase,
      (request) => this.resume(request),
      (request) => {
        refuseUnless(isResumption(request), 'INPUT_INVALID');
        refuseUnless(this.reason !== null, 'STAGE_REFUSES');
      },
      `Operators: try the parked step again, or let a held case go on. ${words(resumeReasons)}`,
    );
    onUpdate(
      holdCase,
      (request) => this.hold(request),
      (request) => {
        refuseUnless(isHold(request), 'INPUT_INVALID');
        refuseUnless(this.reason === null && current.stage !== 'closed', 'STAGE_REFUSES');
      },
      `Operators: do no further step until resumed. ${words(holdReasons)}`,
    );
  }

  get held(): boolean {
    return this.reason === HELD;
  }

  /** Resolves when the case is no longer held. */
  async passed(): Promise<void> {
    await condition(() => !this.held);
  }

  /** While it is held the case waits for a person of the office, whoever it would wait for. */
  instead(waiter: Waiter): Waiter {
    if (!this.held || waiter === 'staff') return waiter;
    this.before = waiter;
    return 'staff';
  }

  async park(code: string): Promise<void> {
    const resumption = await this.inTurn(async () => {
      // Steps side by side may be parked together: then the first knows whom the case waited for.
      if (this.reason === null) this.before = this.current.waitingFor;
      this.reason = code;
      await records.parkCase({ applicationId: this.current.applicationId, code });
      this.current.waitFor('staff');
      return this.resumptions + 1;
    });
    await condition(() => this.resumptions >= resumption);
    this.current.waitFor(this.before);
  }

  /** A case that ends is held no longer. */
  release(): void {
    if (this.held) this.reason = null;
  }

  private async hold(hold: Hold): Promise<void> {
    await this.inTurn(async () => {
      // Something failed, or the case ended, while this waited for its turn.
      if (this.reason !== null || this.current.stage === 'closed') return;
      this.before = this.current.waitingFor;
      this.reason = HELD;
      await records.parkCase({ applicationId: this.current.applicationId, code: HELD, hold }).catch((refused: unknown) => {
        // By somebody who does not work here: the case goes on as if nothing had been sent.
        this.reason = null;
        throw refused;
      });
      this.current.waitFor('staff');
    });
  }

  private async resume({ reason, by }: Resumption): Promise<void> {
    await this.inTurn(async () => {
      const { held } = this;
      // A parked step is tried again at once; a held case goes on waiting for whom it waited.
      const waitingFor = held ? this.before : 'system';
      await records.resumeCase({ applicationId: this.current.applicationId, reason, by, waitingFor });
      this.reason = null;
      this.resumptions += 1;
      if (held) this.current.waitFor(this.before);
    });
  }

  /** Parking and resuming write one row: side by side, the row would keep what was written last and not what is true. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}
