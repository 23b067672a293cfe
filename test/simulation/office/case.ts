/** A case of the year: what was applied for, where it stands, and what came of it. */
import type {
  ApplicationNumber,
  BusinessSlug,
  CalendarDay,
  CarriedReason,
  Channel,
  Delivery,
  Instant,
  Outcome,
  PayableOrder,
  SmsTemplate,
  Stage,
  StaffId,
  Waiter,
  WindowSlug,
} from '#domain';
import type { Randomness } from '../time/randomness.js';
import type { Life, Living, Mailbox } from '../time/timeline.js';

export interface Organisation {
  name: string;
  uscc: string;
  /** The account that its transfers come from. */
  account: string;
  phone: string;
}

/** The certificate that a business is about. */
export interface Subject {
  serial: string;
  notBefore: Instant;
  notAfter: Instant;
}

/** What does not change after the submission. */
export interface CaseFacts {
  id: string;
  number: ApplicationNumber;
  business: BusinessSlug;
  channel: Channel;
  window: WindowSlug | null;
  organisation: Organisation;
  /** Another agent's phone, which has to be proven. */
  otherPhone: string | null;
  count: number;
  years: number;
  cause: 'lost' | 'damaged' | 'unused' | null;
  subject: Subject | null;
  enteredBy: StaffId | null;
  submittedAt: Instant;
  /** It is the second application of its organisation within the hour. */
  twinOf: string | null;
}

export type Order = { -readonly [Name in keyof PayableOrder]: PayableOrder[Name] } & { of: SimulatedCase };

/** The result of a credit, as its case is told. */
export interface CreditNotice {
  result: 'exact' | 'completes' | 'short' | 'over' | 'held';
}

export interface Letter {
  day: CalendarDay;
  /** Each time it did not go out. */
  carried: { from: CalendarDay; reason: CarriedReason; to: CalendarDay }[];
  /** When the role account is certified at the platform. */
  certifiedAt: Instant;
  handedOverAt: Instant | null;
  /** The Friday in whose batch it went out. */
  sentOn: CalendarDay | null;
  delivery: Delivery | null;
}

export interface IssuedPair {
  index: number;
  serial: string;
  notAfter: Instant;
}

export interface SimulatedCase {
  facts: CaseFacts;
  chance: Randomness;
  stage: Stage;
  waitingFor: Waiter;
  since: Instant;
  until: Instant | null;
  outcome: Outcome | null;
  order: Order | null;
  credits: Mailbox<CreditNotice>;
  dispatches: Mailbox<'carried' | 'handed-over'>;
  issued: IssuedPair[];
  completedAt: Instant | null;
  closedAt: Instant | null;
  letter: Letter | null;
  invoiced: boolean;
  messages: SmsTemplate[];
  /** Whoever entered it or took its money decides on nothing in it. */
  hands: StaffId[];
  /** From issuing on nothing is taken back. */
  mayEnd: boolean;
  /** What a stage has done for a while only, and what takes it back when the case ends before its purpose. */
  onEarlyEnd: (() => void) | null;
  life: Living | null;
  /** The other application of the same organisation, which may be paid together with this. */
  twin: SimulatedCase | null;
}

/** A step of a case's life. */
export type Steps<T = void> = Life<T>;

/** The one way a stage ends a case. */
export class CaseEnded extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome);
  }
}
