/** What travels between us and the courier: openapi.json as schemas. */
import { z } from 'zod';
import { carriableText, idempotencyKey } from '../contract-check.js';

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
  created: z.object({ trackingNumber: z.string().regex(/^[A-Z0-9]{8,30}$/), pdf: z.base64() }),
};
