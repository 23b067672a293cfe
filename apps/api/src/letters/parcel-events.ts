/** What the courier tells about parcels: recorded, then applied by a workflow. */
import { XinyinError } from '#domain';
import type { TrackingEvent } from '#gateways';
import { CourierEvent } from '#persistence';
import { Injectable } from '@nestjs/common';
import { CaseStarter } from '../cases/case-starter.js';
import { ApiContext } from '../platform/context.js';

@Injectable()
export class ParcelEvents {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
  ) {}

  /** A parcel that we do not know is taken too: it may be of an earlier sending, and asking the courier to repeat it would not help. */
  async take({ eventId: id, trackingNumber, event, occurredAt }: TrackingEvent): Promise<void> {
    const { data, now, log } = this.context;
    const receivedAt = now();
    // D: what is said to come yet has happened by now. Dated ahead it would stand before all that the courier tells afterwards.
    const at = new Date(Math.min(Date.parse(occurredAt), receivedAt.getTime()));
    const row = { id, trackingNumber, event, occurredAt: at, receivedAt, appliedAt: null };
    await data.createQueryBuilder().insert().into(CourierEvent).values(row).orIgnore().execute();
    const known = await data.manager.findOneByOrFail(CourierEvent, { id });
    if (known.trackingNumber !== trackingNumber || known.event !== event) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
    if (known.appliedAt !== null) return;
    await this.starter
      .startTracking(known)
      .catch((error: unknown) =>
        log.warn({ eventId: id, failure: error instanceof Error ? error.name : '' }, 'the sweep will apply this event'),
      );
  }
}
