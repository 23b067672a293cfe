/** A parcel after the hand-over: what the courier may tell, in which order it counts, and what may be done about it. */

import { formFields } from './application-form.js';
import type { FieldError } from './errors.js';

/** D: what came back may go out again; what is lost is lost, unless it turns up. */
export const deliveries = {
  'picked-up': { zh: '快递已揽收', en: 'picked up by the courier' },
  delivered: { zh: '已签收', en: 'delivered' },
  returned: { zh: '已退回', en: 'returned to the office' },
  lost: { zh: '快递确认遗失', en: 'lost in the post' },
} as const;
export type Delivery = keyof typeof deliveries;

/** Events may come late and twice: an earlier one never takes the place of a later one, and where a parcel ended stays. */
export function deliveryAfter(known: { delivery: Delivery; at: Date } | null, told: { delivery: Delivery; at: Date }): boolean {
  if (known === null) return true;
  if (known.delivery === told.delivery || told.at < known.at) return false;
  // A parcel given up for lost may still turn up, at its receiver or back at the office; one that has come cannot be lost.
  return known.delivery === 'picked-up' || (known.delivery === 'lost' && told.delivery !== 'picked-up');
}

/** Where a parcel that came back is to go. */
export interface CorrectedReceiver {
  recipient: string;
  phone: string;
  address: string;
}

/** Held against the same rules as the form's own. */
export function receiverProblems(receiver: CorrectedReceiver, now: Date): FieldError[] {
  return (['recipient', 'phone', 'address'] as const).flatMap((field) => {
    const finding = formFields[`delivery/${field}`](receiver[field], now);
    return finding ? [{ field, ...finding }] : [];
  });
}

export const sameReceiver = (one: CorrectedReceiver | null, other: CorrectedReceiver | null) =>
  one?.recipient === other?.recipient && one?.phone === other?.phone && one?.address === other?.address;

/**
 * D: what came back is sent again, and until it is handed over it may be corrected where it goes, as often as somebody finds out. Not while a batch that
 * has its waybill printed is at work: that letter is in the box. Decision 0047.
 */
export function resendingOf(letter: {
  readonly state: 'due' | 'bound' | 'packed' | 'handed-over';
  readonly sendings: number;
  readonly delivery: Delivery | null;
  readonly batchAtWork: boolean;
}): 'send-again' | 'readdress' | { readonly refused: 'PARCEL_NOT_RETURNED' | 'PARCEL_PACKED' } {
  if (letter.delivery === 'returned') return 'send-again';
  if (letter.state === 'handed-over' || letter.sendings === 1) return { refused: 'PARCEL_NOT_RETURNED' };
  return letter.state === 'packed' && letter.batchAtWork ? { refused: 'PARCEL_PACKED' } : 'readdress';
}
