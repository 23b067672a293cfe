/** The responder's process: public. Of keys it has its own, for OCSP; it writes nothing but its requests to have them certified. */
import type { AddressInfo } from 'node:net';
import { loadSettings, SHORTEST_OCSP_SECRET, takeSecret } from '#config';
import { createLogger } from '#observability';
import { createDataSource } from '#persistence';
import { createResponder, openEnrolment } from './index.js';

const secret = takeSecret('XINYIN_OCSP_SECRET', 'ask for a certificate', SHORTEST_OCSP_SECRET);
const settings = loadSettings();
const log = createLogger('responder');
const now = () => new Date();
const data = createDataSource({ url: settings.databaseUrl, applicationName: 'xinyin-responder', poolSize: 4 });
await data.initialize();
const enrolment = openEnrolment({ data, folder: settings.folders.responder, secret, now, log });
const endEnrolment = enrolment.start();
const server = createResponder(data, { standing: enrolment.standing, now, log }).listen(
  Number(process.env['PORT'] ?? 3001),
  '127.0.0.1',
  () => log.info({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, 'responder ready'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endEnrolment();
    server.close(() => void data.destroy().finally(() => process.exit(0)));
  });
}
