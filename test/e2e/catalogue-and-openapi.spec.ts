/** What the API says about itself: catalogue, agreements, its description, its health. */
import { jest } from '@jest/globals';
import { openOffice, type Office } from '../world/office.js';
import { expectRefusal, notFound } from './refusal.js';

jest.setTimeout(60_000);

interface Operation {
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: { type?: string; additionalProperties?: unknown } }> };
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: object }> };
}

describe('catalogue and description', () => {
  let office: Office;
  let description: Description;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    description = await office.person().get<Description>('/api/openapi.json');
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const operations = () =>
    Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
    );

  describe('catalogue', () => {
    interface Catalogue {
      businesses: {
        slug: string;
        zh: string;
        channels: string[];
        ways: { channel: string; materials: { slug: string }[]; stages: { slug: string; zh: string }[] }[];
        agreements: { slug: string; version: string }[];
        feesForOneYear: { lines: { amountFen: number }[]; totalFen: number };
        dispatchIfCompletedNow: { day: string; reason: string; reasonEn: string };
      }[];
      agentChanges: { slug: string; channels: string[]; materials: { slug: string }[]; fees: { lines: object[]; totalFen: number } }[];
    }
    const read = () => office.person().get<Catalogue>('/api/v1/catalogue');

    it('G fees: 50 yuan opening and 200 a year, 250 together; three papers; the two agreements with their versions', async () => {
      const [business] = (await read()).businesses;
      expect(business).toMatchObject({ slug: 'new', zh: '证书新办', channels: ['online', 'window'] });
      expect(business?.feesForOneYear.lines.map(({ amountFen }) => amountFen)).toEqual([5_000, 20_000]);
      expect(business?.feesForOneYear.totalFen).toBe(25_000);
      for (const { materials } of business?.ways ?? [])
        expect(materials.map(({ slug }) => slug)).toEqual(['application-form', 'licence', 'agent-id']);
      expect(business?.agreements.map(({ slug, version }) => [slug, version])).toEqual([
        ['subscriber-agreement', '2026-01'],
        ['personal-data', '2026-01'],
      ]);
    });

    it('G: six businesses that are applied for with a form, each over its channels', async () => {
      const { businesses } = await read();
      expect(businesses.map(({ slug, channels }) => [slug, ...channels].join(' '))).toEqual([
        'new online window',
        'renewal-valid online window',
        'renewal-expired online window',
        'change window',
        'reissue window',
        'revocation window telephone',
      ]);
    });

    it('D: another agent comes with a letter, another phone without papers; neither is paid for', async () => {
      const { agentChanges } = await read();
      expect(agentChanges.map(({ slug, channels, materials }) => [slug, channels, materials.map((each) => each.slug)])).toEqual([
        ['other-agent', ['online', 'window'], ['authorisation-letter']],
        ['lost-phone', ['window', 'telephone'], []],
      ]);
      expect(agentChanges.map(({ fees }) => fees)).toEqual([{ lines: [], totalFen: 0 }, { lines: [], totalFen: 0 }]); // prettier-ignore
    });

    it('G dispatch: the promise moves with the day, by the calendar of Shanghai', async () => {
      office.clock.set(new Date('2026-12-02T04:00:00Z'));
      expect((await read()).businesses[0]?.dispatchIfCompletedNow.day).toBe('2026-12-04');
      office.clock.set(new Date('2026-12-03T16:00:00Z'));
      const promise = (await read()).businesses[0]?.dispatchIfCompletedNow;
      expect(promise?.day).toBe('2026-12-11');
      expect(promise?.reason).toMatch(/\p{Script=Han}/u);
      expect(promise?.reasonEn).toBe('completed on Friday: next Friday');
    });

    it.each(['subscriber-agreement', 'personal-data'])('the text of %s is told with its version', async (slug) => {
      const agreement = await office.person().get<{ version: string; text: string }>(`/api/v1/agreements/${slug}`);
      expect(agreement.version).toBe('2026-01');
      expect(agreement.text.length).toBeGreaterThan(50);
    });

    it.each(['none', '__proto__', 'constructor', '%00', 'personal-data%20'])('there is no agreement %j', async (slug) => {
      expectRefusal(await office.person().attempt('GET', `/api/v1/agreements/${slug}`), notFound);
    });
  });

  describe('description', () => {
    it('is OpenAPI 3 and lists every route that the server has below /api/v1', () => {
      expect(description.openapi).toMatch(/^3\./);
      expect(operations().length).toBeGreaterThan(30);
      expect(operations().every(({ path }) => path.startsWith('/api/v1/'))).toBe(true);
    });

    it('is true: no route that it lists answers "no such route", and none answers a method that it does not list', async () => {
      const person = office.person();
      const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
      const shape = (path: string) => path.replace(/\{\w+\}/g, '{}');
      const listed = Object.entries(description.paths);
      for (const [path] of listed) {
        // `statements/{day}` and `statements/{sha256}` are one shape of path.
        const alike = listed.filter(([other]) => shape(other) === shape(path));
        const allowed = alike.flatMap(([, methods]) => Object.keys(methods)).map((method) => method.toUpperCase());
        const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'index' ? '1' : name === 'slug' ? 'personal-data' : 'x'));
        for (const method of methods.filter((each) => !allowed.includes(each))) {
          const answer = await person.attempt(method, filled, method === 'GET' ? {} : { json: {} });
          // `drafts/{id}` beside `drafts`: a longer path may be another route's.
          expect([method, path, [404, 405].includes(answer.status)]).toEqual([method, path, true]);
        }
        for (const method of allowed)
          expect([method, path, (await person.attempt(method, filled)).status]).not.toEqual([method, path, 405]);
      }
    });

    it('every operation names what it takes strictly, what it answers, and its refusals as problem+json', () => {
      for (const { name, operation } of operations()) {
        const json = operation.requestBody?.content['application/json']?.schema;
        if (json) expect([name, json.additionalProperties]).toEqual([name, false]);
        const codes = Object.keys(operation.responses);
        expect([name, codes.some((code) => code.startsWith('2')), codes.includes('4XX'), codes.includes('5XX')]).toEqual([
          name,
          true,
          true,
          true,
        ]);
        expect(operation.responses['4XX']?.content?.['application/problem+json']?.schema.$ref).toBe('#/components/schemas/Problem');
      }
    });

    it('a refusal has just the parts that are described', async () => {
      const problem = expectRefusal(await office.person().attempt('GET', '/api/v1/agreements/none'), notFound);
      expect(Object.keys(problem).sort()).toEqual(Object.keys(description.components.schemas['Problem']?.properties ?? {}).sort());
    });

    it('every parameter in a path is described, and the idempotency key where one is needed', () => {
      for (const { name, path, operation } of operations()) {
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each);
        const described = (operation.parameters ?? []).filter((each) => each.in === 'path').map((each) => each.name);
        expect([name, described.sort()]).toEqual([name, inPath.sort()]);
      }
      const needKey = operations()
        .filter(({ operation }) =>
          operation.parameters?.some((each) => each.in === 'header' && each.name === 'Idempotency-Key' && each.required),
        )
        .map(({ name }) => name);
      expect(needKey.sort()).toEqual([
        'POST /api/v1/account-bindings',
        'POST /api/v1/agent-changes/{id}',
        'POST /api/v1/agent-changes/{id}/decision',
        'POST /api/v1/applications/{id}/invoice-corrections',
        'POST /api/v1/applications/{id}/invoices/{invoiceId}/link-message',
        'POST /api/v1/credit-explanations/{id}/decision',
        'POST /api/v1/credits/{id}/explanations',
        'POST /api/v1/dispatches/{day}/hand-over',
        'POST /api/v1/drafts/{id}/submission',
        'POST /api/v1/invoices/{invoiceId}/retry',
        'POST /api/v1/refunds',
        'POST /api/v1/refunds/{id}/decision',
        'POST /api/v1/refunds/{id}/payee',
        'POST /api/v1/reviews/{id}/decision',
        'POST /api/v1/unlocks/tickets',
        'POST /api/v1/unlocks/tickets/{id}/decision',
        'POST /api/v1/window/{id}/fee',
        'POST /api/v1/window/{id}/form',
        'POST /api/v1/window/{id}/hand-over',
        'POST /api/v1/window/{id}/key-recovery',
        'POST /api/v1/window/{id}/payment',
      ]);
    });

    it('has a page for people', async () => {
      const response = await fetch(`${office.api}/api/docs`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    });
  });

  describe('health', () => {
    it.each([
      ['/healthz', { status: 'ok' }],
      ['/readyz', { status: 'ready' }],
    ])('%s answers without a session', async (path, body) => {
      const answer = await office.person().attempt('GET', path);
      expect([answer.status, answer.body]).toEqual([200, body]);
    });

    it('/metrics counts requests and refusals by route and code, and names nobody', async () => {
      const phone = '17299999999';
      await office.person().attempt('POST', '/api/v1/login', { json: { phone, code: '123456' } });
      const answer = await office.person().attempt('GET', '/metrics');
      expect(answer.status).toBe(200);
      expect(String(answer.body)).toMatch(/code="CODE_EXPIRED"/);
      expect(String(answer.body)).toMatch(/route="\/api\/v1\/login"/);
      expect(String(answer.body)).not.toContain(phone);
    });
  });

  it('every answer, right or refused, carries an id of its own and no name of the software', async () => {
    const answers = [await office.person().attempt('GET', '/api/v1/catalogue'), await office.person().attempt('GET', '/api/v1/drafts')];
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(2);
    for (const { headers } of answers) {
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const given = await office.person().attempt('GET', '/api/v1/catalogue', { headers: { 'X-Request-Id': 'mine' } });
    expect(given.headers.get('x-request-id')).not.toBe('mine');
  });
});
