/** Each way as a list of steps, with its prices: business.md, "What is applied for, and how" and "The steps". */
import type { Beginning, Staff, Step, Way } from './words.js';

const OPENING = 5_000;
const YEAR = 20_000;
const REISSUE = 5_000;

export const journeys: Record<Way, { steps: Step[]; ends: string; enteredBy: Staff[]; about: 'organisation' | 'certificate' }> = {
  'new-online': {
    steps: ['phone-verification', 'review', 'payment', 'issue', 'complete', 'invoice', 'dispatch'],
    ends: 'dispatched',
    enteredBy: [],
    about: 'organisation',
  },
  'new-window': {
    steps: ['window-payment', 'review', 'issue', 'complete', 'invoice', 'dispatch'],
    ends: 'dispatched',
    enteredBy: ['clerk'],
    about: 'organisation',
  },
  'renewal-valid-online': renewalOnline(),
  'renewal-expired-online': renewalOnline(),
  'renewal-valid-window': atWindow(['window-payment', 'review', 'issue', 'revoke']),
  'renewal-expired-window': atWindow(['window-payment', 'review', 'issue', 'revoke']),
  'change-window': atWindow(['fee-confirmation', 'window-payment', 'review', 'issue', 'revoke']),
  'reissue-window': atWindow(['window-payment', 'review', 'revoke', 'key-recovery', 'issue']),
  'revocation-window': { steps: ['review', 'revoke', 'finish'], ends: 'revoked', enteredBy: ['clerk'], about: 'certificate' },
  'revocation-telephone': {
    steps: ['suspension', 'review', 'revoke', 'finish'],
    ends: 'revoked',
    enteredBy: ['customer-service'],
    about: 'certificate',
  },
  'account-binding': { steps: ['platform-approval', 'finish'], ends: 'bound', enteredBy: [], about: 'certificate' },
  unlock: { steps: ['approval', 'unlocking', 'finish'], ends: 'unlocked', enteredBy: ['customer-service'], about: 'certificate' },
};

function renewalOnline() {
  const steps: Step[] = ['fee', 'phone-verification', 'review', 'payment', 'installation', 'revoke', 'finish', 'invoice'];
  return { steps, ends: 'installed', enteredBy: [], about: 'certificate' as const };
}

function atWindow(before: Step[]) {
  const enteredBy: Staff[] = ['clerk'];
  return { steps: [...before, 'hand-over', 'finish', 'invoice'] as Step[], ends: 'handed-over', enteredBy, about: 'certificate' as const };
}

/** In fen. That of a change is not published: whoever may sets it for the case. */
export function price({ way, count, years }: Beginning): number {
  if (way.startsWith('new')) return count * (OPENING + years * YEAR);
  if (way.startsWith('renewal')) return YEAR;
  return way === 'reissue-window' ? REISSUE : 0;
}

/** Why the pair of before ends, as relying parties read it. */
export function reasonOf({ way, cause }: Beginning): string {
  if (way.startsWith('renewal')) return 'superseded';
  if (way === 'change-window') return 'affiliationChanged';
  if (cause === 'lost') return 'keyCompromise';
  return way === 'reissue-window' ? 'superseded' : 'cessationOfOperation';
}

/** In hours; after them the case is closed, or the suspension over. Nothing ends a review, a hand-over or what the platform has in hand. */
export const patience: Partial<Record<Step, number>> = {
  'phone-verification': 7 * 24,
  correction: 30 * 24,
  payment: 30 * 24,
  'window-payment': 24,
  installation: 90 * 24,
  suspension: 24,
  approval: 24,
  unlocking: 1,
};
