/**
 * What must be true of a year, whatever happened in it; each checked on facts that were read from the office's database, and by no code that
 * wrote them. A finding is a sentence; none is as it should be.
 */
import { fridayAfter, fridayOf, type Holidays } from './friday-rule.js';

export type Sums = Partial<Record<'received' | 'held' | 'earned' | 'to-refund' | 'refunded', number>>;

export interface MoneyFact {
  /** A credit by its bank reference, or money of a window by its case. */
  name: string;
  amountFen: number;
  ledger: Sums;
  /** Where the simulation's own account has it. */
  expected: Sums;
  /** The bank took it back: then nothing was received, and what was paid out is a claim. */
  reversed: boolean;
}

export interface CertificateFact {
  number: string;
  index: number;
  kind: string;
  serial: string;
  /** How many pairs its case may have. */
  count: number;
}

export interface CaseFact {
  number: string;
  stage: string;
  waitingFor: string;
  outcome: string | null;
  parked: boolean;
  dueAt: number | null;
  since: number;
  /** Where the simulation has it. */
  expected: { stage: string; waitingFor: string; outcome: string | null; issued: number };
  issued: number;
}

export interface LetterFact {
  number: string;
  completedAt: number;
  /** The Friday on whose list it stands. */
  day: string;
  handedOverAt: number | null;
  /** What became of it on each Friday it was tried on, oldest first; `at` is when that was written down. */
  outcomes: { day: string; carried: string | null; to: string | null; at: number }[];
}

export interface YearFacts {
  /** When the simulation ended. */
  end: number;
  money: MoneyFact[];
  certificates: CertificateFact[];
  cases: CaseFact[];
  letters: LetterFact[];
}

export type Invariant = (facts: YearFacts, isHoliday: Holidays) => string[];

const DAY_MS = 86_400_000;

/** Every fen that came is held, earned, owed back or paid back, and where the simulation's own account has it. */
export const everyCreditAccountedFor: Invariant = ({ money }) => {
  const findings = money.flatMap(({ name, amountFen, ledger, expected, reversed }) => {
    const { received = 0, held = 0, earned = 0, refunded = 0 } = ledger;
    const owed = ledger['to-refund'] ?? 0;
    const came = reversed ? 0 : amountFen;
    if (received !== came) return [`${name}: ${came} fen came, and ${received} were received`];
    if (held + earned + owed + refunded !== received)
      return [`${name}: received ${received}, accounted for ${held + earned + owed + refunded}`];
    const differs = (['held', 'earned', 'to-refund', 'refunded'] as const).filter(
      (account) => (ledger[account] ?? 0) !== (expected[account] ?? 0),
    );
    return differs.map((account) => `${name}: ${account} is ${ledger[account] ?? 0}, and should be ${expected[account] ?? 0}`);
  });
  const sum = (account: keyof Sums) => money.reduce((all, { ledger }) => all + (ledger[account] ?? 0), 0);
  const [received, kept] = [sum('received'), sum('held') + sum('earned') + sum('to-refund') + sum('refunded')];
  return received === kept ? findings : [...findings, `together ${received} fen were received, and ${kept} are accounted for`];
};

/** A serial is given once, a place of a case is filled once by each kind, and no case has more pairs than were bought. */
export const noCertificateTwice: Invariant = ({ certificates }) => {
  const findings: string[] = [];
  const serials = new Set<string>();
  const places = new Set<string>();
  for (const { number, index, kind, serial, count } of certificates) {
    if (serials.has(serial)) findings.push(`${number}: serial ${serial} was given before`);
    if (places.has(`${number}/${index}/${kind}`)) findings.push(`${number}: place ${index} has two certificates for ${kind}`);
    if (index > count) findings.push(`${number}: certificate ${index} of ${count}`);
    serials.add(serial);
    places.add(`${number}/${index}/${kind}`);
  }
  return findings;
};

/** Who is waited for by name. The system itself may be at work, but not for days. */
const PEOPLE = ['agent', 'reviewer', 'clerk', 'supervisor', 'assistant', 'bank', 'platform', 'friday', 'staff'];
/** Whose time runs off by itself: then the case is closed, and not left. */
const LIMITED = ['agent', 'assistant', 'bank'];

export const everyCaseEndsOrIsWaitedFor: Invariant = ({ cases, end }) =>
  cases.flatMap(({ number, stage, waitingFor, outcome, dueAt, since, expected, issued }) => {
    if ((stage === 'closed') !== (outcome !== null)) return [`${number}: ${stage}, and its outcome is ${outcome}`];
    const atWork = waitingFor === 'system' && end - since < DAY_MS * 12;
    if (outcome === null && !atWork && !PEOPLE.includes(waitingFor))
      return [`${number}: open at ${stage}, and ${waitingFor} is waited for`];
    if (outcome === null && LIMITED.includes(waitingFor) && dueAt !== null && dueAt < end)
      return [`${number}: ${stage} was over, and nothing happened`];
    const found = { stage, waitingFor, outcome, issued };
    const differs = (Object.keys(found) as (keyof typeof found)[]).filter((name) => found[name] !== expected[name]);
    return differs.map((name) => `${number}: ${name} is ${found[name]}, and should be ${expected[name]}`);
  });

/** How long a batch may work and wait for the courier before its letters are carried. */
const BATCH_MS = 4 * DAY_MS;

/** By the second implementation of the rule: the first Friday from the completion, and the next from each on which it did not go. */
export const everyLetterOnItsFriday: Invariant = ({ letters, end }, isHoliday) =>
  letters.flatMap(({ number, completedAt, day, handedOverAt, outcomes }) => {
    let friday = fridayOf(completedAt, isHoliday);
    let gone = false;
    for (const outcome of outcomes) {
      if (gone) return [`${number}: went out twice`];
      if (outcome.day !== friday) return [`${number}: was tried on ${outcome.day}, and its Friday is ${friday}`];
      if (outcome.carried === null) gone = true;
      else {
        // What was missed by an outage goes on from the day on which the office was there again.
        friday = fridayAfter(outcome.carried === 'missed' ? dayBefore(outcome.at) : outcome.day, isHoliday);
        if (outcome.to !== friday) return [`${number}: was carried to ${outcome.to}, and its Friday is ${friday}`];
      }
    }
    if (day !== friday) return [`${number}: stands on the list of ${day}, and its Friday is ${friday}`];
    if (gone !== (handedOverAt !== null)) return [`${number}: its Friday says ${gone}, its letter ${handedOverAt !== null}`];
    const begun = Date.parse(`${friday}T00:00:00+08:00`);
    if (handedOverAt !== null && (handedOverAt < begun || handedOverAt > begun + BATCH_MS))
      return [`${number}: went out long before or after ${friday}`];
    return handedOverAt === null && begun + BATCH_MS < end ? [`${number}: its Friday ${friday} is over, and it is here`] : [];
  });

const dayBefore = (at: number): string => new Date(at + 8 * 3_600_000 - DAY_MS).toISOString().slice(0, 10);

export const invariants = {
  'every credit accounted for': everyCreditAccountedFor,
  'no certificate twice': noCertificateTwice,
  'no case without an end or a named waiter': everyCaseEndsOrIsWaitedFor,
  'every completion dispatched on the right Friday': everyLetterOnItsFriday,
} as const satisfies Record<string, Invariant>;
export type InvariantName = keyof typeof invariants;
