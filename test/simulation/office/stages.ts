/** What people do to a case: verify, review, correct, decide, hand over. Each stage takes the place of the workflow's stage of that name. */
import { fen, type Instant, type StaffId } from '#domain';
import { daysFor, minutesFor, shares } from '../assumptions.js';
import type { Served } from '../time/desk.js';
import type { SimulatedCase, Steps } from './case.js';
import type { SimulatedOffice } from './office.js';

export function* verifyPhone(office: SimulatedOffice, current: SimulatedCase): Steps {
  const { facts, chance } = current;
  const until = office.deadline(current, 'phone-verification');
  office.did(current, 'phone-opened', { until, known: facts.otherPhone === null });
  if (facts.otherPhone === null) return;
  office.enter(current, 'phone-verification', 'agent', until);
  office.tell(current, 'agent-code');
  const proven = chance.chance(shares.phoneNever) ? null : office.inDays(chance.waiting(daysFor.phone));
  yield* awaitBefore(office, proven, until, 'phone-unverified');
  office.did(current, 'phone-verified', {});
}

/** Any number of rounds; at a window by whoever had no hand in it, on the spot. */
export function* review(office: SimulatedOffice, current: SimulatedCase): Steps {
  for (let round = 1; ; round += 1) {
    const until = office.deadline(current, 'review');
    office.did(current, 'review-opened', { round, until });
    office.enter(current, 'review', 'reviewer', until);
    const { by, ends } = reviewedBy(office, current, round);
    yield { until: ends };
    const outcome = outcomeOf(current, round);
    office.did(current, 'review-decided', { round, outcome, by });
    if (outcome === 'approved') return;
    if (outcome === 'rejected') {
      office.tell(current, 'review-rejected');
      office.end('rejected');
    }
    yield* correction(office, current, round);
  }
}

function reviewedBy(office: SimulatedOffice, { facts, hands }: SimulatedCase, round: number): Served {
  if (facts.window !== null) return office.clerksAt(facts.window).serve(office.now, minutesFor.windowReview, hands);
  return office.desk('reviewer').serve(office.now, round === 1 ? minutesFor.review : minutesFor.reviewAgain, hands);
}

function outcomeOf({ chance }: SimulatedCase, round: number) {
  if (chance.chance(shares.rejected)) return 'rejected';
  return chance.chance(round === 1 ? shares.returned : shares.returnedAgain) ? 'returned' : 'approved';
}

function* correction(office: SimulatedOffice, current: SimulatedCase, round: number): Steps {
  const { chance } = current;
  const until = office.deadline(current, 'correction');
  office.did(current, 'correction-opened', { round, until });
  office.enter(current, 'correction', 'agent', until);
  office.tell(current, 'review-returned');
  const corrected = chance.chance(shares.correctionNever) ? null : office.inDays(chance.waiting(daysFor.correction));
  yield* awaitBefore(office, corrected, until, 'correction-expired');
  office.did(current, 'corrected', { round });
}

/** While the tariff publishes no amount, a supervisor sets it for the case. */
export function* confirmFee(office: SimulatedOffice, current: SimulatedCase): Steps<number> {
  const until = office.deadline(current, 'fee-confirmation');
  office.did(current, 'fee-confirmation-opened', { until });
  office.enter(current, 'fee-confirmation', 'supervisor', until);
  const { by, ends } = office.desk('supervisor').serve(office.now, minutesFor.feeConfirmation, current.hands);
  yield { until: ends };
  const amountFen = fen(current.chance.weighted(SET_FEES));
  office.did(current, 'fee-confirmed', { amountFen, by });
  current.hands.push(by);
  return amountFen;
}

/** D: as for a reissue, or nothing where the state has renamed the organisation. */
const SET_FEES = [
  [80, 5_000],
  [20, 0],
] as const;

/** Two persons, neither of whom had the case in hand. */
export function* approveKeyRecovery(office: SimulatedOffice, current: SimulatedCase): Steps {
  const until = office.deadline(current, 'key-recovery');
  office.did(current, 'key-recovery-opened', { until });
  office.enter(current, 'key-recovery', 'supervisor', until);
  const approved: StaffId[] = [];
  for (let person = 1; person <= 2; person += 1) {
    const { by, ends } = office.desk('supervisor').serve(office.now, minutesFor.keyRecovery, [...current.hands, ...approved]);
    yield { until: ends };
    approved.push(by);
    office.did(current, 'key-recovery-approved', { by });
  }
}

export function* handOver(office: SimulatedOffice, current: SimulatedCase): Steps {
  const { window } = current.facts;
  const until = office.deadline(current, 'hand-over');
  office.did(current, 'hand-over-opened', { until });
  office.enter(current, 'hand-over', 'clerk', until);
  if (window === null) throw new RangeError('handed over at a window only');
  const { by, ends } = office.clerksAt(window).serve(office.now, minutesFor.handOver);
  yield { until: ends };
  office.did(current, 'handed-over', { by });
  office.tell(current, 'handed-over');
}

/** By telephone, for a day; without the stamped form it ends by itself. */
export function* suspend(office: SimulatedOffice, current: SimulatedCase): Steps<'revoke' | 'lapsed'> {
  const { chance } = current;
  const until = office.deadline(current, 'suspension');
  const lift = () => {
    current.onEarlyEnd = null;
    office.did(current, 'subject-released', {});
    office.tell(current, 'lifted');
  };
  current.onEarlyEnd = lift;
  office.did(current, 'subject-suspended', { until });
  office.enter(current, 'suspension', 'clerk', until);
  office.tell(current, 'suspended');
  const { by, ends } = office.clerksAt('chengnan').serve(office.inDays(chance.between(0.05, 0.6)), minutesFor.entry);
  if (!chance.chance(shares.suspensionConfirmed) || ends >= until) {
    yield { until };
    lift();
    return 'lapsed';
  }
  yield { until: ends };
  office.did(current, 'form-arrived', { wish: 'revoke', by });
  current.hands.push(by);
  return 'revoke';
}

/** Customer service has called back; a second person says yes, and a code is good for an hour. */
export function* approveUnlock(office: SimulatedOffice, current: SimulatedCase): Steps {
  const until = office.deadline(current, 'approval');
  office.did(current, 'unlock-opened', { until });
  office.enter(current, 'approval', 'supervisor', until);
  const { by, ends } = office.desk('supervisor').serve(office.now, minutesFor.unlockApproval, current.hands);
  yield* awaitBefore(office, ends, until, 'unlock-expired');
  const outcome = current.chance.chance(shares.unlockRefused) ? 'rejected' : 'approved';
  office.did(current, 'unlock-decided', { outcome, by });
  if (outcome === 'approved') return;
  office.tell(current, 'review-rejected');
  office.end('rejected');
}

export function* unlockToken(office: SimulatedOffice, current: SimulatedCase): Steps {
  const { chance } = current;
  office.tell(current, 'unlock-code');
  const until = office.deadline(current, 'unlocking');
  office.did(current, 'unlocking-opened', { until });
  office.enter(current, 'unlocking', 'assistant', until);
  const typed = chance.chance(shares.unlockTooLate) ? null : new Date(office.now.getTime() + chance.whole(2, 50) * 60_000);
  yield* awaitBefore(office, typed, until, 'unlock-expired');
  current.mayEnd = false;
  office.did(current, 'redeemed', {});
}

/** Whoever does not come in time ends the case. */
export function* awaitBefore(
  office: SimulatedOffice,
  comes: Instant | null,
  until: Instant,
  otherwise: Parameters<SimulatedOffice['end']>[0],
): Steps {
  if (comes === null || comes >= until) {
    yield { until };
    office.end(otherwise);
  }
  yield { until: comes };
}
