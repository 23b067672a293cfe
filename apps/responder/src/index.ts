/** What relying parties fetch: revocation lists, the authority's certificates and OCSP, at the addresses that stand in every certificate. */
import { AuthorityCertificate, PublishedCrl } from '#persistence';
import express, { type Express, type Response } from 'express';
import helmet from 'helmet';
import type { DataSource } from 'typeorm';
import type { AnswerDeps } from './answer.js';
import { ocspRoutes } from './ocsp-routes.js';
import { certificateStatuses } from './statuses.js';

export { GOOD_FOR_MS, type Standing } from './answer.js';
export { openEnrolment, type Enrolment, type EnrolmentDeps } from './enrolment.js';

const ROLES = ['root', 'issuing', 'seal-maker'] as const;

export function createResponder(data: DataSource, ocsp: Omit<AnswerDeps, 'statusesOf'>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  app.get('/healthz', (_, response) => void response.json({ status: 'ok' }));
  app.get('/crl/:issuer.crl', async (request, response) => {
    const issuer = request.params.issuer === 'root' ? 'root' : 'issuing';
    const list =
      request.params.issuer === issuer ? await data.manager.findOne(PublishedCrl, { where: { issuer }, order: { number: 'DESC' } }) : null;
    if (list) response.setHeader('Expires', list.nextUpdate.toUTCString());
    send(response, list?.der, 'application/pkix-crl');
  });
  app.get('/ca/:role.cer', async (request, response) => {
    const role = ROLES.find((each) => each === request.params.role);
    const row = role ? await data.manager.findOneBy(AuthorityCertificate, { role }) : null;
    send(response, row?.der, 'application/pkix-cert');
  });
  app.use(ocspRoutes({ ...ocsp, statusesOf: certificateStatuses(data) }));
  app.use((_, response) => void response.status(404).end());
  app.use((error: unknown, _request: express.Request, response: Response, _next: express.NextFunction) => {
    response.status(theirFault(error) ?? 503).end();
  });
  return app;
}

/** A body too long, a coding we do not take, a path that cannot be decoded: express says which. */
function theirFault(error: unknown): number | null {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function send(response: Response, der: Buffer | undefined, type: string): void {
  if (der) response.type(type).send(der);
  else response.status(404).end();
}
