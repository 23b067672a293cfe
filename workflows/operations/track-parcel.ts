/** What the courier told about a parcel takes effect, and its agent hears of it where it is news. */
import type { Delivery } from '#domain';
import type { TrackingInput } from '../contract/index.js';
import { outside, records } from '../stages/proxies.js';

export async function trackParcel({ eventId }: TrackingInput): Promise<void> {
  const told = await records.applyCourierEvent({ eventId });
  if (told === null) return;
  const template = textOf(told.event);
  if (template) await outside.sendSms({ applicationId: told.applicationId, template, onceKey: `parcel/${eventId}` });
}

/** D: that it was picked up is no news: the waybill was sent at the hand-over. */
function textOf(event: Delivery) {
  switch (event) {
    case 'picked-up':
      return null;
    case 'delivered':
      return 'parcel-delivered';
    case 'returned':
      return 'parcel-returned';
    case 'lost':
      return 'parcel-lost';
  }
}
