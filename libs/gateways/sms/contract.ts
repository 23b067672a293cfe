/** What travels between us and an SMS operator (there are two of them): openapi.json as schemas. The contract spec holds the two together. */
import { z } from 'zod';
import { carriableText, idempotencyKey } from '../contract-check.js';

export const smsContract = {
  message: z.strictObject({
    idempotencyKey,
    phone: z.string().regex(/^1[3-9][0-9]{9}$/),
    text: carriableText(500).min(1),
    template: z.string().regex(/^[a-z0-9-]{1,40}$/),
  }),
  accepted: z.object({ messageId: carriableText(64).min(1) }),
  /** The operator's push: what became of a message. May come twice and in any order. */
  receipt: z.strictObject({
    messageId: carriableText(64).min(1),
    status: z.enum(['delivered', 'failed']),
    at: z.iso.datetime({ offset: true }),
    reason: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,40}$/)
      .optional(),
  }),
};
