/** What this folder refuses, by the field that is wrong. Never quotes what it refused: it may be a key. */
import { XinyinError } from '#domain';

export function refusal(field: string, cause?: unknown): XinyinError {
  return new XinyinError('INPUT_INVALID', { fields: [{ field, code: 'FIELD_FORMAT' }], cause });
}
