/** What is told about an application. */
import { z } from 'zod';
import { partialForm } from '../drafts/draft-form.schema.js';
import { invoiceView } from '../invoices/invoices.schema.js';

const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
export const summaryView = z.object({
  id: z.string(),
  number: z.string(),
  business: z.string(),
  channel: z.string(),
  certificateName: z.string(),
  submittedAt: z.string(),
  stage: words,
  waitingFor: words,
  since: z.string(),
  until: z.string().nullable(),
  outcome: words.nullable(),
  dispatch: z.object({ day: z.string(), reason: z.string(), reasonEn: z.string(), provisional: z.boolean() }).nullable(),
  needsAttention: z.boolean(),
});
export const applicationView = summaryView.extend({
  form: partialForm,
  /** Opens the invoice that holds, for the agent alone; null where there is none, or its time is over. */
  invoiceLink: z.string().nullable(),
  invoices: z.array(invoiceView),
});
export const timelineView = z.array(
  z.object({
    at: z.string(),
    who: z.string(),
    action: z.string(),
    zh: z.string(),
    en: z.string(),
    next: z.object({ zh: z.string(), en: z.string() }).nullable(),
    until: z.string().nullable(),
  }),
);
export const orderView = z.object({
  lines: z.array(z.object({ code: z.string(), quantity: z.number(), unitFen: z.number(), amountFen: z.number() })),
  amountFen: z.number(),
  receivedFen: z.number(),
  missingFen: z.number(),
  amountYuan: z.string(),
  status: z.string(),
  reference: z.string(),
  payerName: z.string(),
  expiresAt: z.string(),
  payTo: z.object({ holder: z.string(), bank: z.string(), account: z.string() }),
});
export const reasonSchema = z.strictObject({
  field: z.string().max(60),
  code: z.enum(['unreadable', 'stamp-missing', 'mismatch', 'outdated', 'wrong-document', 'other']),
  note: z.string().max(300).optional(),
});
export const correctionView = z.object({
  id: z.string(),
  round: z.number(),
  reasons: z.array(reasonSchema),
  editable: z.array(z.string()),
  form: partialForm,
  until: z.string().nullable(),
});
