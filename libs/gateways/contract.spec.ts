/** The contract that people read (openapi.json) and the one that machines run (contract.ts) must be one. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { contracts } from './index.js';

interface Schema {
  [keyword: string]: unknown;
}
interface OpenApi {
  openapi: string;
  components: { schemas: Record<string, Schema> };
}
const openApi = (system: string) => JSON.parse(readFileSync(new URL(`./${system}/openapi.json`, import.meta.url), 'utf8')) as OpenApi;

/** Words for people, and how a library writes a format: neither changes what is allowed. */
const WORDS = new Set(['description', '$schema']);
const BY_FORMAT: Record<string, string[]> = { 'date-time': ['pattern'], base64: ['pattern', 'format'] };

function essence(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(essence);
  if (typeof schema !== 'object' || schema === null) return schema;
  const dropped = BY_FORMAT[String((schema as Schema)['format'])] ?? [];
  const kept = Object.entries(schema).filter(([name, value]) => !dropped.includes(name) && !(WORDS.has(name) && typeof value === 'string'));
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'required' ? [...(value as string[])].sort() : essence(value)]));
}

const pairs = Object.entries(contracts).flatMap(([system, schemas]) =>
  Object.entries(schemas).map(
    ([name, schema]) => [system, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, schema as z.ZodType] as const,
  ),
);

describe('openapi.json', () => {
  it.each(pairs)('%s: %s is what the code checks', (system, name, schema) => {
    expect(essence(openApi(system).components.schemas[name])).toEqual(essence(z.toJSONSchema(schema, { io: 'input' })));
  });

  it.each(Object.keys(contracts))('%s: is OpenAPI 3.1, and each of its references leads somewhere', (system) => {
    const document = openApi(system);
    expect(document.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    const lost = references.filter(
      (path) => path.split('/').reduce<unknown>((at, step) => (at as Schema | undefined)?.[step], document) === undefined,
    );
    expect(references.length).toBeGreaterThan(0);
    expect(lost).toEqual([]);
  });
});
