/** No endpoint that changes something goes without damaged requests: each stands in one group of test/e2e/damaged, or is left out with its reason. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { damagedGroups, leftOut } from '../e2e/damaged/groups.js';

const root = resolve(import.meta.dirname, '../..');
const CHANGING = ['post', 'put', 'patch', 'delete'];
/** Of the engine's screens: tried, though they are not published. */
const UNPUBLISHED = /^POST \/api\/v1\/codec\/(de|en)code$/;

type Paths = Record<string, Record<string, unknown>>;

const changing = (paths: Paths) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => (CHANGING.includes(method) ? [`${method.toUpperCase()} ${path}`] : [])),
  );
/** Published, and neither sent damaged requests nor left out. */
const forgotten = (paths: Paths) => changing(paths).filter((each) => !sent.includes(each) && !(each in leftOut));

const sent: string[] = Object.values(damagedGroups).flatMap((suite) => Object.values(suite).flat());

describe('damaged requests', () => {
  const { paths } = JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8')) as { paths: Paths };

  it('are sent to every endpoint that changes something', () => {
    expect(changing(paths).length).toBeGreaterThan(70);
    expect(forgotten(paths)).toEqual([]);
  });

  it('miss an endpoint that is new', () => {
    expect(forgotten({ ...paths, '/api/v1/vouchers': { get: {}, post: {} } })).toEqual(['POST /api/v1/vouchers']);
  });

  it('are sent to nothing that is gone, and to nothing twice; what is left out has a reason, and is not sent any', () => {
    const published = sent.filter((each) => !UNPUBLISHED.test(each));
    expect([...published, ...Object.keys(leftOut)].sort()).toEqual(changing(paths).sort());
    for (const reason of Object.values(leftOut)) expect(reason.length).toBeGreaterThan(30);
  });

  it('are sent by a spec for each suite', () => {
    for (const suite of Object.keys(damagedGroups))
      expect(readFileSync(join(root, 'test', 'e2e', 'damaged', `${suite}.spec.ts`), 'utf8')).toContain(`tellDamaged('${suite}',`);
  });
});
