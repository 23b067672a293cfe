/** OCSP over HTTP: RFC 6960, appendix A. Every request that arrives whole is answered 200 with an OCSP response, refusals too. */
import { createHash } from 'node:crypto';
import express, { Router, type Response } from 'express';
import { answer, type Answer, type AnswerDeps } from './answer.js';

const REQUEST_TYPE = 'application/ocsp-request';
const RESPONSE_TYPE = 'application/ocsp-response';
/** Some fifty certificates at once. */
const LONGEST_REQUEST = 4096;
/** D: caches ask again after five minutes, since what they keep does not learn of a revocation. */
const CACHED_FOR_S = 300;
const PATH = '/ocsp';

export function ocspRoutes(deps: AnswerDeps): Router {
  const router = Router();
  router.post(PATH, express.raw({ type: REQUEST_TYPE, limit: LONGEST_REQUEST, inflate: false }), async (request, response) => {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body)) return void response.status(415).end();
    const { der } = await answer(deps, body);
    response.setHeader('Cache-Control', 'no-store');
    response.type(RESPONSE_TYPE).send(der);
  });
  // By a pattern without groups: the path is taken as it came, since base64 holds slashes, which not every client writes as %2F.
  router.get(/^\/ocsp\/./, async (request, response) => {
    const given = await answer(deps, decoded(request.path.slice(PATH.length + 1)));
    setCacheHeaders(response, given);
    response.type(RESPONSE_TYPE).send(given.der);
  });
  router.all(PATH, (_, response) => void response.status(405).setHeader('Allow', 'POST').end());
  return router;
}

/** Empty, which is no request, for what is not the URL-encoding of base64. */
function decoded(path: string): Buffer {
  try {
    const text = decodeURIComponent(path);
    return Buffer.from(/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length <= LONGEST_REQUEST * 2 ? text : '', 'base64');
  } catch {
    return Buffer.alloc(0);
  }
}

/** RFC 5019, 6.2. */
function setCacheHeaders(response: Response, { der, fresh }: Answer): void {
  if (!fresh) return void response.setHeader('Cache-Control', 'no-store');
  const left = Math.floor((fresh.nextUpdate.getTime() - fresh.thisUpdate.getTime()) / 1000);
  response.setHeader('Last-Modified', fresh.thisUpdate.toUTCString());
  response.setHeader('Expires', fresh.nextUpdate.toUTCString());
  response.setHeader('ETag', `"${createHash('sha256').update(der).digest('hex')}"`);
  response.setHeader('Cache-Control', `max-age=${Math.min(CACHED_FOR_S, left)}, public, no-transform, must-revalidate`);
}
