/** From the money to the holder: orders, payment, issuing, completion, the invoice, the letter. */
import {
  businesses,
  dispatchDay,
  fen,
  notAfterBy,
  priceFees,
  shanghaiDay,
  totalFen,
  type BusinessDefinition,
  type Fen,
  type TariffItem,
} from '#domain';
import { daysFor, minutesFor, shares } from '../assumptions.js';
import type { Bank } from '../money/bank.js';
import type { Payers } from '../money/payers.js';
import type { Desk } from '../time/desk.js';
import type { IssuedPair, SimulatedCase, Steps } from './case.js';
import type { Fridays } from './friday.js';
import type { SimulatedOffice } from './office.js';
import { awaitBefore } from './stages.js';

/** What the stages work with. */
export interface Surroundings {
  office: SimulatedOffice;
  bank: Bank;
  payers: Payers;
  fridays: Fridays;
  tariff: readonly TariffItem[];
}

function feeOf({ tariff, office }: Surroundings, { facts }: SimulatedCase): Fen {
  const definition: BusinessDefinition = businesses[facts.business];
  const requests = definition.fees({ count: facts.count, years: facts.years });
  return totalFen(priceFees(requests, tariff, shanghaiDay(office.now)));
}

/** With the submission: who pays early has paid. */
export function orderFee(around: Surroundings, current: SimulatedCase): void {
  const until = around.office.deadline(current, 'payment');
  around.office.did(current, 'fee-ordered', { until });
  around.bank.open(current, feeOf(around, current), until);
}

export function* payment(around: Surroundings, current: SimulatedCase): Steps {
  const { office, bank, payers } = around;
  const until = office.deadline(current, 'payment');
  const order = current.order ?? bank.open(current, feeOf(around, current), until);
  // The days to pay count from the review, not from the submission.
  if (order.status === 'open' && order.expiresAt < until) order.expiresAt = until;
  const paid = order.status === 'paid';
  office.did(current, 'order-opened', { until, paid });
  office.enter(current, 'payment', 'bank', until);
  office.tell(current, current.facts.subject ? 'renewal-approved' : 'review-approved');
  payers.begin(current);
  while (!paid) {
    const notice = yield* current.credits.next(until);
    if (notice === null) {
      if (order.status !== 'open') break;
      order.status = 'expired';
      office.did(current, 'order-expired', {});
      office.tell(current, 'expired');
      return office.end('order-expired');
    }
    if (notice.result !== 'held' && notice.result !== 'short') break;
    office.tell(current, notice.result === 'held' ? 'payment-held' : 'payment-short');
  }
  office.did(current, 'payment-confirmed', {});
  office.tell(current, 'payment-confirmed');
}

/** Money taken on the spot. @param set where a supervisor has set the amount; nothing is to be paid where it is nothing */
export function* takePayment(around: Surroundings, current: SimulatedCase, set?: number): Steps {
  const { office, bank } = around;
  const { window, enteredBy } = current.facts;
  const amountFen = set === undefined ? feeOf(around, current) : fen(set);
  const until = office.deadline(current, 'window-payment');
  if (amountFen > 0) bank.open(current, amountFen, until);
  office.did(current, 'window-payment-opened', { until });
  if (amountFen === 0 || window === null || enteredBy === null) return;
  office.enter(current, 'window-payment', 'clerk', until);
  // By whoever entered it, so that the other clerk may review.
  const { by, ends } = office.clerksAt(window).serveBy(enteredBy, office.now, minutesFor.payment);
  yield* awaitBefore(office, ends, until, 'order-expired');
  office.did(current, 'window-paid', { amountFen, slip: current.facts.number, by });
  bank.takeAtWindow(current);
  current.hands.push(by);
}

/** Keys, certificates, seal, token: done by the desk's machine at once; a person feeds it with tokens. */
export function issue({ office }: Surroundings, current: SimulatedCase): void {
  const { window, count, subject } = current.facts;
  current.mayEnd = false;
  const until = office.deadline(current, 'issuance');
  office.did(current, 'issuance-started', { until });
  office.enter(current, 'issuance', 'system', until);
  const desk: Desk = window === null ? office.desk('station') : office.clerksAt(window);
  const tokens = subject ? 1 : count;
  desk.serve(office.now, minutesFor.token * tokens);
  for (let index = 1; index <= tokens; index += 1) issuePair(office, current, index);
}

function issuePair(office: SimulatedOffice, current: SimulatedCase, index: number): void {
  const { facts, chance } = current;
  const { issues }: BusinessDefinition = businesses[facts.business];
  if (issues === null) throw new RangeError(`${facts.business} issues nothing`);
  const notAfter = notAfterBy(issues.validity, { issuedAt: office.now, years: facts.years, before: facts.subject?.notAfter ?? null });
  const pair: IssuedPair = { index, serial: chance.uuid().replaceAll('-', ''), notAfter };
  current.issued.push(pair);
  office.did(current, 'issued', { pair });
}

/** In the assistant, on the holder's own token. */
export function* install({ office }: Surroundings, current: SimulatedCase): Steps {
  const { chance } = current;
  const until = office.deadline(current, 'installation');
  office.did(current, 'installation-opened', { until });
  office.enter(current, 'installation', 'assistant', until);
  office.tell(current, 'install-ready');
  const comes = chance.chance(shares.installationNever) ? null : office.inDays(chance.waiting(daysFor.installation));
  yield* awaitBefore(office, comes, until, 'not-installed');
  current.mayEnd = false;
  issuePair(office, current, 1);
  office.did(current, 'installed', {});
}

export function revokeSubject({ office }: Surroundings, current: SimulatedCase): void {
  if (businesses[current.facts.business].issues === null) current.mayEnd = false;
  current.onEarlyEnd = null;
  office.did(current, 'subject-revoked', {});
}

/** 办结: this instant fixes the promised Friday. */
export function complete({ office, bank, fridays }: Surroundings, current: SimulatedCase): void {
  const { day } = dispatchDay(office.now, office.calendar);
  const { chance } = current;
  const wait = chance.chance(shares.uncertified) ? chance.waiting(daysFor.certification) : 0;
  current.completedAt = office.now;
  current.letter = {
    ...{ day, carried: [], certifiedAt: new Date(office.now.getTime() + wait * 86_400_000) },
    ...{ handedOverAt: null, sentOn: null, delivery: null },
  };
  office.did(current, 'completed', { day });
  bank.earn(current);
  office.enter(current, 'dispatch', 'friday', null);
  office.tell(current, 'completed');
  fridays.add(current);
}

/** For what ends where it is done, and is not mailed. */
export function finish({ office, bank }: Surroundings, current: SimulatedCase): void {
  const { business, channel } = current.facts;
  current.completedAt = office.now;
  office.did(current, 'finished', {});
  bank.earn(current);
  if (business === 'revocation') office.tell(current, 'revoked');
  else if (channel === 'online') office.tell(current, 'installed');
}

/** Where nothing was paid there is no invoice. */
export function invoice({ office }: Surroundings, current: SimulatedCase): void {
  current.invoiced = current.order?.status === 'paid';
  office.did(current, 'invoiced', { ordered: current.invoiced });
  if (current.invoiced) office.tell(current, 'invoice');
}

/** From completion to the courier; the Friday's batch tells what becomes of the letter. */
export function* bindAndDispatch({ office }: Surroundings, current: SimulatedCase): Steps {
  for (;;) {
    const told = yield* current.dispatches.next(null);
    office.tell(current, told === 'handed-over' ? 'dispatched' : 'carried');
    if (told === 'handed-over') return;
  }
}
