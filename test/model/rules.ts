/** What each happening does to a case, or that it is refused. Pure, and written from business.md: it knows nothing of the product. */
import { end, goOn, openOrder, sendCode } from './progress.js';
import type { Case, Happening, Kind, Staff } from './words.js';

/** The case afterwards, and whether it was taken. What is refused changes nothing but the guesses left, or the papers on file. */
export function after(before: Case, happening: Happening): { taken: boolean; now: Case } {
  const now = JSON.parse(JSON.stringify(before)) as Case;
  return { taken: happens(now, happening), now };
}

/** False for what nobody can try there, such as a transfer for an order that does not exist. */
export function canBeTried(now: Case, happening: Happening): boolean {
  if (now.at === 'closed' && ['withdraw', 'cancel', 'redeem'].includes(happening.kind)) return false;
  switch (happening.kind) {
    case 'transfer':
      return now.order !== null && !now.beginning.way.endsWith('window');
    case 'slip':
    case 'hand-over':
    case 'fee':
    case 'recover':
      return now.beginning.way.endsWith('window');
    case 'install':
    case 'redeem':
      return now.old !== null;
    case 'friday':
      return now.at === 'dispatch';
    case 'platform':
      return now.at === 'platform-approval';
    default:
      return true;
  }
}

function happens<K extends Kind>(now: Case, happening: Happening<K>): boolean {
  return rules[happening.kind](now, happening);
}

const rules: { [K in Kind]: (now: Case, happening: Happening<K>) => boolean } = {
  phone: (now, { code }) => {
    if (now.at !== 'phone-verification' || !guessed(now, code)) return false;
    now.phoneKnown = true;
    goOn(now);
    return true;
  },
  resend: (now) => {
    if (now.at !== 'phone-verification') return false;
    sendCode(now);
    return true;
  },
  review: (now, { outcome, by, what }) => {
    if (now.at !== 'review' || !among(by, 'reviewer', 'clerk', 'second-clerk') || now.hands.includes(by)) return false;
    if (outcome === 'approved') goOn(now);
    if (outcome === 'rejected') {
      now.told.push('review-rejected');
      end(now, 'rejected');
    }
    if (outcome === 'returned') {
      now.told.push('review-returned');
      now.returned = what;
      now.ahead.unshift('correction');
      goOn(now);
    }
    return true;
  },
  correct: (now, { whole, by }) => {
    if (now.at !== 'correction' || !whole) return false;
    if (!now.beginning.way.endsWith('online')) now.hands.push(by);
    // Another phone proves itself before anybody looks again.
    if (now.returned === 'phone') now.phoneKnown = false;
    now.ahead.unshift(...(now.returned === 'phone' ? (['phone-verification', 'review'] as const) : (['review'] as const)));
    goOn(now);
    return true;
  },
  transfer: (now, happening) => {
    const { order } = now;
    if (order === null) return false;
    const reason = heldBecause(now, happening);
    if (reason !== null) return told(now, 'payment-held', () => now.held.push(reason));
    order.got += paid(order, happening.amount);
    if (order.got < order.due) return told(now, 'payment-short', () => undefined);
    order.status = 'paid';
    now.surplus += order.got - order.due;
    // Too much: issued, and the surplus is to be refunded.
    now.owed += order.got - order.due;
    if (now.at !== 'payment') return true;
    now.told.push('payment-confirmed');
    goOn(now);
    return true;
  },
  slip: (now, { amount, by }) => {
    if (now.at !== 'window-payment' || !among(by, 'clerk', 'second-clerk') || amount === 'wrong' || now.order === null) return false;
    Object.assign(now.order, { got: now.order.due, status: 'paid' });
    now.hands.push(by);
    goOn(now);
    return true;
  },
  fee: (now, { fen, by }) => {
    if (now.at !== 'fee-confirmation' || by !== 'supervisor') return false;
    if (fen > 0) openOrder(now, fen);
    now.hands.push(by);
    goOn(now);
    return true;
  },
  recover: (now, { by }) => {
    if (now.at !== 'key-recovery' || !among(by, 'reviewer', 'supervisor') || [...now.hands, ...now.recoveredBy].includes(by)) return false;
    now.recoveredBy.push(by);
    if (now.recoveredBy.length === 2) goOn(now);
    return true;
  },
  install: (now, { whole }) => {
    if (now.at !== 'installation') return false;
    if (!now.final) now.own += now.beginning.count;
    Object.assign(now, { final: true, left: null });
    if (whole) goOn(now);
    return true;
  },
  'hand-over': (now, { by }) => {
    if (now.at !== 'hand-over' || !among(by, 'clerk', 'second-clerk')) return false;
    now.told.push('handed-over');
    goOn(now);
    return true;
  },
  friday: (now, { certified, fetched }) => {
    now.certified ||= certified;
    if (now.certified && fetched) {
      now.told.push('dispatched');
      goOn(now);
    } else now.told.push('carried');
    return true;
  },
  form: (now, { wish, papers, by }) => {
    if (now.at !== 'suspension' || !among(by, 'clerk', 'second-clerk')) return false;
    now.papers ||= papers;
    if (!now.papers) return false;
    now.hands.push(by);
    if (wish === 'revoke') goOn(now);
    else end(now, 'lifted');
    return true;
  },
  platform: (now, { decision }) => {
    now.final = true;
    if (decision === 'approved') goOn(now);
    else {
      now.told.push('binding-refused');
      end(now, 'binding-refused');
    }
    return true;
  },
  approve: (now, { outcome, by }) => {
    if (now.at !== 'approval' || !among(by, 'reviewer', 'supervisor')) return false;
    if (outcome === 'approved') goOn(now);
    else {
      now.told.push('review-rejected');
      end(now, 'rejected');
    }
    return true;
  },
  redeem: (now, { code }) => {
    if (now.at !== 'unlocking' || !guessed(now, code)) return false;
    goOn(now);
    return true;
  },
  wait: (now, { hours }) => {
    now.orderLeft -= hours;
    if (now.code) now.code.left -= hours;
    if (now.left !== null) now.left -= hours;
    if (now.left !== null && now.left <= 0) runOut(now);
    return true;
  },
  withdraw: (now) => {
    if (now.final || ['revocation-telephone', 'unlock'].includes(now.beginning.way)) return false;
    end(now, 'withdrawn');
    return true;
  },
  cancel: (now, { by }) => {
    if (now.final || by !== 'supervisor') return false;
    end(now, 'cancelled');
    return true;
  },
};

const among = (by: Staff, ...who: Staff[]) => who.includes(by);

/** A wrong guess costs one of a few. */
function guessed({ code }: Case, typed: 'right' | 'wrong'): boolean {
  if (code === null || code.left <= 0 || code.guesses <= 0) return false;
  if (typed === 'right') return true;
  code.guesses -= 1;
  return false;
}

function heldBecause(now: Case, { payer, account }: Happening<'transfer'>): string | null {
  // D: the current key has proven who asks, so anybody may pay.
  const anybody = now.beginning.way === 'renewal-valid-online';
  if (!anybody && account === 'personal') return 'personal-account';
  if (!anybody && payer === 'other') return 'wrong-payer';
  if (now.order?.status === 'paid') return 'paid-twice';
  return now.order?.status === 'open' && now.orderLeft > 0 ? null : 'late';
}

/** The agent is told at the payment; of what came earlier, then. */
function told(now: Case, template: string, happened: () => void): true {
  happened();
  if (now.at === 'payment') now.told.push(template);
  else if (now.ahead.includes('payment')) now.untold.push(template);
  return true;
}

const LITTLE = 1_000;
export function paid({ due, got }: { due: number; got: number }, amount: 'exact' | 'short' | 'over'): number {
  const missing = Math.max(due - got, LITTLE);
  return { exact: missing, short: LITTLE / 2, over: missing + LITTLE }[amount];
}

function runOut(now: Case): void {
  switch (now.at) {
    case 'phone-verification':
      return end(now, 'phone-unverified');
    case 'correction':
      return end(now, 'correction-expired');
    case 'payment':
      if (now.order) now.order.status = 'expired';
      now.told.push('expired');
      return end(now, 'order-expired');
    case 'window-payment':
      return end(now, 'order-expired');
    case 'installation':
      return end(now, 'not-installed');
    case 'suspension':
      return end(now, 'lifted');
    default:
      return end(now, 'unlock-expired');
  }
}
