/** Sends damaged requests to each endpoint of a suite, by every kind of caller: refused or done, never a failure of ours, nothing half applied. */
import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import type { Person } from '../../../apps/launcher/src/demo/person.js';
import type { Office } from '../../world/office.js';
import { bankSignature } from '../bank-signature.js';
import { mayCall, operations, staffRoles, type Caller, type Operation } from '../permissions.js';
import { expectWellFormed } from '../refusal.js';
import { bodyOf, damagedRequest, headersOf, pathOf, type Damaged } from './damage.js';
import { damagedGroups, operationOf, type DamagedSuite } from './groups.js';
import { expectWhole } from './whole.js';

const SEED = 20_260_306;
/** To each endpoint. A thousand to each take minutes: `XINYIN_DAMAGED_REQUESTS=1000 npm test -- test/e2e/damaged`. */
const REQUESTS = Number(process.env['XINYIN_DAMAGED_REQUESTS'] ?? 200);
const OVER_ALL = 300;
const AT_ONCE = 16;

/** What an endpoint would take. */
export interface Aim {
  /** Values for the names in its path. */
  places?: Record<string, string[]>;
  body?: Record<string, unknown> | Buffer;
  /** Without which it takes nothing. */
  query?: string;
}

/** By endpoint; each is made anew for a request. */
export type Aims = Record<string, () => Aim>;

export interface Target {
  office: Office;
  callers: Partial<Record<Caller, Person>>;
  /** Values for the names in a path, where an aim has none of its own. */
  places: Record<string, string[]>;
  aims: Aims;
  /** What the requests set going, and is written in several steps, has come to its end. */
  settled?(): Promise<unknown>;
}

/** Whoever signs what an outside system tells. */
const signers = {
  bank: 'bankPush',
  'bank-payments': 'bankPush',
  platform: 'platformPush',
  sms: 'smsReceipts',
  sms2: 'sms2Receipts',
  courier: 'courierPush',
} as const;

export function tellDamaged(suite: DamagedSuite, open: () => Promise<Target>): void {
  jest.setTimeout(600_000);
  describe(`damaged requests: ${suite}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await open();
    }, 240_000);
    afterAll(() => target.office.close(), 60_000);

    const some = (among: Operation[], numRuns: number) => fc.sample(damagedRequest(fc.constantFrom(...among)), { numRuns, seed: SEED });

    describe.each(Object.entries<readonly string[]>(damagedGroups[suite]))('%s', (_, names) => {
      it.each(names)(`${REQUESTS} of them to %s: every answer is done or a well-formed refusal`, async (name) => {
        const seen = await answersTo(target, some([operationOf(name)], REQUESTS));
        const { 401: _unknown = 0, 403: _wrongRole = 0, ...further } = seen;
        expect(Object.values(further).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(REQUESTS / 2);
      });
    });

    it(`${OVER_ALL} of them over all endpoints: every answer is done or a well-formed refusal`, async () => {
      // Nobody logs the callers out meanwhile: without a session every request would be refused at the door.
      const staying = operations.filter(({ method, path }) => `${method} ${path}` !== 'DELETE /api/v1/login');
      const seen = await answersTo(target, some(staying, OVER_ALL));
      // The damage reached further than the door.
      expect(seen[422] ?? 0).toBeGreaterThan(OVER_ALL / 10);
    });

    it('and nothing of all that is half applied', async () => {
      await target.settled?.();
      await expectWhole(target.office);
    });

    it('and the office is still open', async () => {
      expect((await target.office.person().attempt('GET', '/readyz')).status).toBe(200);
    });
  });
}

/** Somebody of each role, and the applicant whose cases these are. */
export async function callersOf(office: Office, applicant: Person): Promise<Target['callers']> {
  const callers: Target['callers'] = { applicant };
  for (const role of staffRoles) callers[role] = await office.staff(role);
  return callers;
}

/** How often each status was answered. */
async function answersTo(target: Target, requests: Damaged[]): Promise<Record<number, number>> {
  const seen: Record<number, number> = {};
  const left = [...requests];
  const hand = async () => {
    for (let damaged = left.pop(); damaged !== undefined; damaged = left.pop()) {
      const request = damaged;
      // A connection kept open may be closed just as it is used again (RFC 9112, section 9.3.1): no answer at all, and asked for once more.
      const answer = await send(target, request).catch(() => send(target, request));
      if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}\n${JSON.stringify(damaged)}`);
      if (answer.status >= 400 && !isPageOfLink(damaged, answer.status)) expectWellFormed(answer);
      seen[answer.status] = (seen[answer.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
  return seen;
}

function send(target: Target, damaged: Damaged) {
  const { operation } = damaged;
  const { places = {}, body = { additional: true }, query = '' } = target.aims[`${operation.method} ${operation.path}`]?.() ?? {};
  const path = pathOf(damaged, { places: { ...target.places, ...places }, query });
  const caller = callerOf(target, damaged);
  if (operation.method === 'GET') return caller.attempt('GET', path, { headers: headersOf(damaged) });
  const file = bodyOf(damaged, body);
  return caller.attempt(operation.method, path, {
    file,
    headers: { ...headersOf(damaged), ...signature(target.office, damaged, { path, file }) },
  });
}

function callerOf({ office, callers }: Target, { who, operation: { method, path } }: Damaged): Person {
  const allowed = path.includes('codec') ? (['operator', 'auditor'] as const) : (mayCall[`${method} ${path}`] ?? 'anybody');
  const known = Object.keys(callers) as Caller[];
  const able = Array.isArray(allowed) ? known.filter((each) => allowed.includes(each)) : [];
  // Whoever logs in is somebody else from then on.
  if (method === 'POST' && path.startsWith('/api/v1/login')) return office.person();
  const name = 'name' in who ? who.name : able[who.allowed % Math.max(able.length, 1)];
  return callers[name as Caller] ?? office.person();
}

/** Of what was damaged, so that it gets further than the door; not by a stranger. */
function signature(
  { settings, clock }: Office,
  { who, operation: { path: template } }: Damaged,
  { path, file }: { path: string; file: Buffer },
): Record<string, string> {
  const system = /^\/api\/v1\/callbacks\/(.+)$/.exec(template)?.[1] as keyof typeof signers | undefined;
  if (system === undefined || 'name' in who) return {};
  return bankSignature(file, { ...settings.secrets[signers[system]], at: clock.now(), path });
}

/** To whoever has no link, a page says so, and the same to all. */
const isPageOfLink = ({ operation: { method, path } }: Damaged, status: number) =>
  mayCall[`${method} ${path}`] === 'link' && status === 404;
