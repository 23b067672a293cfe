import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#observability';
import { openAuthority, parseCertificate, readOcspResponse, type CertificateStatus, type CertificateView } from '#pki';
import { generateSm2KeyPair, keySigner, ocspRequest } from '#pki/ocsp';
import express from 'express';
import type { AnswerDeps, Standing } from './answer.js';
import { ocspRoutes } from './ocsp-routes.js';

const NOW = new Date('2026-11-24T01:02:03.456Z');
const SERIAL = '7f01';
const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };

let folder: string;
let issuer: CertificateView;
let root: CertificateView;
let certified: Standing;
let server: Server;
/** What the test at hand changes. */
let change: Partial<AnswerDeps> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'responder-'));
  const authority = await openAuthority({ folder, passphrase: 'four words of chance', urls, now: () => NOW });
  [issuer, root] = [parseCertificate(authority.issuingCertificate), parseCertificate(authority.rootCertificate)];
  const { privateKey, publicKey } = generateSm2KeyPair();
  const subject = { organisation: '信印电子认证中心', commonName: 'OCSP 应答' };
  const notBefore = new Date('2026-11-24T01:02:03Z');
  const notAfter = new Date('2026-12-24T01:02:03Z');
  const { der } = authority.sign(authority.prepare('ocsp-responder', { subject, publicKey, notBefore, notAfter }));
  certified = { issuer, responder: { certificate: der, signer: keySigner(privateKey, publicKey) }, notAfter };
  const deps: AnswerDeps = {
    standing: () => certified,
    statusesOf: () => Promise.resolve(new Map<string, CertificateStatus>([[SERIAL, { state: 'good' }]])),
    now: () => NOW,
    log: createLogger('responder', 'silent'),
  };
  const app = express();
  app.use((request, response, next) => ocspRoutes({ ...deps, ...change })(request, response, next));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => void (change = {}));

interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}
/** By Node's own client, which leaves a path as it is given. */
function send(method: string, path: string, body?: Uint8Array, headers: Record<string, string> = {}): Promise<Reply> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject).end(body);
  });
}
const post = (body: Uint8Array, type = 'application/ocsp-request', more: Record<string, string> = {}) =>
  send('POST', '/ocsp', body, { 'Content-Type': type, ...more });
const get = (path: string) => send('GET', `/ocsp/${path}`);
const asked = (more: { nonce?: Buffer; serials?: string[]; of?: CertificateView } = {}) =>
  ocspRequest({ issuer: more.of ?? issuer, serials: more.serials ?? [SERIAL], nonce: more.nonce });
const read = ({ body }: Reply, serial = SERIAL) => readOcspResponse(body, { issuer: issuer.der, serial, at: NOW });
const good = { responseStatus: 'successful', status: { state: 'good' } };

describe('POST /ocsp', () => {
  it('answers with a signed response that no cache keeps', async () => {
    const reply = await post(asked({ nonce: Buffer.alloc(32, 7) }));
    expect(read(reply)).toMatchObject({ ...good, nonce: Buffer.alloc(32, 7), thisUpdate: new Date('2026-11-24T01:02:03Z') });
    expect([reply.status, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([
      200,
      'application/ocsp-response',
      'no-store',
    ]);
  });
  it('answers for an hour, but not beyond the life of its certificate', async () => {
    expect(read(await post(asked()))).toMatchObject({ nextUpdate: new Date('2026-11-24T02:02:03Z') });
    const soon = new Date('2026-11-24T01:10:00Z');
    change = { standing: () => ({ ...certified, notAfter: soon }) };
    expect(read(await post(asked()))).toMatchObject({ nextUpdate: soon });
  });
  it('answers unknown for a number that was not found, never good', async () => {
    expect(read(await post(asked({ serials: ['7f02'] })), '7f02')).toMatchObject({ status: { state: 'unknown' } });
  });
  it.each([
    ['nothing of OCSP', Buffer.from('not DER')],
    ['a request for nothing', Buffer.from('3004300230000', 'hex')],
    ['a nonce of 33 octets', null],
  ])('%s is malformedRequest', async (_, body) => {
    const reply = await post(body ?? asked({ nonce: Buffer.alloc(33) }));
    expect([reply.status, read(reply)]).toEqual([200, { responseStatus: 'malformedRequest' }]);
  });
  it('unauthorized for a certificate that the root issued, alone or among ours', async () => {
    expect(read(await post(asked({ of: root })))).toEqual({ responseStatus: 'unauthorized' });
    const both = Buffer.from(asked({ serials: [SERIAL, SERIAL] }));
    // One bit of the first issuer's hash.
    both[30] = (both[30] ?? 0) ^ 1;
    expect(read(await post(both))).toEqual({ responseStatus: 'unauthorized' });
  });
  it('takes application/ocsp-request only, not compressed, up to 4096 bytes', async () => {
    expect((await post(asked(), 'application/json')).status).toBe(415);
    expect((await post(asked(), 'application/ocsp-request', { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect((await post(Buffer.alloc(4097))).status).toBe(413);
    expect((await post(Buffer.alloc(4096))).status).toBe(200);
  });
  it('any other method is told which one to use', async () => {
    const reply = await send('PUT', '/ocsp', asked());
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST']);
  });
});

describe('when it cannot say', () => {
  const refusal = async () => read(await post(asked()));
  it('tryLater without a certificate of its own; what is malformed is so all the same', async () => {
    change = { standing: () => null };
    expect(await refusal()).toEqual({ responseStatus: 'tryLater' });
    expect(read(await post(Buffer.from('x')))).toEqual({ responseStatus: 'malformedRequest' });
  });
  it('tryLater when the database fails, and when it does not answer', async () => {
    change = { statusesOf: () => Promise.reject(new Error('away')) };
    expect(await refusal()).toEqual({ responseStatus: 'tryLater' });
    change = { statusesOf: () => new Promise(() => undefined), patienceMs: 50 };
    expect(await refusal()).toEqual({ responseStatus: 'tryLater' });
  });
  it('internalError when its key does not sign', async () => {
    const signer = {
      publicKey: certified.responder.signer.publicKey,
      sign: () => {
        throw new Error('broken');
      },
    };
    change = { standing: () => ({ ...certified, responder: { ...certified.responder, signer } }) };
    expect(await refusal()).toEqual({ responseStatus: 'internalError' });
  });
  it('no refusal is kept by a cache', async () => {
    change = { standing: () => null };
    expect((await get(encodeURIComponent(asked().toString('base64')))).headers['cache-control']).toBe('no-store');
  });
});

describe('GET /ocsp/<request>', () => {
  /** Its base64 holds a slash and a plus, which are where clients differ. */
  const base64 = () => {
    const serials = Array.from({ length: 400 }, (_, number) => `7f${number.toString(16).padStart(4, '0')}`);
    const found = serials.map((serial) => asked({ serials: [serial] }).toString('base64')).find((text) => /\/.*\+|\+.*\//.test(text));
    if (!found) throw new Error('no such number');
    return found;
  };
  it('RFC 6960, A.1: URL-encoded base64, with its slashes encoded or not', async () => {
    const text = base64();
    for (const path of [encodeURIComponent(text), text, encodeURIComponent(text).replaceAll('%2F', '/')]) {
      const reply = await get(path);
      expect([path, reply.status, reply.headers['content-type'], reply.body.length > 500]).toEqual([
        path,
        200,
        'application/ocsp-response',
        true,
      ]);
    }
  });
  it('RFC 5019, 6.2: caches may keep it for five minutes', async () => {
    const reply = await get(encodeURIComponent(asked().toString('base64')));
    expect(read(reply)).toMatchObject(good);
    expect(reply.headers).toMatchObject({
      'last-modified': 'Tue, 24 Nov 2026 01:02:03 GMT',
      expires: 'Tue, 24 Nov 2026 02:02:03 GMT',
      'cache-control': 'max-age=300, public, no-transform, must-revalidate',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    });
  });
  it('no cache keeps an answer to a nonce, nor one about an unknown certificate', async () => {
    for (const request of [asked({ nonce: Buffer.alloc(16, 7) }), asked({ serials: ['7f02'] })]) {
      const { headers } = await get(encodeURIComponent(request.toString('base64')));
      expect([headers['cache-control'], headers['expires'], headers['last-modified']]).toEqual(['no-store', undefined, undefined]);
    }
  });
  it.each(['%', '%E0%A4%A', 'no*base64', '%00', '..', 'MA', 'A'.repeat(9000)])('%.20s is malformedRequest', async (path) => {
    const reply = await get(path);
    expect([reply.status, read(reply)]).toEqual([200, { responseStatus: 'malformedRequest' }]);
  });
});
