/** RFC 9457 problem details, from the one table of errors. */
import { describeError, errorTable, XinyinError, type ErrorCode } from '#domain';
import { z } from 'zod';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    titleEn: z.string(),
    status: z.number().int(),
    detail: z.string(),
    detailEn: z.string(),
    instance: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(
      z.object({ field: z.string(), code: z.string(), reason: z.string(), reasonEn: z.string(), remedy: z.string(), remedyEn: z.string() }),
    ),
  })
  .meta({ title: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** `detail` is the remedy: what the person can do. Nothing internal is in it. */
export function toProblem(error: XinyinError, instance: string, requestId: string): Problem {
  const words = describeError(error.code, error.params);
  return {
    type: `urn:xinyin:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: words.zh,
    titleEn: words.en,
    status: statusOf(error.code),
    detail: words.remedyZh,
    detailEn: words.remedyEn,
    instance,
    code: error.code,
    requestId,
    errors: error.fields.map(({ field, code, params }) => {
      const each = describeError(code, params);
      return { field, code, reason: each.zh, reasonEn: each.en, remedy: each.remedyZh, remedyEn: each.remedyEn };
    }),
  };
}

export const statusOf = (code: ErrorCode): number => errorTable[code].status;
