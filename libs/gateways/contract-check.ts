/** Holds what comes in against a contract: strictly with the field named where others call us, and whole where we called them. */
import { z } from 'zod';
import { XinyinError, type ErrorCode, type FieldError } from '#domain';
import type { SystemName } from './signed-http/index.js';

/** @throws XinyinError INPUT_INVALID naming each wrong field */
export function readInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new XinyinError('INPUT_INVALID', { fields: fieldErrors(result.error) });
}

/** @throws XinyinError GATEWAY_CONTRACT naming the places, never the values */
export function readAnswer<T extends z.ZodType>(system: SystemName, schema: T, body: Buffer): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new XinyinError('GATEWAY_CONTRACT', { params: { system, reason: 'not-json' } });
  }
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new XinyinError('GATEWAY_CONTRACT', { params: { system, reason: 'shape' }, fields: fieldErrors(result.error) });
}

export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] => {
    const place = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ field: [...place, key].join('/'), code: 'FIELD_UNKNOWN' }));
    return [{ field: place.join('/'), ...codeOf(issue) }];
  });
}

function codeOf(issue: z.core.$ZodIssue): { code: ErrorCode; params?: Record<string, number> } {
  if (issue.code === 'invalid_type') return { code: issue.input === undefined ? 'FIELD_REQUIRED' : 'FIELD_TYPE' };
  if (issue.code === 'invalid_value') return { code: issue.input === undefined ? 'FIELD_REQUIRED' : 'FIELD_CHOICE' };
  if (issue.code === 'too_big' && issue.origin === 'string') return { code: 'FIELD_TOO_LONG', params: { limit: Number(issue.maximum) } };
  if (issue.code === 'too_small' && issue.origin === 'string') return { code: 'FIELD_REQUIRED' };
  if (issue.code === 'too_small') return { code: 'FIELD_RANGE', params: { min: Number(issue.minimum), max: Number.MAX_SAFE_INTEGER } };
  if (issue.code === 'too_big') return { code: 'FIELD_RANGE', params: { min: 1, max: Number(issue.maximum) } };
  return { code: 'FIELD_FORMAT' };
}

/** Text that a database and a page can carry: no NUL, no half of a surrogate pair (JSON can bring both in). Says nothing about its words. */
export function carriableText(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((text) => !/[\0\p{Surrogate}]/u.test(text));
}

export const idempotencyKey = z.string().regex(/^[A-Za-z0-9:_./-]{8,128}$/);
export const positiveFen = z.int().min(1);
