/** What travels between us and the bank: openapi.json as schemas. The statement is a file, whose lines are read by #bank-statements. */
import { z } from 'zod';
import { carriableText, idempotencyKey, positiveFen } from '../contract-check.js';

const reference = z.string().regex(/^[A-Za-z0-9-]{6,64}$/);
const bookedAt = z.iso.datetime({ offset: true });
const payerAccountType = z.enum(['corporate', 'personal']);

const paymentStatus = z.enum(['accepted', 'settled', 'failed']);
const failure = z.enum(['account-closed', 'name-differs', 'account-unknown', 'other']);

export const bankContract = {
  /** The bank's push of one credit. May come twice, late, and in any order. */
  push: z.strictObject({
    reference,
    bookedAt,
    currency: z.literal('CNY'),
    amountFen: positiveFen,
    // Empty is allowed: a credit without a readable name waits for a person, but it is never refused and so never lost.
    payerName: carriableText(200),
    payerAccount: carriableText(64),
    payerAccountType,
    remittance: carriableText(500),
  }),
  /** One line of the statement file, by column name: all text. */
  statementLine: z.strictObject({
    reference,
    booked_at: bookedAt,
    currency: z.literal('CNY'),
    amount_fen: z.string().regex(/^[1-9][0-9]{0,14}$/),
    payer_name: carriableText(200),
    payer_account: carriableText(64),
    payer_account_type: payerAccountType,
    remittance: carriableText(500),
  }),
  /** Our order to pay from our account. The same key pays once. */
  paymentOrder: z.strictObject({
    idempotencyKey,
    payeeName: carriableText(200).min(1),
    payeeAccount: carriableText(64).min(1),
    currency: z.literal('CNY'),
    amountFen: positiveFen,
    remittance: carriableText(100),
  }),
  /** How a payment stands: taken, done, or not possible. The last two are final. */
  paymentState: z.object({ reference, status: paymentStatus, failure: failure.optional() }),
  /** The bank's push of how a payment ended. May come twice, late, or never. */
  paymentReport: z.strictObject({
    idempotencyKey,
    reference,
    status: z.enum(['settled', 'failed']),
    failure: failure.optional(),
    at: bookedAt,
  }),
};
