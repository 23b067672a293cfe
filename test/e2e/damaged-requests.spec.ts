/** Requests damaged at random, over all endpoints and by every kind of caller: refused or done, and never a failure of ours. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { FEW_PAPERS, nextDay, openDesk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { applicant, freshPhone, inReview, openDraft, rightForm, type Applicant } from './applicants.js';
import { mayCall, operations, staffRoles } from './permissions.js';
import { expectWellFormed } from './refusal.js';

jest.setTimeout(300_000);

const SEED = 20_260_306;
const REQUESTS = 300;

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
const key = mostly(randomUUID(), '', 'x', 'x'.repeat(5000), '%00', '../../..');
const type = mostly('application/json', 'application/json; charset=utf-16', 'text/plain', 'multipart/form-data', 'x', '*/*');
const encoding = mostly('', 'gzip', 'br', 'deflate', 'rot13', 'identity');
const cookie = mostly(null, '', 'xinyin_session=x', `xinyin_session=${'A'.repeat(43)}`, '=;=;;', `a=${'b'.repeat(6000)}`);
/** One of those who may call it, or anybody. */
const who = fc.oneof(
  { weight: 5, arbitrary: fc.nat(10).map((allowed) => ({ allowed })) },
  { weight: 1, arbitrary: fc.constantFrom('nobody', 'applicant', ...staffRoles).map((name) => ({ name })) },
);

describe('damaged requests', () => {
  let office: Office;
  let me: Applicant;
  let places: Record<string, string[]>;
  let serial: string;
  const callers: Record<string, Person> = {};
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    const application = await inReview(office);
    me = { person: application.person, phone: application.phone };
    const draftId = await openDraft(await applicant(office));
    const atWindow = await windowCase();
    places = {
      id: [atWindow, application.id, application.draftId, await openDraft(me), draftId, randomUUID()],
      day: ['2026-03-06', '2026-03-02'],
      index: ['1', '2'],
      kind: ['signing', 'encryption', 'token-label'],
      form: ['seal.png', 'seal.esl'],
      material: ['licence', 'application-form', 'agent-id'],
      agreement: ['personal-data', 'subscriber-agreement'],
      slug: ['personal-data'],
      number: ['XB-2026-000001', 'BB-2026-000001'],
      year: ['2026', '2027'],
    };
    callers['nobody'] = office.person();
    callers['applicant'] = me.person;
    for (const role of staffRoles) callers[role] = await office.staff(role);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  /** A reissue that waits for its payment at the window. */
  async function windowCase(): Promise<string> {
    const desk = await openDesk(office);
    const holder = await desk.holder(new Date(office.clock.now().getTime() + 30 * 86_400_000));
    const clerk = await desk.who('clerk');
    const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS));
    serial = holder.serial;
    await desk.reach(id, 'window-payment');
    return id;
  }

  /** What the endpoint would take; damaged in one place, or replaced. */
  const rightBody = (): Record<string, unknown> => ({
    phone: freshPhone(),
    code: '123456',
    username: 'reviewer',
    password: 'wrong',
    business: 'new',
    system: 'sichuan-medicine-procurement',
    version: '2026-01',
    form: rightForm(me),
    additional: true,
    outcome: 'returned',
    reasons: [{ field: 'materials/licence', code: 'other', note: 'x' }],
    reason: 'duplicate',
    wish: 'lift',
    method: 'card',
    slipNumber: 'POS-0001',
    amountFen: 5_000,
    serial,
    challengeId: randomUUID(),
    signature: 'MEUCIQ==',
    certificationRequest: 'MIIB',
    notAfter: '2030-01-01T00:00:00Z',
  });
  const takes: Record<string, string[]> = {
    'POST /api/v1/login/codes': ['phone'],
    'POST /api/v1/login': ['phone', 'code'],
    'POST /api/v1/login/staff': ['username', 'password'],
    'POST /api/v1/drafts': ['business', 'system'],
    'PATCH /api/v1/drafts/{id}': ['form'],
    'PATCH /api/v1/applications/{id}/correction': ['form'],
    'PUT /api/v1/drafts/{id}/consents/{agreement}': ['version'],
    'POST /api/v1/drafts/{id}/submission': ['additional'],
    'POST /api/v1/reviews/{id}/decision': ['outcome', 'reasons'],
    'POST /api/v1/applications/{id}/phone-verification': ['code'],
    'POST /api/v1/applications/{id}/cancellation': ['reason'],
    'POST /api/v1/drafts/{id}/hours-waiver': ['reason'],
    'POST /api/v1/window/{id}/fee': ['amountFen'],
    'POST /api/v1/window/{id}/payment': ['method', 'slipNumber', 'amountFen'],
    'POST /api/v1/window/{id}/form': ['wish'],
    'POST /api/v1/installations/challenges': ['serial'],
    'POST /api/v1/installations/requests': ['serial', 'challengeId', 'signature', 'certificationRequest'],
    'POST /api/v1/installations/confirmation-challenges': ['serial'],
    'POST /api/v1/installations/confirmations': ['serial', 'challengeId', 'signature'],
    'POST /api/v1/demo/holders': ['form', 'notAfter'],
  };

  // Nobody logs the callers out meanwhile: without a session every request would be refused at the door.
  const operation = fc.constantFrom(...operations.filter(({ method, path }) => `${method} ${path}` !== 'DELETE /api/v1/login'));
  const request = fc.record({
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
  type Damaged = typeof request extends fc.Arbitrary<infer T> ? T : never;

  function bodyOf({ operation: { method, path }, body }: Damaged): Buffer {
    if ('bytes' in body) return Buffer.from(body.bytes);
    if ('text' in body) return Buffer.from(body.text);
    const right = rightBody();
    const taken = Object.fromEntries((takes[`${method} ${path}`] ?? ['additional']).map((name) => [name, right[name]]));
    return Buffer.from(JSON.stringify(damagedAt(taken, body.damage.at, body.damage.value)));
  }

  function callerOf({ who, operation: { method, path } }: Damaged): Person {
    const allowed = mayCall[`${method} ${path}`] ?? 'anybody';
    const name = 'name' in who ? who.name : Array.isArray(allowed) ? (allowed[who.allowed % allowed.length] ?? 'nobody') : 'nobody';
    return callers[name] ?? office.person();
  }

  async function send(damaged: Damaged) {
    const {
      operation: { method, path },
      place,
    } = damaged;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const right = places[name] ?? ['x'];
      return 'text' in place ? encodeURI(place.text).replaceAll('%25', '%') : (right[place.index % right.length] ?? 'x');
    });
    const headers: Record<string, string> = { 'Content-Type': damaged.type };
    if (damaged.key !== '') headers['Idempotency-Key'] = damaged.key;
    if (damaged.encoding !== '') headers['Content-Encoding'] = damaged.encoding;
    if (damaged.cookie !== null) headers['Cookie'] = damaged.cookie;
    const withBody = method === 'GET' ? { headers: { ...headers } } : { file: bodyOf(damaged), headers };
    return callerOf(damaged).attempt(method, `${filled}${damaged.query}`, withBody);
  }

  it(`${REQUESTS} of them: every answer is done or a well-formed refusal`, async () => {
    const seen: Record<number, number> = {};
    await fc.assert(
      fc.asyncProperty(request, async (damaged) => {
        const answer = await send(damaged);
        seen[answer.status] = (seen[answer.status] ?? 0) + 1;
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expectWellFormed(answer);
      }),
      { numRuns: REQUESTS, seed: SEED, endOnFailure: true },
    );
    // The damage reached further than the door.
    expect(seen[422] ?? 0).toBeGreaterThan(30);
    expect((await office.person().attempt('GET', '/readyz')).status).toBe(200);
  });
});

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
