/** Money that goes back: one person proposes it and another approves it, the bank pays it, or could not. */
import { fen, type Fen, type StaffId, type TransferFailure } from '#domain';
import { daysFor, minutesFor, shares } from '../assumptions.js';
import type { RefundKey } from '../deeds.js';
import type { SimulatedOffice } from '../office/office.js';
import type { Randomness } from '../time/randomness.js';
import type { Life } from '../time/timeline.js';
import type { MoneyTrail } from './trail.js';

export interface Refund {
  key: RefundKey;
  amountFen: Fen;
  state: 'due' | 'ordered' | 'failed' | 'paid';
  attempt: number;
  proposedBy: StaffId | null;
  payeeGivenBy: StaffId | null;
  lane: string;
}

/** The bank is not asked for ever: the third account is right. */
const MOST_ATTEMPTS = 3;
const FAILURE: TransferFailure = 'account-closed';

export class Refunds {
  readonly all: Refund[] = [];
  private readonly chance: Randomness;

  constructor(
    private readonly office: SimulatedOffice,
    private readonly trail: () => MoneyTrail,
  ) {
    this.chance = office.chance.stream('refunds');
  }

  owe(key: RefundKey, amountFen: Fen, { lane, proposedBy = null }: { lane: string; proposedBy?: StaffId | null }): void {
    const refund: Refund = { key, amountFen, state: 'due', attempt: 1, proposedBy, payeeGivenBy: null, lane };
    this.all.push(refund);
    const about = { ...(key.credit === null ? {} : { creditId: key.credit }), ...(key.caseId === null ? {} : { orderId: key.caseId }) };
    this.trail().move({ account: 'held', ...about }, { account: 'to-refund', ...about, refundId: nameOf(key) }, fen(amountFen));
    // In a moment of its own: what makes it due is recorded first.
    this.office.timeline.at(this.office.now, () => void this.office.timeline.live(this.goesBack(refund)));
  }

  private *goesBack(refund: Refund): Life {
    const { office, chance } = this;
    const { key, lane } = refund;
    // What was taken at a window has no account that it came from.
    if (key.credit === null) yield* this.giveAccount(refund);
    if (refund.proposedBy === null) yield* this.propose(refund);
    for (;;) {
      const hands = [refund.proposedBy, refund.payeeGivenBy].flatMap((person) => person ?? []);
      const { by, ends } = office.desk('finance').serve(office.now, minutesFor.refundApproval, hands);
      yield { until: ends };
      refund.state = 'ordered';
      office.note('refund-approved', lane, key.caseId ?? '', { refund: key, attempt: refund.attempt, by });
      yield { until: office.up(office.bankTime.after(office.inDays(daysFor.refundAtBank), chance.between(0, 60))) };
      if (refund.attempt >= MOST_ATTEMPTS || !chance.chance(shares.refundFails)) break;
      refund.state = 'failed';
      office.note('refund-failed', lane, key.caseId ?? '', { refund: key, attempt: refund.attempt, failure: FAILURE });
      refund.attempt += 1;
      yield* this.giveAccount(refund);
    }
    refund.state = 'paid';
    for (const { amountFen, ...place } of this.trail().standings({ refundId: nameOf(key) }))
      if (place.account === 'to-refund') this.trail().move(place, { ...place, account: 'refunded' }, amountFen);
    office.note('refund-paid', lane, key.caseId ?? '', { refund: key, attempt: refund.attempt });
  }

  /** What the office owes by itself: the first of two persons says so. */
  private *propose(refund: Refund): Life {
    const { office } = this;
    const { by, ends } = office.desk('finance').serve(office.now, minutesFor.refundApproval);
    yield { until: ends };
    refund.proposedBy = by;
    office.note('refund-proposed', refund.lane, refund.key.caseId ?? '', { refund: refund.key, attempt: refund.attempt, by });
  }

  private *giveAccount(refund: Refund): Life {
    const { office } = this;
    const { by, ends } = office.desk('finance').serve(office.now, minutesFor.refundAccount);
    yield { until: ends };
    Object.assign(refund, { state: 'due', proposedBy: refund.proposedBy ?? by, payeeGivenBy: by });
    office.note('refund-account-given', refund.lane, refund.key.caseId ?? '', { refund: refund.key, attempt: refund.attempt, by });
  }
}

const nameOf = ({ reason, caseId, credit }: RefundKey) => [reason, caseId, credit].join('/');
