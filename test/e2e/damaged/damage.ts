/** Requests damaged at random: in their path, query, headers and body, and by whom they are sent. The same seed, the same requests. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { staffRoles, type Operation } from '../permissions.js';

const nasty = fc.constantFrom(
  '%00',
  '%0a',
  '%E0%A4%A',
  '%ff%fe',
  '%F0%9F%92%A9',
  '..%2f..%2fetc%2fpasswd',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  '-1',
  '0',
  '1e309',
  '99999999999999999999',
  '2147483648',
  "';DROP TABLE application;--",
  '0000-01-01',
  '9999-12-31',
  '2026-02-30',
  'x'.repeat(3000),
  randomUUID().toUpperCase(),
);
const query = fc.constantFrom(
  '',
  '',
  '',
  '?',
  '?fileName=a.png',
  '?fileName=%00.png',
  '?fileName=a.pdf&fileName=b',
  '?state[]=held',
  '?state=%ff',
  '?__proto__[x]=1',
  '?a=1'.repeat(500),
);
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.1,
    1e308,
    '',
    '\u0000',
    '\ud800',
    '\u202e',
    [],
    {},
    [[]],
    { $gt: '' },
    'x'.repeat(5000),
    Number.MAX_SAFE_INTEGER,
  ),
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
);
/** Mostly right, so that the damage elsewhere is reached. */
const mostly = <T>(right: T, ...wrong: T[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
/** Mostly a new one, so that the request is no repetition; sometimes that of another request. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.constant(randomUUID()) },
  { weight: 1, arbitrary: fc.constantFrom('', 'x', 'x'.repeat(5000), '%00', '../../..') },
);
const type = mostly('application/json', 'application/json; charset=utf-16', 'text/plain', 'multipart/form-data', 'x', '*/*');
const encoding = mostly('', 'gzip', 'br', 'deflate', 'rot13', 'identity');
const cookie = mostly(null, '', 'xinyin_session=x', `xinyin_session=${'A'.repeat(43)}`, '=;=;;', `a=${'b'.repeat(6000)}`);
/** One of those who may call it, or anybody. */
const who = fc.oneof(
  { weight: 5, arbitrary: fc.nat(10).map((allowed) => ({ allowed })) },
  { weight: 1, arbitrary: fc.constantFrom('nobody', 'applicant', ...staffRoles).map((name) => ({ name })) },
);

export const damagedRequest = (operation: fc.Arbitrary<Operation>) =>
  fc.record({
    operation,
    who,
    query,
    key,
    type,
    encoding,
    cookie,
    place: fc.oneof(
      { weight: 3, arbitrary: fc.nat(5).map((index) => ({ index })) },
      { weight: 1, arbitrary: nasty.map((text) => ({ text })) },
    ),
    body: fc.oneof(
      { weight: 4, arbitrary: fc.record({ at: fc.nat(30), value: strange }).map((damage) => ({ damage })) },
      { weight: 1, arbitrary: strange.map((value) => ({ text: JSON.stringify(value) ?? '' })) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('', '{', '[[[[', '{"a":1e999}', '{"a":"\\ud800"}', '['.repeat(60_000), '{"form":'.repeat(5000))
          .map((text) => ({ text })),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ bytes })) },
    ),
  });

export type Damaged = ReturnType<typeof damagedRequest> extends fc.Arbitrary<infer T> ? T : never;

/** @param right what the endpoint would take, as JSON or as a file; damaged in one place, or replaced */
export function bodyOf({ body }: Damaged, right: Record<string, unknown> | Buffer): Buffer {
  if ('bytes' in body) return Buffer.from(body.bytes);
  if ('text' in body) return Buffer.from(body.text);
  const { at, value } = body.damage;
  return Buffer.isBuffer(right) ? spoilt(right, at, value) : Buffer.from(JSON.stringify(damagedAt(right, at, value)));
}

/** @param right values for the names in the path, and the query without which the endpoint takes nothing */
export function pathOf(
  { operation: { path }, place, query: asked }: Damaged,
  { places, query: needed = '' }: { places: Record<string, string[]>; query?: string },
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const values = places[name] ?? ['x'];
    return 'text' in place ? encodeURI(place.text).replaceAll('%25', '%') : (values[place.index % values.length] ?? 'x');
  });
  return `${filled}${asked === '' ? needed : asked}`;
}

export function headersOf({
  type: contentType,
  key: idempotencyKey,
  encoding: contentEncoding,
  cookie: sent,
}: Damaged): Record<string, string> {
  return {
    'Content-Type': contentType,
    ...(idempotencyKey === '' ? {} : { 'Idempotency-Key': idempotencyKey }),
    ...(contentEncoding === '' ? {} : { 'Content-Encoding': contentEncoding }),
    ...(sent === null ? {} : { Cookie: sent }),
  };
}

/** A file with something put in or over it, or cut short there; at the last places as it was. */
function spoilt(file: Buffer, at: number, value: unknown): Buffer {
  if (at > 24) return file;
  const place = Math.floor((at / 25) * file.length);
  const put = Buffer.from(JSON.stringify(value) ?? '');
  const rest = [place + put.length, place, file.length][at % 3];
  return Buffer.concat([file.subarray(0, place), put, file.subarray(rest)]);
}

/** Replaces the value at one place of the tree, counted from its root. */
function damagedAt(tree: unknown, at: number, value: unknown): unknown {
  let count = 0;
  const visit = (node: unknown): unknown => {
    if (count++ === at) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (node !== null && typeof node === 'object')
      return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, visit(child)]));
    return node;
  };
  return visit(tree);
}
