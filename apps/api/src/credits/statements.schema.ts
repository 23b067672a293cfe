/** What finance sees of a statement file and its entries. */
import { entryStandings } from '#domain';
import { z } from 'zod';

const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });

export const statementView = z.object({
  sha256: z.string(),
  source: z.enum(['upload', 'bank']),
  format: z.string().nullable(),
  receivedAt: z.string(),
  state: z.enum(['received', 'recording', 'deciding', 'done', 'refused']),
  /** Entries in the file, and how many of them are recorded, and decided. */
  entries: z.number(),
  recorded: z.number(),
  decided: z.number(),
  /** Entries that this file was the first to tell. */
  added: z.number(),
  finishedAt: z.string().nullable(),
  /** Why the file was refused, and at which place in it. */
  refusal: words.extend({ place: z.string() }).nullable(),
});

export const entryView = z.object({
  position: z.number(),
  place: z.string(),
  /** The bank's own, or what stands in for it. */
  reference: z.string(),
  day: z.string(),
  valueDay: z.string(),
  amountFen: z.number(),
  payer: z.string(),
  outcome: z.enum(entryStandings),
  reason: words.nullable(),
  creditId: z.string().nullable(),
});
