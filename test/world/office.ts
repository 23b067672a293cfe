/**
 * A whole office for one test file: its own database, its own namespace, the sandbox, the API and the workers, all real, in this
 * process, over real HTTP. Time comes from `clock`, which a test may move; the engine's own timers keep real time.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBusinessActivities, createDocumentActivities, createPkiActivities, createStationActivities } from '#activities';
import { publishedHolidays, type Settings } from '#config';
import type { Role } from '#domain';
import { createGateways, type Gateways } from '#gateways';
import { createLogger, createMetrics } from '#observability';
import { createDataSource, folderObjectStore, StaffAccount, type ObjectStore } from '#persistence';
import { openAuthority, type Authority } from '#pki';
import { connectEngine, connectWorkers, createWorker, quietEngine, registerSearchAttributes, type Engine } from '#temporal';
import { openTokenDrawer } from '#token';
import { queues, type Queue } from '#workflows/contract';
import { PDFDocument } from '@cantoo/pdf-lib';
import { hash } from '@node-rs/argon2';
import { Connection } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import type { INestApplication } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { createApi } from '../../apps/api/src/app.js';
import { CaseStarter } from '../../apps/api/src/drafts/case-starter.js';
import { ApiContext } from '../../apps/api/src/platform/context.js';
import { openSandbox, type Sandbox } from '../../apps/launcher/src/demo/sandbox.js';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { createSandbox } from '../../apps/sandbox/src/index.js';
import { seed } from '../../apps/worker/src/seed.js';
import { freshDatabase } from './database.js';
import { workflowBundle } from './bundle.js';
import { world } from './index.js';

export interface Clock {
  now: () => Date;
  set(at: Date): void;
  forward(ms: number): void;
}

export interface Office {
  settings: Settings;
  data: DataSource;
  engine: Engine;
  objects: ObjectStore;
  gateways: Gateways;
  authority: Authority;
  clock: Clock;
  sandbox: Sandbox;
  api: string;
  responder: string;
  accounts: { username: string; password: string; roles: Role[] }[];
  /** A new person at the portal; each has an address of its own, so that limits of one test do not meet another's. */
  person(): Person;
  staff(username: string): Promise<Person>;
  addStaff(username: string, roles: Role[], phone: string): Promise<void>;
  /** Starts rows that lack their workflow, as the API does every ten seconds. */
  sweep(): Promise<number>;
  until<T>(look: () => Promise<T | null>, what: string): Promise<T>;
  startWorkers(which?: readonly Queue[]): Promise<void>;
  stopWorkers(): Promise<void>;
  fault(
    system: string,
    kind: 'slow' | 'error' | 'lost-answer' | 'duplicate' | 'out-of-order',
    more?: { count?: number; delayMs?: number },
  ): Promise<void>;
  clearFaults(system: string): Promise<void>;
  close(): Promise<void>;
}

export interface OfficeOptions {
  demo?: boolean;
  /** Replaces activities by name, e.g. to stop one at a certain place. */
  activities?: Partial<Record<Queue, (real: object) => object>>;
  workers?: boolean;
}

/** Printing is measured and tested on its own; here a page is a few bytes that say what they are. */
async function plainPdf(title: string): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.setTitle(`${title} ${randomUUID()}`);
  document.addPage();
  return Buffer.from(await document.save());
}
const documents = { tokenLabel: () => plainPdf('label'), dispatchList: () => plainPdf('list'), applicationForm: () => plainPdf('form') };

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  quietEngine('ERROR');
  const home = mkdtempSync(join(tmpdir(), 'xinyin-office-'));
  const closing: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(home, { recursive: true, force: true }))];
  const clock = createClock();
  const databaseUrl = await freshDatabase();
  const namespace = `office-${randomUUID()}`;
  await makeNamespace(namespace);

  const data = createDataSource({ url: databaseUrl, applicationName: 'office', poolSize: 20 });
  await data.initialize();
  await data.runMigrations();
  closing.push(() => data.destroy());

  const secrets = makeSecrets();
  const apiServer = { url: '' };
  const sandboxApp = createSandbox({
    folder: join(home, 'sandbox'),
    secrets,
    renderPdf: (html) => plainPdf(html.slice(0, 20)),
    // The API's address is known only once it listens; the bank asks for it at each push.
    bankPush: {
      get url() {
        return `${apiServer.url}/api/v1/callbacks/bank`;
      },
      ...secrets.bankPush,
    },
  });
  const sandboxUrl = await listen(sandboxApp.app.listen(0, '127.0.0.1'), closing);
  closing.push(() => Promise.resolve(sandboxApp.close()));

  const settings = makeSettings({ home, databaseUrl, namespace, sandboxUrl, secrets, demo: options.demo ?? true });
  const engine = await connectEngine(settings.temporal);
  closing.push(() => engine.close());
  const gateways = createGateways(settings.gateways);
  const objects = folderObjectStore(settings.folders.objects, Buffer.from(secrets.objectKey, 'base64'));
  const accounts = await seed(data, settings);
  const context = new ApiContext(
    data,
    engine.client,
    objects,
    gateways,
    publishedHolidays,
    settings,
    createLogger('api', 'silent'),
    createMetrics(),
    clock.now,
  );
  const app: INestApplication = await createApi(context);
  await app.listen(0, '127.0.0.1');
  apiServer.url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  closing.push(() => app.close());

  const urls = { crl: 'http://127.0.0.1/crl/issuing.crl', ocsp: 'http://127.0.0.1/ocsp', caIssuers: 'http://127.0.0.1/ca/issuing.cer' };
  const authority = await openAuthority({ folder: settings.folders.pki, passphrase: 'for tests only', urls, now: clock.now });
  const real: Record<Queue, () => object> = {
    business: () => createBusinessActivities({ data, now: clock.now, holidays: publishedHolidays, gateways, codeKey: settings.codeKey }),
    documents: () => createDocumentActivities({ data, now: clock.now, holidays: publishedHolidays, gateways, objects, documents }),
    pki: () => createPkiActivities({ data, now: clock.now, holidays: publishedHolidays, authority }),
    station: () =>
      createStationActivities({
        data,
        now: clock.now,
        holidays: publishedHolidays,
        drawer: openTokenDrawer(settings.folders.station, { scrypt: { cost: 1024, blockSize: 8, parallelization: 1 } }),
      }),
  };
  const staffOfWorkers = workersOf(settings, (queue) => options.activities?.[queue]?.(real[queue]()) ?? real[queue]());
  closing.push(() => staffOfWorkers.stop());
  const teller = createTeller(() => undefined);
  const sandbox = openSandbox(sandboxUrl, teller.until);
  if (options.workers !== false) await staffOfWorkers.start();

  const tell = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandboxUrl}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`sandbox ${path}: ${response.status}`);
  };
  return {
    settings,
    data,
    engine,
    objects,
    gateways,
    authority,
    clock,
    sandbox,
    accounts,
    api: apiServer.url,
    responder: '',
    person: () => new Person(apiServer.url, randomAddress()),
    staff: async (username) => {
      const person = new Person(apiServer.url, randomAddress());
      await person.post('/api/v1/login/staff', { username, password: accounts.find((each) => each.username === username)?.password ?? '' });
      return person;
    },
    addStaff: async (username, roles, phone) => {
      const password = randomBytes(9).toString('base64url');
      await data.manager.insert(StaffAccount, {
        id: randomUUID(),
        username,
        displayName: username,
        phone,
        passwordHash: await hash(password),
        rolesText: roles.join(','),
        disabledAt: null,
      });
      accounts.push({ username, password, roles });
    },
    sweep: () => app.get(CaseStarter).sweep(),
    until: teller.until,
    startWorkers: (which) => staffOfWorkers.start(which),
    stopWorkers: () => staffOfWorkers.stop(),
    fault: (system, kind, more = {}) => tell('POST', '/faults', { system, kind, ...more }),
    clearFaults: (system) => tell('DELETE', `/faults/${system}`),
    close: async () => {
      for (const close of closing.reverse()) await close();
    },
  };
}

function createClock(): Clock {
  let shift = 0;
  return {
    now: () => new Date(Date.now() + shift),
    set: (at) => void (shift = at.getTime() - Date.now()),
    forward: (ms) => void (shift += ms),
  };
}

function workersOf(settings: Settings, activitiesOf: (queue: Queue) => object) {
  let running: { worker: Worker; done: Promise<void> }[] = [];
  return {
    async start(which: readonly Queue[] = ['business', 'documents', 'pki', 'station']) {
      const connection = await connectWorkers(settings.temporal);
      const bundlePath = await workflowBundle();
      for (const queue of which) {
        const worker = await createWorker(connection, settings.temporal.namespace, {
          taskQueue: queues[queue],
          activities: activitiesOf(queue),
          ...(queue === 'business' ? { workflows: { bundlePath } } : {}),
        });
        running.push({ worker, done: worker.run() });
      }
    },
    async stop() {
      for (const { worker } of running) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(running.map(({ done }) => done));
      running = [];
    },
  };
}

async function makeNamespace(namespace: string): Promise<void> {
  const connection = await Connection.connect({ address: world().temporalAddress });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as unknown as never },
    });
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

function makeSecrets() {
  const keyed = (keyId: string) => ({ keyId, secret: randomBytes(24).toString('hex') });
  return {
    sms: keyed('sms'),
    bank: keyed('bank'),
    platform: keyed('platform'),
    invoice: keyed('invoice'),
    courier: keyed('courier'),
    bankPush: keyed('bank-push'),
    objectKey: randomBytes(32).toString('base64'),
    sessionSecret: randomBytes(24).toString('hex'),
  };
}

interface Facts {
  home: string;
  databaseUrl: string;
  namespace: string;
  sandboxUrl: string;
  secrets: ReturnType<typeof makeSecrets>;
  demo: boolean;
}

function makeSettings({ home, databaseUrl, namespace, sandboxUrl, secrets, demo }: Facts): Settings {
  const of = (system: 'sms' | 'bank' | 'platform' | 'invoice' | 'courier') => ({
    baseUrl: `${sandboxUrl}/${system}`,
    timeoutMs: 1500,
    ...secrets[system],
  });
  return {
    home,
    databaseUrl,
    demo,
    secrets,
    temporal: { address: world().temporalAddress, namespace },
    urls: { api: 'http://127.0.0.1', responder: 'http://127.0.0.1', sandbox: sandboxUrl },
    gateways: { sms: of('sms'), bank: of('bank'), platform: of('platform'), invoice: of('invoice'), courier: of('courier') },
    codeKey: randomBytes(32),
    folders: { objects: join(home, 'objects'), pki: join(home, 'pki'), station: join(home, 'station') },
    bankAccount: { holder: '信印', bank: '示例银行', account: '1' },
  };
}

async function listen(server: Server, closing: (() => Promise<unknown>)[]): Promise<string> {
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const randomAddress = () => `198.51.${randomBytes(1)[0] ?? 0}.${randomBytes(1)[0] ?? 0}`;
