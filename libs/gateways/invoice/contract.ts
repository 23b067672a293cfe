/** What travels between us and the e-invoice service: openapi.json as schemas. */
import { z } from 'zod';
import { carriableText, idempotencyKey, positiveFen } from '../contract-check.js';

const line = z.strictObject({ name: carriableText(100).min(1), quantity: z.int().min(1).max(10_000), amountFen: positiveFen });

export const invoiceContract = {
  order: z.strictObject({
    idempotencyKey,
    title: carriableText(200).min(1),
    taxNumber: z.string().regex(/^[0-9A-Z]{15,20}$/),
    amountFen: positiveFen,
    lines: z.array(line).min(1).max(50),
  }),
  /** 红冲: the whole of an invoice is taken back by a red one. The number stands in the path. */
  reversal: z.strictObject({ idempotencyKey, reason: z.enum(['refund', 'correction']) }),
  files: z.object({ pdf: z.base64(), xml: z.base64() }),
  issued: z.object({ invoiceNumber: z.string().regex(/^[0-9]{20}$/), link: z.url({ protocol: /^https?$/ }).max(500) }),
};
