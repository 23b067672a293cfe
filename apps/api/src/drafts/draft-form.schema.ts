/** The wire shape of a form: types and unknown fields. What is right in it is decided by the rules in libs/domain. */
import { z } from 'zod';

/** Long enough that the rule, not the shape, says what is too long; short enough that nobody stores a book. */
const text = z.string().max(2000);
const shape = {
  organisation: z.strictObject({ certificateName: text, uscc: text, province: text, city: text }).partial(),
  agent: z.strictObject({ name: text, identityNumber: text, phone: text }).partial(),
  delivery: z.strictObject({ recipient: text, phone: text, address: text, postcode: text }).partial(),
  roleAccount: z.strictObject({ kind: text, account: text }).partial(),
  certificates: z.strictObject({ count: z.number(), years: z.number() }).partial(),
  cause: text,
  remarks: text,
};
export const partialForm = z.strictObject(shape).partial();
export type PartialFormInput = z.infer<typeof partialForm>;
