/** How a case goes on by itself: from where somebody has acted to where somebody has to act next, or to its end. */
import { journeys, patience, price, reasonOf } from './journeys.js';
import type { Beginning, Case, Place, Step } from './words.js';

const GUESSES = 5;
const CODE_HOURS = 24;
const UNLOCK_HOURS = 1;
const ORDER_HOURS = 30 * 24;

export function begin(beginning: Beginning): Case {
  const { steps, enteredBy, about } = journeys[beginning.way];
  const begun: Case = {
    ...{ beginning, ahead: [...steps], at: 'closed', outcome: null, left: null, orderLeft: 0, code: null },
    ...{ order: null, surplus: 0, owed: 0, held: [], own: 0, old: about === 'certificate' ? 'valid' : null, told: [] },
    ...{ phoneKnown: !beginning.colleague, returned: null, papers: false, hands: [...enteredBy], recoveredBy: [] },
    ...{ certified: false, final: false, completed: false, untold: [] },
  };
  goOn(begun);
  return begun;
}

/** Passes every step that needs nobody. */
export function goOn(now: Case): void {
  for (let step = now.ahead.shift(); step !== undefined; step = now.ahead.shift()) if (arrive(now, step)) return;
  end(now, journeys[now.beginning.way].ends);
}

/** @returns whether the case waits there */
function arrive(now: Case, step: Step): boolean {
  switch (step) {
    case 'fee':
      openOrder(now, price(now.beginning));
      return false;
    case 'issue':
      now.final = true;
      now.own += now.beginning.count;
      return false;
    case 'revoke':
      now.old = reasonOf(now.beginning);
      if (now.beginning.way.startsWith('revocation')) now.final = true;
      return false;
    case 'complete':
      now.completed = true;
      now.told.push('completed');
      return false;
    case 'finish':
      finish(now);
      return false;
    case 'invoice':
      if ((now.order?.got ?? 0) > 0) now.told.push('invoice');
      return false;
    case 'phone-verification':
      if (now.phoneKnown) return false;
      wait(now, step);
      sendCode(now);
      return true;
    case 'window-payment':
      if (now.order === null && price(now.beginning) > 0) openOrder(now, price(now.beginning));
      return now.order !== null && wait(now, step);
    case 'payment':
      return comeToPayment(now);
    case 'installation':
      now.told.push('install-ready');
      return wait(now, step);
    case 'suspension':
      now.old = 'certificateHold';
      now.told.push('suspended');
      return wait(now, step);
    case 'unlocking':
      now.told.push('unlock-code');
      now.code = { left: UNLOCK_HOURS, guesses: GUESSES };
      return wait(now, step);
    default:
      return wait(now, step);
  }
}

function wait(now: Case, place: Place): true {
  now.at = place;
  now.left = patience[place] ?? null;
  return true;
}

export function sendCode(now: Case): void {
  now.told.push('agent-code');
  now.code = { left: CODE_HOURS, guesses: GUESSES };
}

export function openOrder(now: Case, due: number): void {
  now.order = { due, got: 0, status: 'open' };
  now.orderLeft = ORDER_HOURS;
}

/** A renewal has been ordered before, and who paid early has paid. */
function comeToPayment(now: Case): boolean {
  if (now.order === null) openOrder(now, price(now.beginning));
  now.orderLeft = ORDER_HOURS;
  now.told.push(now.old === null ? 'review-approved' : 'renewal-approved');
  if (now.order?.status === 'paid') {
    now.told.push('payment-confirmed');
    return false;
  }
  now.told.push(...now.untold.splice(0));
  return wait(now, 'payment');
}

function finish(now: Case): void {
  now.completed = true;
  const { way } = now.beginning;
  if (way.startsWith('revocation')) now.told.push('revoked');
  else if (way === 'account-binding') now.told.push('account-bound');
  else if (way === 'unlock') now.told.push('unlocked');
  else if (way.endsWith('online')) now.told.push('installed');
}

/** Before it was completed: nothing more is asked for, what was paid is owed back, and no certificate stays suspended. */
export function end(now: Case, outcome: string): void {
  Object.assign(now, { at: 'closed', left: null, outcome });
  if (now.completed) return;
  if (now.old === 'certificateHold') {
    now.old = 'valid';
    now.told.push('lifted');
  }
  if (outcome === 'withdrawn' || outcome === 'cancelled') now.told.push(outcome);
  if (now.order?.status === 'open') now.order.status = 'cancelled';
  now.owed = now.order?.got ?? 0;
}
