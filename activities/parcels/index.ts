/** Parcels after the hand-over. Promises: an event counts once; an earlier one never takes the place of a later one. */
import { deliveries, deliveryAfter, type Delivery } from '#domain';
import { CourierEvent, DispatchItem } from '#persistence';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

export const parcelActivities = ({ data, now }: RecordDeps) => ({
  /** Answers whose agent is to be told of what; null when the event changes nothing: told before, overtaken, or of an earlier sending. */
  async applyCourierEvent({ eventId }: { eventId: string }): Promise<{ applicationId: string; event: Delivery } | null> {
    return data.transaction(async (tx) => {
      const { trackingNumber, event, occurredAt: at } = await tx.findOneByOrFail(CourierEvent, { id: eventId });
      const where = { trackingNumber, state: 'handed-over' as const };
      const item = await tx.findOne(DispatchItem, { where, lock: { mode: 'pessimistic_write' } });
      await tx.update(CourierEvent, { id: eventId }, { appliedAt: now() });
      if (!item) return null;
      const { applicationId } = item;
      const known = item.delivery !== null && item.deliveryAt !== null ? { delivery: item.delivery, at: item.deliveryAt } : null;
      // An attempt whose answer was lost has written it already.
      if (known?.delivery === event && known.at.getTime() === at.getTime()) return { applicationId, event };
      if (!deliveryAfter(known, { delivery: event, at })) return null;
      await tx.update(DispatchItem, { id: item.id }, { delivery: event, deliveryAt: at });
      const application = await lockCase(tx, applicationId);
      const { zh, en } = deliveries[event];
      const details = { tracking: trackingNumber, event: zh, eventEn: en, code: event };
      const actor = { kind: 'courier', id: eventId } as const;
      await moveCase(tx, application, {}, { action: 'parcel.told', details, actor, onceKey: `parcel/${eventId}` }, now());
      return { applicationId, event };
    });
  },
});
