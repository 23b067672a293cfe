/** Requests damaged at random, to all endpoints and by every kind of caller: refused or done, and never a failure of ours. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { FEW_PAPERS, nextDay, openDesk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { applicant, freshPhone, inReview, openDraft, rightForm, type Applicant } from './applicants.js';
import { bodyOf, damagedRequest, headersOf, pathOf, type Damaged } from './damage.js';
import { mayCall, operations, staffRoles, type Operation } from './permissions.js';
import { expectWellFormed } from './refusal.js';

jest.setTimeout(300_000);

const SEED = 20_260_306;
/** To each endpoint. A thousand to each take minutes: `XINYIN_DAMAGED_REQUESTS=1000 npm test -- test/e2e/damaged`. */
const REQUESTS = Number(process.env['XINYIN_DAMAGED_REQUESTS'] ?? 200);
const AT_ONCE = 16;
/** One by one; the last end cases that the others are about. */
const eachOf = (
  [
    [/window/, /unlocks/, /installations/, /account-bindings/, /notifications/, /certificates$/, /challenge$/, /drafts.*hours-waiver/],
    [/agent-changes/, /tasks/, /statements/],
    [/callbacks/, /codec/, /demo/],
    [/withdrawal/, /cancellation/],
  ] as const
).flatMap((paths) => everyOperation().filter(({ path }) => paths.some((each) => each.test(path))));

/** Those of the documented interface, and the two that only the engine's own screens call. */
function everyOperation(): Operation[] {
  const codec = ['decode', 'encode'].map((name) => ({ method: 'POST', path: `/api/v1/codec/${name}` }));
  return [...operations, ...codec];
}

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
      kind: ['signing', 'encryption', 'token-label', 'drug-production'],
      form: ['seal.png', 'seal.esl'],
      material: ['licence', 'application-form', 'agent-id', 'authorisation-letter'],
      agreement: ['personal-data', 'subscriber-agreement'],
      slug: ['personal-data'],
      window: ['chengnan', 'xinchuan'],
      serial: [serial],
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
    changeKind: 'other-agent',
    agent: rightForm(me).agent,
    method: 'card',
    slipNumber: 'POS-0001',
    amountFen: 5_000,
    serial,
    certificate: serial,
    kind: 'drug-production',
    account: 'sc0001',
    contact: 'telephone',
    callBackConfirmed: true,
    reminders: false,
    desk: '1',
    challenge: 'A'.repeat(120),
    challengeId: randomUUID(),
    signature: 'MEUCIQ==',
    certificationRequest: 'MIIB',
    notAfter: '2030-01-01T00:00:00Z',
    payloads: [{ metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==' }, data: 'AAAA' }],
  });
  /** Field by field; `kind<changeKind` where two endpoints mean different things by one name. */
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
    'POST /api/v1/agent-changes/{id}': ['kind<changeKind', 'agent'],
    'POST /api/v1/agent-changes/{id}/hours-waiver': ['reason'],
    'POST /api/v1/agent-changes/{id}/decision': ['outcome'],
    'POST /api/v1/agent-changes/{id}/confirmation': ['code'],
    'POST /api/v1/window/{id}/fee': ['amountFen'],
    'POST /api/v1/window/{id}/payment': ['method', 'slipNumber', 'amountFen'],
    'POST /api/v1/window/{id}/form': ['wish'],
    'POST /api/v1/installations/challenges': ['serial'],
    'POST /api/v1/installations/requests': ['serial', 'challengeId', 'signature', 'certificationRequest'],
    'POST /api/v1/installations/confirmation-challenges': ['serial'],
    'POST /api/v1/installations/confirmations': ['serial', 'challengeId', 'signature'],
    'POST /api/v1/demo/holders': ['form', 'notAfter'],
    'POST /api/v1/account-bindings': ['certificate', 'kind', 'account', 'password'],
    'POST /api/v1/account-bindings/{kind}/unbinding': ['certificate'],
    'PUT /api/v1/notifications': ['reminders'],
    'POST /api/v1/windows/{window}/queue/calls': ['desk'],
    'POST /api/v1/unlocks/tickets': ['certificate', 'contact', 'callBackConfirmed'],
    'POST /api/v1/unlocks/tickets/{id}/decision': ['outcome', 'reason'],
    'POST /api/v1/unlocks': ['serial', 'code', 'challenge'],
    'POST /api/v1/codec/decode': ['payloads'],
    'POST /api/v1/codec/encode': ['payloads'],
  };
  const rightFor = ({ method, path }: Operation) => {
    const right = rightBody();
    const names = takes[`${method} ${path}`] ?? ['additional'];
    return Object.fromEntries(names.map((name) => name.split('<')).map(([name = '', from = name]) => [name, right[from]]));
  };

  function callerOf({ who, operation: { method, path } }: Damaged): Person {
    const allowed = path.includes('codec') ? (['operator', 'auditor'] as const) : (mayCall[`${method} ${path}`] ?? 'anybody');
    const name = 'name' in who ? who.name : Array.isArray(allowed) ? (allowed[who.allowed % allowed.length] ?? 'nobody') : 'nobody';
    return callers[name] ?? office.person();
  }

  async function send(damaged: Damaged) {
    const { operation } = damaged;
    const headers = headersOf(damaged);
    const sent = operation.method === 'GET' ? { headers } : { file: bodyOf(damaged, rightFor(operation)), headers };
    return callerOf(damaged).attempt(operation.method, pathOf(damaged, places), sent);
  }

  /** How often each status was answered. */
  async function answersTo(requests: Damaged[]): Promise<Record<number, number>> {
    const seen: Record<number, number> = {};
    const left = [...requests];
    const hand = async () => {
      for (let damaged = left.pop(); damaged !== undefined; damaged = left.pop()) {
        const answer = await send(damaged);
        if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}\n${JSON.stringify(damaged)}`);
        if (answer.status >= 400) expectWellFormed(answer);
        seen[answer.status] = (seen[answer.status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, hand));
    return seen;
  }
  const some = (among: Operation[], numRuns: number) => fc.sample(damagedRequest(fc.constantFrom(...among)), { numRuns, seed: SEED });

  it('300 of them over all endpoints: every answer is done or a well-formed refusal', async () => {
    // Nobody logs the callers out meanwhile: without a session every request would be refused at the door.
    const seen = await answersTo(
      some(
        operations.filter(({ method, path }) => `${method} ${path}` !== 'DELETE /api/v1/login'),
        300,
      ),
    );
    // The damage reached further than the door.
    expect(seen[422] ?? 0).toBeGreaterThan(30);
  });

  it.each(eachOf.map(({ method, path }): [string, string] => [method, path]))(
    `${REQUESTS} of them to %s %s: every answer is done or a well-formed refusal`,
    async (method, path) => {
      const seen = await answersTo(some([{ method, path }], REQUESTS));
      const { 401: _unknown = 0, 403: _wrongRole = 0, ...further } = seen;
      // Without its signature a callback gets no further than the door, and that is right.
      const least = mayCall[`${method} ${path}`] === 'signed' ? -1 : REQUESTS / 2;
      expect(Object.values(further).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(least);
    },
  );

  it('and the office is still open', async () => {
    expect((await office.person().attempt('GET', '/readyz')).status).toBe(200);
  });
});
