import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { XinyinError } from '#domain';
import { openSignedClient, signAnswer } from './index.js';

const SECRET = 'a-secret-nobody-may-read';
const NOW = new Date('2026-03-06T04:00:00Z');

interface Seen {
  method: string | undefined;
  url: string | undefined;
  nonce: string;
  body: string;
}
type Script = (response: ServerResponse, nonce: string, request: IncomingMessage) => void;

let server: Server;
let seen: Seen[];
let script: Script[];

beforeEach(async () => {
  seen = [];
  script = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const nonce = String(request.headers['x-xinyin-nonce']);
      seen.push({ method: request.method, url: request.url, nonce, body: Buffer.concat(chunks).toString() });
      script.shift()?.(response, nonce, request);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const signed =
  (status: number, body: string, secret = SECRET): Script =>
  (response, nonce) =>
    void response
      .writeHead(status, { 'X-Xinyin-Answer-Signature': signAnswer({ status, nonce, body: Buffer.from(body), secret }) })
      .end(body);
const unsigned =
  (status: number, body = '', headers: Record<string, string> = {}): Script =>
  (response) =>
    void response.writeHead(status, headers).end(body);
const reset: Script = (_response, _nonce, request) => void request.socket.destroy();
const silence: Script = () => undefined;

function client(timeoutMs = 5_000, pace?: { perSecond: number; burst: number }) {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`;
  return openSignedClient('sms', { baseUrl, keyId: 'xinyin', secret: SECRET, timeoutMs, ...(pace ? { pace } : {}) }, () => NOW);
}
const failureOf = async (call: Promise<unknown>): Promise<XinyinError> => {
  const failure: unknown = await call.then(
    () => new Error('no failure'),
    (thrown: unknown) => thrown,
  );
  if (!(failure instanceof XinyinError)) throw failure;
  return failure;
};

describe('one signed call', () => {
  it('sends JSON to the whole path and gives the body of a genuine answer', async () => {
    script = [signed(200, '{"ok":true}')];
    expect((await client().call('POST', '/messages', { text: '你好' })).toString()).toBe('{"ok":true}');
    expect(seen).toMatchObject([{ method: 'POST', url: '/sms/messages', body: '{"text":"你好"}' }]);
  });

  it.each([
    ['500', unsigned(500)],
    ['503 signed', signed(503, '{}')],
    ['502 of a proxy', unsigned(502, '<html>')],
    ['429', unsigned(429)],
  ])('%s: unavailable, and may be tried again', async (_, answer) => {
    script = [answer];
    const failure = await failureOf(client().call('GET', '/x'));
    expect([failure.code, failure.retryable, seen.length]).toEqual(['GATEWAY_UNAVAILABLE', true, 1]);
  });

  it('under a pace, a fault of the other side costs one call more, once, and not the step; a refusal and a pause are not answered so', async () => {
    const calling = () => client(5_000, { perSecond: 1000, burst: 10 });
    script = [unsigned(502), signed(200, '{"ok":true}')];
    expect((await calling().call('POST', '/x', { idempotencyKey: 'k' })).toString()).toBe('{"ok":true}');
    expect(seen.map(({ body }) => body)).toEqual(['{"idempotencyKey":"k"}', '{"idempotencyKey":"k"}']);
    expect(new Set(seen.map(({ nonce }) => nonce)).size).toBe(2);

    for (const answers of [
      [unsigned(500), unsigned(500)],
      [signed(422, '{"code":"REFUSED"}')],
      [unsigned(503, '', { 'Retry-After': '1' })],
    ]) {
      seen = [];
      script = [...answers];
      await failureOf(calling().call('GET', '/x'));
      expect(seen).toHaveLength(answers.length);
    }
  });

  it('asked to come again later: the failure says when, and the next call of the same client waits that long', async () => {
    script = [unsigned(429, '', { 'Retry-After': '1' }), signed(200, '{}')];
    const calling = client(5_000, { perSecond: 1000, burst: 10 });
    expect((await failureOf(calling.call('GET', '/x'))).params).toEqual({ system: 'sms', status: 429, retryAfterMs: 1000 });
    const began = performance.now();
    await calling.call('GET', '/x');
    expect(performance.now() - began).toBeGreaterThanOrEqual(1000);
  });

  it('a refusal names its code, when the answer is genuine', async () => {
    script = [signed(409, '{"code":"IDEMPOTENCY_KEY_REUSED","phone":"13800138000"}')];
    const failure = await failureOf(client().call('POST', '/messages', {}));
    expect([failure.code, failure.retryable, failure.params]).toEqual([
      'GATEWAY_REFUSED',
      false,
      { system: 'sms', status: 409, reason: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  it('a refusal that nobody signed is a refusal without a reason', async () => {
    script = [unsigned(404, '{"code":"SOMETHING"}')];
    expect((await failureOf(client().call('GET', '/x'))).params).toEqual({ system: 'sms', status: 404, reason: 'unsigned' });
  });

  it('free text in place of a code is not passed on', async () => {
    script = [signed(422, '{"code":"phone 13800138000 is wrong"}')];
    expect((await failureOf(client().call('POST', '/messages', {}))).params['reason']).toBe('unnamed');
  });

  it.each([
    ['without a signature', unsigned(200, '{}')],
    ['signed with another secret', signed(200, '{}', 'another secret')],
    [
      'of another request',
      unsigned(200, '{}', {
        'X-Xinyin-Answer-Signature': signAnswer({ status: 200, nonce: 'x', body: Buffer.from('{}'), secret: SECRET }),
      }),
    ],
    ['that redirects', unsigned(302, '', { Location: '/elsewhere' })],
  ])('an answer %s is outside the contract', async (_, answer) => {
    script = [answer];
    expect((await failureOf(client().call('GET', '/x'))).code).toBe('GATEWAY_CONTRACT');
    expect(seen).toHaveLength(1);
  });

  it('a body changed on the way is outside the contract', async () => {
    script = [
      (response, nonce) =>
        void response
          .writeHead(200, { 'X-Xinyin-Answer-Signature': signAnswer({ status: 200, nonce, body: Buffer.from('{"a":1}'), secret: SECRET }) })
          .end('{"a":2}'),
    ];
    expect((await failureOf(client().call('GET', '/x'))).params['reason']).toBe('answer-signature');
  });

  it('a connection that breaks is tried again once, with the same body and a new nonce', async () => {
    script = [reset, signed(200, '{}')];
    await client().call('POST', '/messages', { idempotencyKey: 'k-000001' });
    expect(seen.map(({ body }) => body)).toEqual(['{"idempotencyKey":"k-000001"}', '{"idempotencyKey":"k-000001"}']);
    expect(new Set(seen.map(({ nonce }) => nonce)).size).toBe(2);
  });

  it('a connection that breaks twice is unavailable', async () => {
    script = [reset, reset, signed(200, '{}')];
    const failure = await failureOf(client().call('POST', '/messages', {}));
    expect([failure.code, failure.params['reason'], seen.length]).toEqual(['GATEWAY_UNAVAILABLE', 'connection-reset', 2]);
  });

  it('no answer in time is unavailable, after one attempt', async () => {
    script = [silence, signed(200, '{}')];
    const failure = await failureOf(client(60).call('POST', '/messages', {}));
    expect([failure.code, failure.params['reason'], seen.length]).toEqual(['GATEWAY_UNAVAILABLE', 'timeout', 1]);
  });

  it('an answer that stops in its middle counts against the same time', async () => {
    script = [(response) => void response.writeHead(200, { 'Content-Length': '100' }).write('{')];
    expect((await failureOf(client(60).call('GET', '/x'))).params['reason']).toBe('timeout');
  });

  it('nobody listening is unavailable', async () => {
    const calling = client();
    await new Promise((closed) => server.close(closed));
    expect((await failureOf(calling.call('GET', '/x'))).params).toEqual({ system: 'sms', reason: 'network' });
  });

  it('no failure carries the secret or what was sent', async () => {
    script = [unsigned(500), signed(400, '{"code":"X"}'), silence];
    const calling = client(60);
    const failures = [1, 2, 3].map(() => failureOf(calling.call('POST', '/messages', { phone: '13800138000' })));
    for (const failure of await Promise.all(failures)) {
      const told = JSON.stringify({ ...failure, message: failure.message, stack: failure.stack, cause: String(failure.cause) });
      expect(told).not.toMatch(/13800138000|nobody-may-read/);
    }
  });
});
