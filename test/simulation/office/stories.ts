/** A case from its submission to its end, in each business: the simulation's own telling, which a sample holds against the real workflows. */
import { days, type BusinessSlug, type Outcome } from '#domain';
import { shares } from '../assumptions.js';
import { CaseEnded, type SimulatedCase, type Steps } from './case.js';
import {
  bindAndDispatch,
  complete,
  finish,
  install,
  invoice,
  issue,
  orderFee,
  payment,
  revokeSubject,
  takePayment,
  type Surroundings,
} from './making.js';
import { approveKeyRecovery, approveUnlock, confirmFee, handOver, review, suspend, unlockToken, verifyPhone } from './stages.js';

type Story = (around: Surroundings, current: SimulatedCase) => Steps<Outcome>;

function* newCertificate(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  const { office } = around;
  if (current.facts.channel === 'window') {
    yield* takePayment(around, current);
    yield* review(office, current);
  } else {
    yield* verifyPhone(office, current);
    yield* review(office, current);
    yield* payment(around, current);
  }
  issue(around, current);
  complete(around, current);
  invoice(around, current);
  yield* bindAndDispatch(around, current);
  return 'dispatched';
}

function* renewal(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  const { office } = around;
  if (current.facts.channel === 'window') {
    yield* takePayment(around, current);
    yield* review(office, current);
    issue(around, current);
    revokeSubject(around, current);
    return yield* handedOver(around, current);
  }
  orderFee(around, current);
  yield* verifyPhone(office, current);
  yield* review(office, current);
  yield* payment(around, current);
  yield* install(around, current);
  revokeSubject(around, current);
  finish(around, current);
  invoice(around, current);
  return 'installed';
}

function* change(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  const amountFen = yield* confirmFee(around.office, current);
  yield* takePayment(around, current, amountFen);
  yield* review(around.office, current);
  issue(around, current);
  revokeSubject(around, current);
  return yield* handedOver(around, current);
}

function* reissue(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  yield* takePayment(around, current);
  yield* review(around.office, current);
  revokeSubject(around, current);
  yield* approveKeyRecovery(around.office, current);
  issue(around, current);
  return yield* handedOver(around, current);
}

function* revocation(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  if (current.facts.channel === 'telephone' && (yield* suspend(around.office, current)) === 'lapsed') return 'lifted';
  yield* review(around.office, current);
  revokeSubject(around, current);
  finish(around, current);
  return 'revoked';
}

function* unlock(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  yield* approveUnlock(around.office, current);
  yield* unlockToken(around.office, current);
  finish(around, current);
  around.office.tell(current, 'unlocked');
  return 'unlocked';
}

function* handedOver(around: Surroundings, current: SimulatedCase): Steps<Outcome> {
  yield* handOver(around.office, current);
  finish(around, current);
  invoice(around, current);
  return 'handed-over';
}

const stories: Partial<Record<BusinessSlug, Story>> = {
  new: newCertificate,
  'renewal-valid': renewal,
  'renewal-expired': renewal,
  change,
  reissue,
  revocation,
  unlock,
};

/** Until its end, whatever that is. */
export function* lifeOf(around: Surroundings, current: SimulatedCase): Steps {
  const story = stories[current.facts.business];
  if (!story) throw new RangeError(`no story of ${current.facts.business}`);
  let outcome: Outcome;
  try {
    outcome = yield* story(around, current);
  } catch (error) {
    if (!(error instanceof CaseEnded)) throw error;
    current.onEarlyEnd?.();
    ({ outcome } = error);
  }
  close(around, current, outcome);
}

function close({ office, bank }: Surroundings, current: SimulatedCase, outcome: Outcome): void {
  current.mayEnd = false;
  office.did(current, 'closed', { outcome });
  if (current.completedAt === null) bank.settle(current);
  if (outcome === 'withdrawn' || outcome === 'cancelled') office.tell(current, outcome);
  office.enter(current, 'closed', 'nobody', null);
  Object.assign(current, { outcome, closedAt: office.now });
}

/** Some are taken back, and a few cancelled: possible until something is made for them; what a call began ends by paper. */
export function mayBeTakenBack({ office }: Surroundings, current: SimulatedCase): void {
  const { chance, facts } = current;
  const outcome = chance.chance(shares.withdrawn) ? 'withdrawn' : chance.chance(shares.cancelled) ? 'cancelled' : null;
  if (outcome === null || facts.channel === 'telephone') return;
  const when = office.up(new Date(office.now.getTime() + days(chance.between(0.02, 12))));
  office.timeline.at(when, () => {
    if (!current.mayEnd || current.outcome !== null) return;
    if (outcome === 'withdrawn') office.did(current, 'withdrawn', {});
    else office.did(current, 'cancelled', { by: SUPERVISOR });
    current.life?.interrupt(new CaseEnded(outcome));
  });
}

const SUPERVISOR = '00000000-0000-4000-a020-000000000001';
