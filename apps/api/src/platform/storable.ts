/**
 * Text that nothing of ours can keep, refused at the door in whatever field it comes, before anything is begun. What a field may say beyond
 * that is the field's own rule; the parts of a path are checked by their own form, and what cannot be is not found.
 */
import { unstorableText, XinyinError, type FieldError } from '#domain';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';

/** Every such text within a value that came as JSON or as a query, and every such name; a field is named by the way to it. */
export function unstorableIn(value: unknown, field = ''): FieldError[] {
  const found: FieldError[] = [];
  const left = [{ value, field }];
  const judge = (text: string, at: string) => {
    const code = unstorableText(text);
    if (code) found.push({ field: at, code });
    return code === null;
  };
  // Not by recursion: what fits into a body can be nested deeper than a stack.
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value: at, field: place } = next;
    if (typeof at === 'string') judge(at, place);
    else if (typeof at === 'object' && at !== null)
      for (const [name, within] of Object.entries(at))
        if (judge(name, place)) left.push({ value: within, field: place === '' ? name : `${place}/${name}` });
  }
  return found;
}

/** For every query of every endpoint; bodies pass the same check with their schema. */
export class StorableQuery implements PipeTransform<unknown, unknown> {
  transform(value: unknown, { type, data = '' }: ArgumentMetadata): unknown {
    const fields = type === 'query' ? unstorableIn(value, data) : [];
    if (fields.length > 0) throw new XinyinError('INPUT_INVALID', { fields });
    return value;
  }
}
