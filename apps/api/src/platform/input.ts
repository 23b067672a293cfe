/** What comes in, checked against a schema: unknown fields are refused, every finding names its field, and OpenAPI says the same. */
import { textProblem, XinyinError, type ErrorCode, type FieldError } from '#domain';
import { applyDecorators, Body, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { z } from 'zod';
import { unstorableIn } from './storable.js';

type Issue = z.core.$ZodIssue;

class SchemaPipe<T> implements PipeTransform<unknown, T> {
  constructor(
    private readonly schema: z.ZodType<T>,
    private readonly root: string | undefined,
  ) {}

  transform(value: unknown): T {
    // With the input in the issue a field that is missing can be told from one of the wrong type.
    const result = this.schema.safeParse(value ?? {}, { reportInput: true });
    const fields = result.success ? unstorableIn(result.data) : result.error.issues.flatMap(toFieldErrors);
    if (result.success && fields.length === 0) return result.data;
    const below = `${this.root ?? ''}/`;
    const named = ({ field, ...error }: FieldError) => ({ ...error, field: field.startsWith(below) ? field.slice(below.length) : field });
    throw new XinyinError('INPUT_INVALID', { fields: fields.map(named) });
  }
}

/** The request's body, of the schema's type. Fields below `root` are named from there on: as the rules, returns and screens name them. */
export const Input = <T>(schema: z.ZodType<T>, root?: string): ParameterDecorator => Body(new SchemaPipe(schema, root));

function toFieldErrors(issue: Issue): FieldError[] {
  const field = issue.path.map(String).join('/');
  const at = (name: string) => (field === '' ? name : `${field}/${name}`);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ field: at(key.slice(0, 60)), code: 'FIELD_UNKNOWN' }));
    case 'too_big':
      return [
        {
          field,
          code: issue.origin === 'string' ? 'FIELD_TOO_LONG' : 'FIELD_RANGE',
          params: { limit: Number(issue.maximum), min: '-', max: Number(issue.maximum) },
        },
      ];
    case 'too_small':
      return [{ field, code: 'FIELD_REQUIRED' }];
    case 'invalid_value':
      return [{ field, code: issue.input === undefined ? 'FIELD_REQUIRED' : 'FIELD_CHOICE' }];
    case 'invalid_format':
    case 'custom':
      return [{ field, code: 'FIELD_FORMAT' }];
    case 'invalid_type':
      return [{ field, code: (issue.input === undefined ? 'FIELD_REQUIRED' : 'FIELD_TYPE') satisfies ErrorCode }];
    default:
      return [{ field, code: 'FIELD_TYPE' }];
  }
}

/** One line in somebody's words: what no screen shows and no row takes is refused. */
export const lineOfText = (limit: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(limit)
    .refine((text) => textProblem(text) === null);

type Schema = NonNullable<Extract<ApiResponseOptions, { schema: unknown }>['schema']>;
/** Zod's own JSON Schema, in the dialect of OpenAPI 3.0. */
export const openApi = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as Schema;

/** Documents a JSON endpoint: what it takes, what it answers, and that it refuses with problem+json. */
export function Documented({ takes, answers, status = 200 }: { takes?: z.ZodType; answers?: z.ZodType; status?: number }): MethodDecorator {
  const problem = { description: 'Refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  return applyDecorators(
    ...(takes ? [ApiBody({ schema: openApi(takes, 'input') })] : []),
    ApiResponse({ status, description: 'Done', ...(answers ? { schema: openApi(answers, 'output') } : {}) }),
    ApiResponse({ status: '4XX', ...problem }),
    ApiResponse({ status: '5XX', ...problem }),
  );
}
