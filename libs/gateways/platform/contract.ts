/** What travels between us and the procurement platform: openapi.json as schemas. */
import { z } from 'zod';
import { carriableText, idempotencyKey } from '../contract-check.js';

const uscc = z.string().regex(/^[0-9A-HJ-NP-RTUW-Y]{18}$/);
const account = carriableText(64).min(1);

export const platformContract = {
  roleAccountQuery: z.strictObject({ uscc, account }),
  roleAccount: z.object({ status: z.enum(['certified', 'uncertified', 'unknown']), kind: z.string().max(64).nullable() }),
  binding: z.strictObject({
    idempotencyKey,
    uscc,
    account,
    certificateSerial: z.string().regex(/^[0-9A-Fa-f]{1,64}$/),
    certificateName: carriableText(200).min(1),
  }),
  bound: z.object({ bindingId: z.string().min(1).max(64), initialPassword: z.string().min(1).max(64) }),
};
