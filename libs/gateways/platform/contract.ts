/** What travels between us and the procurement platform: openapi.json as schemas. */
import { accountFindings, accountKinds, type AccountKind } from '#domain';
import { z } from 'zod';
import { carriableText, idempotencyKey } from '../contract-check.js';

const uscc = z.string().regex(/^[0-9A-HJ-NP-RTUW-Y]{18}$/);
const account = carriableText(64).min(1);
const kind = z.enum(Object.keys(accountKinds) as [AccountKind, ...AccountKind[]]);
/** What one side made and the other side names: the platform's checks, submissions and decisions, our cases. */
const id = z.string().regex(/^[A-Za-z0-9-]{6,64}$/);

export const platformContract = {
  roleAccountQuery: z.strictObject({ uscc, account }),
  roleAccount: z.object({
    status: z.enum(['certified', 'uncertified', 'unknown']),
    kind: carriableText(64).nullable(),
    // Since when it is certified, where the platform tells.
    certifiedAt: z.iso.datetime({ offset: true }).optional(),
  }),
  binding: z.strictObject({
    idempotencyKey,
    uscc,
    account,
    certificateSerial: z.string().regex(/^[0-9A-Fa-f]{1,64}$/),
    certificateName: carriableText(200).min(1),
  }),
  /** The holder's password, on its way to where it belongs. It is in no other message. */
  accountCheck: z.strictObject({ uscc, kind, account, password: carriableText(128).min(1) }),
  accountChecked: z.object({ finding: z.enum(accountFindings), checkId: id.nullable() }),
  accountSubmission: z.strictObject({
    idempotencyKey,
    reference: z.uuid(),
    checkId: id,
    uscc,
    kind,
    account,
    certificateSerial: z.string().regex(/^[0-9A-Fa-f]{1,64}$/),
  }),
  accountSubmitted: z.object({ submissionId: id }),
  accountUnbinding: z.strictObject({ idempotencyKey, uscc, kind, account }),
  accountUnbound: z.object({ state: z.literal('unbound') }),
  /** The platform's push of what its administrator decided. May come twice and late. */
  decision: z.strictObject({
    decisionId: id,
    submissionId: id,
    reference: z.uuid(),
    decision: z.enum(['approved', 'refused']),
    // Empty with an approval; a refusal says why.
    reason: carriableText(300),
    decidedAt: z.iso.datetime({ offset: true }),
  }),
  /** A new initial password for an account that a certificate of ours is bound to: the old one is good no longer. */
  passwordReset: z.strictObject({ idempotencyKey, uscc, account, certificateSerial: z.string().regex(/^[0-9A-Fa-f]{1,64}$/) }),
  passwordWasReset: z.object({ initialPassword: carriableText(64).min(1) }),
  bound: z.object({ bindingId: carriableText(64).min(1), initialPassword: carriableText(64).min(1) }),
};
