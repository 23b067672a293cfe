/** What travels between us and the courier: openapi.json as schemas. */
import { deliveries, type Delivery } from '#domain';
import { z } from 'zod';
import { carriableText, idempotencyKey } from '../contract-check.js';

const trackingNumber = z.string().regex(/^[A-Z0-9]{8,30}$/);

export const courierContract = {
  waybill: z.strictObject({
    idempotencyKey,
    receiver: z.strictObject({
      name: carriableText(60).min(1),
      phone: z.string().regex(/^[0-9+ -]{7,20}$/),
      address: carriableText(200).min(1),
      organisation: carriableText(200),
    }),
    contents: carriableText(200).min(1),
  }),
  created: z.object({ trackingNumber, pdf: z.base64() }),
  /** The courier's push of what happened to a parcel. May come twice, late, and in another order. */
  tracking: z.strictObject({
    eventId: z.string().regex(/^[A-Za-z0-9-]{6,64}$/),
    trackingNumber,
    event: z.enum(Object.keys(deliveries) as [Delivery, ...Delivery[]]),
    occurredAt: z.iso.datetime({ offset: true }),
  }),
};
