/** What the model speaks of: the ways to have a business done, what may happen to a case, and all that is remembered of it. */
export const ways = [
  'new-online',
  'new-window',
  'renewal-valid-online',
  'renewal-expired-online',
  'renewal-valid-window',
  'renewal-expired-window',
  'change-window',
  'reissue-window',
  'revocation-window',
  'revocation-telephone',
  'account-binding',
  'unlock',
] as const;
export type Way = (typeof ways)[number];

/** Where a case waits, and for whom it waits there. */
export type Place =
  | 'phone-verification'
  | 'review'
  | 'correction'
  | 'fee-confirmation'
  | 'window-payment'
  | 'payment'
  | 'key-recovery'
  | 'installation'
  | 'hand-over'
  | 'dispatch'
  | 'suspension'
  | 'platform-approval'
  | 'approval'
  | 'unlocking'
  | 'closed';
/** What happens between two of them without anybody. */
export type Step = Place | 'fee' | 'issue' | 'revoke' | 'complete' | 'finish' | 'invoice';

export type Staff = 'reviewer' | 'clerk' | 'second-clerk' | 'supervisor' | 'customer-service' | 'finance';

/** Each with what is to be known to do it; anybody may try anything anywhere. */
export interface Happenings {
  /** The agent types a code. */
  phone: { code: 'right' | 'wrong' };
  resend: object;
  review: { outcome: 'approved' | 'returned' | 'rejected'; by: Staff; what: 'paper' | 'phone' };
  /** Not whole: sent off without what was asked for. `by`: the clerk who enters it, where the agent does not. */
  correct: { whole: boolean; by: 'clerk' | 'second-clerk' };
  transfer: { amount: 'exact' | 'short' | 'over'; payer: 'own' | 'other'; account: 'corporate' | 'personal' };
  slip: { amount: 'exact' | 'wrong'; by: Staff };
  fee: { fen: number; by: Staff };
  recover: { by: Staff };
  /** Broken off: the new key was asked for, and its installation is not confirmed. */
  install: { whole: boolean };
  'hand-over': { by: Staff };
  friday: { certified: boolean; fetched: boolean };
  form: { wish: 'revoke' | 'lift'; papers: boolean; by: Staff };
  platform: { decision: 'approved' | 'refused' };
  approve: { outcome: 'approved' | 'rejected'; by: Staff };
  redeem: { code: 'right' | 'wrong' };
  wait: { hours: number };
  withdraw: object;
  cancel: { by: Staff };
}
export type Kind = keyof Happenings;
export type Happening<K extends Kind = Kind> = { [Each in K]: { kind: Each } & Happenings[Each] }[K];

/** What is chosen when a case begins. */
export interface Beginning {
  way: Way;
  count: 1 | 2;
  years: 1 | 2;
  /** Somebody else than the agent submits: then the agent's phone is not known yet. */
  colleague: boolean;
  cause: 'lost' | 'damaged' | 'unused';
}

export interface Order {
  due: number;
  got: number;
  status: 'open' | 'paid' | 'expired' | 'cancelled';
}

/** All that a person could find out about a case, which is what model and office have to agree on. */
export interface Standing {
  at: Place;
  outcome: string | null;
  order: Order | null;
  surplus: number;
  /** To be paid back. */
  owed: number;
  /** Credits that wait for a person, by reason. */
  held: string[];
  /** Valid pairs that the case has made. */
  own: number;
  /** The pair that the case is about: valid, or why it is not. */
  old: string | null;
  /** Every SMS to the agent, by template. */
  told: string[];
}

/** What the model knows beyond that. */
export interface Case extends Standing {
  beginning: Beginning;
  ahead: Step[];
  /** Hours until the present place is over; null where nothing ends it. */
  left: number | null;
  orderLeft: number;
  /** Of the last code: hours it lives, guesses left. */
  code: { left: number; guesses: number } | null;
  phoneKnown: boolean;
  returned: 'paper' | 'phone' | null;
  papers: boolean;
  /** Staff who entered the case or corrected it, took its money, set its fee or took its form. */
  hands: Staff[];
  recoveredBy: Staff[];
  certified: boolean;
  /** Nothing is taken back any more. */
  final: boolean;
  completed: boolean;
  /** Told about when the case comes to its payment, unless it is paid by then. */
  untold: string[];
}
