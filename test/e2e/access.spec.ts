/** Who is let in: deny by default, by session and by role; and what every endpoint does with requests that are no requests. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { actionsOf, applicant, freshPhone, openDraft, readyDraft, rightForm, submit, type Applicant } from './applicants.js';
import { mayCall, operations, staffRoles, type Caller, type Operation } from './permissions.js';
import { expectRefusal, expectUntouched, expectWellFormed, notFound } from './refusal.js';

jest.setTimeout(60_000);

const loginRequired = { status: 401, code: 'LOGIN_REQUIRED' };
const forbidden = { status: 403, code: 'FORBIDDEN_ROLE' };
const malformed = { status: 400, code: 'BODY_MALFORMED' };

describe('access', () => {
  let office: Office;
  let me: Applicant;
  let draftId: string;
  const callers = {} as Record<Caller, Person>;
  beforeAll(async () => {
    office = await openOffice();
    me = await applicant(office);
    draftId = await openDraft(me);
    callers.applicant = me.person;
    for (const role of staffRoles) callers[role] = await office.staff(role);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const filled = (path: string) =>
    path
      .replace('{id}', randomUUID())
      .replace('{day}', '2026-03-06')
      .replace('{index}', '1')
      .replace('{slug}', 'personal-data')
      .replace(/\{\w+\}/g, 'none');
  const call = (person: Person, { method, path }: Operation) =>
    person.attempt(method, filled(path), {
      ...(method === 'GET' || method === 'DELETE' ? {} : { json: {} }),
      headers: { 'Idempotency-Key': randomUUID() },
    });

  it('every operation that is published has its callers written down, and no other', async () => {
    const { paths } = await office.person().get<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json');
    const published = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(published.sort()).toEqual(Object.keys(mayCall).sort());
  });

  describe('without a session', () => {
    const closed = operations.filter(({ method, path }) => Array.isArray(mayCall[`${method} ${path}`]));
    it.each(closed)('$method $path asks for a login', async (operation) => {
      await expectUntouched(office, () => call(office.person(), operation), loginRequired);
    });

    const open = operations.filter(({ method, path }) => mayCall[`${method} ${path}`] === 'anybody');
    it.each(open)('$method $path asks for none', async (operation) => {
      expect([200, 422]).toContain((await call(office.person(), operation)).status);
    });
  });

  describe('by a link', () => {
    const linked = operations.filter(({ method, path }) => mayCall[`${method} ${path}`] === 'link');
    it.each(linked)('$method $path opens nothing to whoever has none, with a session or without', async (operation) => {
      for (const person of [office.person(), me.person, callers.finance]) expect((await call(person, operation)).status).toBe(404);
    });
  });

  describe('by role', () => {
    const closed = operations.filter(
      ({ method, path }) => Array.isArray(mayCall[`${method} ${path}`]) && method + path !== 'DELETE/api/v1/login',
    );
    const all: Caller[] = ['applicant', ...staffRoles];
    it.each(closed)('$method $path is for those whose work it is, and refuses every other', async (operation) => {
      const allowed = mayCall[`${operation.method} ${operation.path}`] ?? [];
      for (const caller of all) {
        const answer = await call(callers[caller], operation);
        if (allowed.includes(caller)) expect([caller, [401, 403].includes(answer.status)]).toEqual([caller, false]);
        else expectRefusal(answer, forbidden);
      }
    });

    it('a request that a browser sends from another site changes nothing', async () => {
      const headers = { 'Sec-Fetch-Site': 'cross-site' };
      const attempt = () => me.person.attempt('PATCH', `/api/v1/drafts/${draftId}`, { json: { form: { remarks: '别站' } }, headers });
      await expectUntouched(office, attempt, forbidden);
    });
  });

  describe('requests that are none', () => {
    const edit = (body: string | Buffer, type = 'application/json', more: Record<string, string> = {}) =>
      me.person.attempt('PATCH', `/api/v1/drafts/${draftId}`, { file: Buffer.from(body), headers: { 'Content-Type': type, ...more } });
    const right = JSON.stringify({ form: { remarks: '甲' } });

    it.each(['{', '{"form":', 'form=1', '"text"', '1', 'null', 'true', '{"form":{}}}', "{'form':{}}", '\u0000', '['.repeat(50_000)])(
      'the body %.20j is no JSON object: refused',
      async (body) => void (await expectUntouched(office, () => edit(body), malformed)),
    );

    it('a body that is not UTF-8 is refused instead of being read with replaced characters', async () => {
      const latin = Buffer.from('{"form":{"remarks":"caf\xe9"}}', 'latin1');
      await expectUntouched(office, () => edit(latin), malformed);
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/octet-stream',
    ])(
      'the content type %j is refused, not passed over',
      async (type) => void (await expectUntouched(office, () => edit(right, type), { status: 415, code: 'BODY_TYPE' })),
    );

    it('a character set or an encoding that is not known is refused', async () => {
      await expectUntouched(office, () => edit(right, 'application/json; charset=utf-16'), { status: 415, code: 'BODY_TYPE' });
      await expectUntouched(office, () => edit(right, 'application/json', { 'Content-Encoding': 'rot13' }), {
        status: 415,
        code: 'BODY_TYPE',
      });
      await expectUntouched(office, () => edit(right, 'application/json', { 'Content-Encoding': 'gzip' }), malformed);
    });

    it('a body over 128 kB is refused, and the refusal does not speak of files', async () => {
      const problem = await expectUntouched(office, () => edit(JSON.stringify({ form: { remarks: 'x'.repeat(140_000) } })), {
        status: 413,
        code: 'BODY_TOO_LARGE',
      });
      expect(problem.titleEn).toBe('The request body is too large.');
    });

    it.each(['/api/v1/nothing', '/api/v1', '/api/v1/drafts/1/2/3', '/api/v2/drafts', '/etc/passwd', '/api/v1/..%2f..%2fetc%2fpasswd', '/'])(
      'there is nothing at %s',
      async (path) => void (await expectUntouched(office, () => me.person.attempt('GET', path), notFound)),
    );

    it.each([
      ['DELETE', '/api/v1/drafts', 'GET, POST'],
      ['PUT', '/api/v1/applications', 'GET'],
      ['POST', '/api/v1/catalogue', 'GET'],
      ['PATCH', `/api/v1/reviews/${randomUUID()}/claim`, 'DELETE, POST'],
      ['GET', '/api/v1/login/codes', 'POST'],
      ['GET', '/api/v1/callbacks/bank', 'POST'],
      ['DELETE', '/healthz', 'GET'],
    ])('%s %s is not supported there, and the refusal says what is', async (method, path, allow) => {
      const attempt = () => me.person.attempt(method, path, method === 'GET' ? {} : { json: {} });
      await expectUntouched(office, attempt, { status: 405, code: 'METHOD_NOT_ALLOWED' });
      expect((await attempt()).headers.get('allow')).toBe(allow);
    });

    it('a path that cannot be decoded is refused', async () => {
      const answer = await me.person.attempt('GET', '/api/v1/drafts/%E0%A4%A');
      expect([400, 404]).toContain(answer.status);
      expectWellFormed(answer);
    });

    it.each(['0000-01-01', '9999-12-31', '2026-02-30', '2026-3-6', 'friday', '%00', '-2026-03-06', '+010000-01-01'])(
      'the day %j is none that is dispatched or booked on',
      async (day) => {
        const fields = { day: 'FIELD_FORMAT' };
        for (const [caller, method, path] of [
          ['dispatcher', 'GET', `/api/v1/dispatches/${day}`],
          ['dispatcher', 'POST', `/api/v1/dispatches/${day}`],
          ['dispatcher', 'POST', `/api/v1/dispatches/${day}/hand-over`],
          ['dispatcher', 'GET', `/api/v1/dispatches/${day}/dispatch-list.pdf`],
          ['finance', 'POST', `/api/v1/credits/statements/${day}`],
        ] as const) {
          const request = { ...(method === 'POST' ? { json: {} } : {}), headers: { 'Idempotency-Key': randomUUID() } };
          await expectUntouched(office, () => callers[caller].attempt(method, path, request), {
            status: 422,
            code: 'INPUT_INVALID',
            fields,
          });
        }
      },
    );

    it('a list asked for by a state that does not exist is refused, not answered with everything', async () => {
      for (const query of ['state=lost', 'state=', 'state=held&state=matched'])
        await expectUntouched(office, () => callers.finance.attempt('GET', `/api/v1/credits?${query}`), {
          status: 422,
          code: 'INPUT_INVALID',
          fields: { state: 'FIELD_CHOICE' },
        });
    });

    it.each(['0', '-1', '99999999999999999999', '1.5', 'one', '2147483648', '%00'])(
      'there is no certificate, seal or label number %j',
      async (index) => {
        const mine = await applicant(office);
        const { id } = await ownCase(mine);
        for (const path of [`certificates/${index}/signing.pem`, `seals/${index}/seal.png`])
          await expectUntouched(office, () => mine.person.attempt('GET', `/api/v1/applications/${id}/${path}`), notFound);
        const label = () => callers.dispatcher.attempt('GET', `/api/v1/applications/${id}/documents/token-label/${index}.pdf`);
        await expectUntouched(office, label, notFound);
      },
    );
  });

  /** A case that waits for its agent, so that nothing moves while it is looked at. */
  async function ownCase(mine: Applicant): Promise<{ id: string }> {
    const { draftId: ready } = await readyDraft(mine, rightForm(mine, freshPhone()));
    const { id } = (await submit(mine, ready)).body as { id: string };
    await office.until(async () => ((await actionsOf(office, id)).includes('phone.code-sent') ? true : null), 'the code');
    return { id };
  }
});
