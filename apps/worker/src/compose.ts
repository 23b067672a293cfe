/** The composition root of workers: each queue gets what it needs and nothing more. Only `pki` opens the CA's keys, only `station` the tokens. */
import { publishedHolidays, SHORTEST_OCSP_SECRET, takeSecret, type Settings } from '#config';
import { openDocuments, type Documents } from '#documents';
import { createGateways } from '#gateways';
import { createLogger, createMetrics, type Logger } from '#observability';
import { checkpointCopy, createDataSource, folderObjectStore } from '#persistence';
import { connectWorkers, createWorker, quietEngine, type WorkerSettings } from '#temporal';
import { openTokenDrawer } from '#token';
import { createBusinessActivities, createDocumentActivities, createPkiActivities, createStationActivities } from '#activities';
import { queues, type Queue } from '#workflows/contract';
import type { Worker } from '@temporalio/worker';
import type { DataSource } from 'typeorm';
import { adminPins } from './admin-pins.js';
import { certifyAtStart } from './certify-at-start.js';
import { openPki, publishAuthority } from './open-pki.js';

export interface WorkerProcess {
  workers: Worker[];
  log: Logger;
  close(): Promise<void>;
}

interface World {
  settings: Settings;
  data: DataSource;
  now: () => Date;
  log: Logger;
  onClose: (undo: () => Promise<unknown>) => void;
}

export async function openWorkers(
  settings: Settings,
  served: readonly Queue[],
  workflows: WorkerSettings['workflows'],
): Promise<WorkerProcess> {
  quietEngine('ERROR');
  const log = createLogger(`worker-${served.join('-')}`);
  const metrics = createMetrics();
  const undo: (() => Promise<unknown>)[] = [];
  const data = createDataSource({ url: settings.databaseUrl, applicationName: `xinyin-${served.join('-')}`, poolSize: 15 });
  await data.initialize();
  const connection = await connectWorkers(settings.temporal);
  const world: World = { settings, data, now: () => new Date(), log, onClose: (each) => void undo.push(each) };
  const observe: WorkerSettings['observe'] = ({ activity, seconds, error }) => {
    metrics.activities.observe({ activity, result: error ? 'failed' : 'done' }, seconds);
    if (error) log.warn({ activity, failure: error instanceof Error ? error.name : '', message: ownWords(error) }, 'activity failed');
  };
  const workers = await Promise.all(
    served.map(async (queue) => {
      const activities = await activitiesOf[queue](world);
      return createWorker(connection, settings.temporal, {
        taskQueue: queues[queue],
        activities,
        observe,
        ...(queue === 'business' ? { workflows } : {}),
      });
    }),
  );
  const close = async () => {
    await Promise.allSettled(undo.map((each) => each()));
    await Promise.allSettled([connection.close(), data.destroy()]);
  };
  return { workers, log, close };
}

const activitiesOf: Record<Queue, (world: World) => Promise<object>> = {
  business: async ({ settings, data, now }) => {
    return createBusinessActivities({
      data,
      now,
      holidays: publishedHolidays,
      gateways: createGateways(settings.gateways, settings),
      objects: folderObjectStore(settings.folders.objects, Buffer.from(settings.secrets.objectKey, 'base64')),
      ownAccounts: settings.ownAccounts,
      codeKey: settings.codeKey,
      demo: settings.demo,
      apiUrl: settings.urls.api,
    });
  },
  documents: async ({ settings, data, now, onClose }) => {
    const objects = folderObjectStore(settings.folders.objects, Buffer.from(settings.secrets.objectKey, 'base64'));
    const documents = lazily(openDocuments);
    onClose(documents.close);
    return createDocumentActivities({
      data,
      now,
      holidays: publishedHolidays,
      gateways: createGateways(settings.gateways),
      objects,
      documents: documents.face,
    });
  },
  pki: async ({ settings, data, now, log, onClose }) => {
    const ocspSecret = takeSecret('XINYIN_OCSP_SECRET', 'serve the queue pki', SHORTEST_OCSP_SECRET);
    const authority = await openPki(settings, now);
    await publishAuthority(data, authority);
    const checkpoints = checkpointCopy(settings.folders.audit);
    const deps = { data, now, holidays: publishedHolidays, authority, checkpoints, ocspSecret, demo: settings.demo };
    const activities = createPkiActivities(deps);
    onClose(certifyAtStart(activities.certifyResponders, log));
    return activities;
  },
  station: async ({ settings, data, now }) => {
    return createStationActivities({
      data,
      now,
      holidays: publishedHolidays,
      drawer: openTokenDrawer(settings.folders.station, { adminPin: adminPins(settings.folders.station) }),
    });
  },
};

/** The browser starts with the first document, so that a worker is ready at once; one that could not start is tried again. */
function lazily(open: () => Promise<Documents>) {
  let opened: Promise<Documents> | undefined;
  const get = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const face: Pick<Documents, 'applicationForm' | 'tokenLabel' | 'dispatchList' | 'pickList' | 'receipt' | 'reconciliation'> = {
    applicationForm: async (data) => (await get()).applicationForm(data),
    tokenLabel: async (data) => (await get()).tokenLabel(data),
    dispatchList: async (data) => (await get()).dispatchList(data),
    pickList: async (data) => (await get()).pickList(data),
    receipt: async (data) => (await get()).receipt(data),
    reconciliation: async (data) => (await get()).reconciliation(data),
  };
  return { face, close: async () => (await opened?.catch(() => undefined))?.close() };
}

/** A message of ours is a code; any other may quote data and stays out of the log. */
const ownWords = (error: unknown) => (error instanceof Error && /^[A-Z_]+$/.test(error.message) ? error.message : undefined);
