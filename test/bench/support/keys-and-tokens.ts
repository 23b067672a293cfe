/**
 * The queues pki and station in a process of their own, as in service, but with tokens whose PIN costs next to nothing: on a USB key it is
 * the key's chip that works, not this machine.
 */
import { createPkiActivities, createStationActivities } from '#activities';
import { loadSettings, publishedHolidays } from '#config';
import { checkpointCopy, createDataSource } from '#persistence';
import { openAuthority } from '#pki';
import { connectWorkers, createWorker, quietEngine } from '#temporal';
import { openTokenDrawer } from '#token';
import { adminPin } from '../../world/office-settings.js';

quietEngine('ERROR');
const settings = loadSettings();
const data = createDataSource({ url: settings.databaseUrl, applicationName: 'bench', poolSize: 15 });
await data.initialize();
/** The office's clock may be ahead of this machine's. */
const ahead = Number(process.env['XINYIN_BENCH_AHEAD_MS'] ?? 0);
const now = () => new Date(Date.now() + ahead);
const urls = { crl: 'http://127.0.0.1/crl/issuing.crl', ocsp: 'http://127.0.0.1/ocsp', caIssuers: 'http://127.0.0.1/ca/issuing.cer' };
const passphrase = process.env['XINYIN_PKI_PASSPHRASE'] ?? '';
const authority = await openAuthority({ folder: settings.folders.pki, passphrase, urls, now });
const drawer = openTokenDrawer(settings.folders.station, { adminPin, scrypt: { cost: 1024, blockSize: 8, parallelization: 1 } });
const deps = { data, now, holidays: publishedHolidays };
const checkpoints = checkpointCopy(settings.folders.audit);
const activities = {
  pki: createPkiActivities({ ...deps, authority, checkpoints, demo: settings.demo, ocspSecret: process.env['XINYIN_OCSP_SECRET'] ?? '' }),
  station: createStationActivities({ ...deps, drawer }),
};
const connection = await connectWorkers(settings.temporal);
const workers = await Promise.all(
  (['pki', 'station'] as const).map((queue) =>
    createWorker(connection, settings.temporal, { taskQueue: queue, activities: activities[queue] }),
  ),
);
process.once('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
const running = workers.map((worker) => worker.run());
console.log('worker ready');
await Promise.all(running);
process.exit(0);
