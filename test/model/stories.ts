/** Stories drawn at random: a beginning, and what happens after it. Half of it is what the case waits for, half is anything at all. */
import * as fc from 'fast-check';
import { begin } from './progress.js';
import { after, canBeTried } from './rules.js';
import type { Beginning, Case, Happening, Place, Way } from './words.js';

export interface Story {
  beginning: Beginning;
  happenings: Happening[];
}

/** What a case waits for, in several ways to do it. */
const proper: Record<Place, Happening[]> = {
  'phone-verification': [{ kind: 'phone', code: 'right' }],
  review: [
    { kind: 'review', outcome: 'approved', by: 'reviewer', what: 'paper' },
    { kind: 'review', outcome: 'approved', by: 'second-clerk', what: 'paper' },
    { kind: 'review', outcome: 'approved', by: 'reviewer', what: 'paper' },
    { kind: 'review', outcome: 'approved', by: 'reviewer', what: 'paper' },
    { kind: 'review', outcome: 'approved', by: 'reviewer', what: 'paper' },
    { kind: 'review', outcome: 'returned', by: 'reviewer', what: 'paper' },
    { kind: 'review', outcome: 'returned', by: 'second-clerk', what: 'phone' },
    { kind: 'review', outcome: 'rejected', by: 'reviewer', what: 'paper' },
  ],
  correction: [
    { kind: 'correct', whole: true, by: 'clerk' },
    { kind: 'correct', whole: true, by: 'second-clerk' },
  ],
  'fee-confirmation': [
    { kind: 'fee', fen: 3_000, by: 'supervisor' },
    { kind: 'fee', fen: 0, by: 'supervisor' },
  ],
  'window-payment': [
    { kind: 'slip', amount: 'exact', by: 'clerk' },
    { kind: 'slip', amount: 'exact', by: 'second-clerk' },
  ],
  payment: [
    { kind: 'transfer', amount: 'exact', payer: 'own', account: 'corporate' },
    { kind: 'transfer', amount: 'exact', payer: 'own', account: 'corporate' },
    { kind: 'transfer', amount: 'over', payer: 'own', account: 'corporate' },
    { kind: 'transfer', amount: 'short', payer: 'own', account: 'corporate' },
    { kind: 'transfer', amount: 'exact', payer: 'other', account: 'corporate' },
  ],
  'key-recovery': [
    { kind: 'recover', by: 'supervisor' },
    { kind: 'recover', by: 'reviewer' },
  ],
  installation: [
    { kind: 'install', whole: true },
    { kind: 'install', whole: false },
  ],
  'hand-over': [{ kind: 'hand-over', by: 'clerk' }],
  dispatch: [
    { kind: 'friday', certified: true, fetched: true },
    { kind: 'friday', certified: false, fetched: true },
    { kind: 'friday', certified: true, fetched: false },
  ],
  suspension: [
    { kind: 'form', wish: 'revoke', papers: true, by: 'clerk' },
    { kind: 'form', wish: 'lift', papers: true, by: 'second-clerk' },
  ],
  'platform-approval': [
    { kind: 'platform', decision: 'approved' },
    { kind: 'platform', decision: 'refused' },
  ],
  approval: [
    { kind: 'approve', outcome: 'approved', by: 'supervisor' },
    { kind: 'approve', outcome: 'approved', by: 'reviewer' },
    { kind: 'approve', outcome: 'rejected', by: 'supervisor' },
  ],
  unlocking: [{ kind: 'redeem', code: 'right' }],
  closed: [{ kind: 'wait', hours: 13 }],
};

/** What nobody waits for: taken back, gone by, tried by the wrong person, at the wrong time, or not well. */
const others: Happening[] = [
  ...Object.values(proper).flat(),
  { kind: 'phone', code: 'wrong' },
  { kind: 'phone', code: 'wrong' },
  { kind: 'resend' },
  { kind: 'review', outcome: 'approved', by: 'clerk', what: 'paper' },
  { kind: 'review', outcome: 'rejected', by: 'finance', what: 'paper' },
  { kind: 'correct', whole: false, by: 'clerk' },
  { kind: 'transfer', amount: 'exact', payer: 'own', account: 'personal' },
  { kind: 'transfer', amount: 'short', payer: 'own', account: 'corporate' },
  { kind: 'transfer', amount: 'exact', payer: 'own', account: 'corporate' },
  { kind: 'slip', amount: 'wrong', by: 'clerk' },
  { kind: 'slip', amount: 'exact', by: 'reviewer' },
  { kind: 'fee', fen: 3_000, by: 'clerk' },
  { kind: 'recover', by: 'clerk' },
  { kind: 'hand-over', by: 'reviewer' },
  { kind: 'form', wish: 'revoke', papers: false, by: 'clerk' },
  { kind: 'form', wish: 'revoke', papers: true, by: 'reviewer' },
  { kind: 'approve', outcome: 'approved', by: 'customer-service' },
  { kind: 'redeem', code: 'wrong' },
  ...[0.4, 13, 13, 127, 127, 745, 2_161].map((hours): Happening => ({ kind: 'wait', hours })),
  { kind: 'withdraw' },
  { kind: 'cancel', by: 'supervisor' },
  { kind: 'cancel', by: 'clerk' },
];

const draw = fc.record({ proper: fc.boolean(), which: fc.nat(1_000) });
const MOST = 14;

export const storyOf = (way: Way): fc.Arbitrary<Story> =>
  fc
    .record({
      way: fc.constant(way),
      count: way.startsWith('new') ? fc.constantFrom<(1 | 2)[]>(1, 1, 2) : fc.constant<1>(1),
      years: way.startsWith('new') ? fc.constantFrom<(1 | 2)[]>(1, 2) : fc.constant<1>(1),
      colleague: way === 'new-online' ? fc.boolean() : fc.constant(false),
      cause: fc.constantFrom<Beginning['cause'][]>('lost', way.startsWith('reissue') ? 'damaged' : 'unused'),
    })
    .chain((beginning) =>
      fc
        .array(draw, { minLength: 3, maxLength: MOST })
        .map((draws): Story => ({ beginning, happenings: [...happeningsOf(begin(beginning), draws)] })),
    );

function* happeningsOf(begun: Case, draws: { proper: boolean; which: number }[]): Generator<Happening> {
  let now = begun;
  for (const each of draws) {
    const choice = each.proper ? proper[now.at] : others.filter((other) => canBeTried(now, other));
    const happening = choice[each.which % choice.length];
    if (!happening || !canBeTried(now, happening)) continue;
    yield happening;
    // A little after the end too: nothing moves it any more.
    ({ now } = after(now, happening));
  }
}

/** So that one story leaves nothing in the way of the next. */
export function closing(now: Case): Happening | null {
  if (now.at === 'closed') return null;
  return now.final ? (proper[now.at][0] ?? null) : { kind: 'cancel', by: 'supervisor' };
}
