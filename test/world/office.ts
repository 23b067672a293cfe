/**
 * A whole office for one test file: its own database, its own namespace, the sandbox, the API and the workers, all real, in this
 * process, over real HTTP. Time comes from `clock`, which a test may move; the engine's own timers keep real time.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBusinessActivities, createDocumentActivities, createPkiActivities, createStationActivities } from '#activities';
import { publishedHolidays, type Settings } from '#config';
import type { Role } from '#domain';
import { createGateways, type Gateways } from '#gateways';
import { createLogger, createMetrics } from '#observability';
import { checkpointCopy, createDataSource, folderObjectStore, StaffAccount, type ObjectStore } from '#persistence';
import { openAuthority, type Authority } from '#pki';
import { connectEngine, quietEngine, type Engine } from '#temporal';
import { openTokenDrawer } from '#token';
import type { Queue } from '#workflows/contract';
import { PDFDocument } from '@cantoo/pdf-lib';
import { hash } from '@node-rs/argon2';
import type { INestApplication } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { createApi } from '../../apps/api/src/app.js';
import { CaseStarter } from '../../apps/api/src/cases/case-starter.js';
import { OperatorActs } from '../../apps/api/src/cases/operator-acts.js';
import { ApiContext } from '../../apps/api/src/platform/context.js';
import { openSandbox, type Sandbox } from '../../apps/launcher/src/demo/sandbox.js';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { createSandbox } from '../../apps/sandbox/src/index.js';
import { seed } from '../../apps/worker/src/seed.js';
import { createClock, type Clock } from './clock.js';
import { completedBy } from './completed-by-clock.js';
import { freshDatabase } from './database.js';
import { namespaceOn, skippingEngine } from './engine.js';
import { world } from './index.js';
import { adminPin, environmentOf, makeSecrets, makeSettings, OCSP_SECRET, PKI_PASSPHRASE } from './office-settings.js';
import { workersOf } from './office-workers.js';

export type { Clock } from './clock.js';

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
  /** Looks once for cases that an operator has terminated. */
  lookForTerminations(): Promise<number>;
  /** Looks once for cases that an operator has reset. */
  lookForResets(): Promise<number>;
  until<T>(look: () => Promise<T | null>, what: string): Promise<T>;
  startWorkers(which?: readonly Queue[]): Promise<void>;
  stopWorkers(): Promise<void>;
  fault(
    system: string,
    kind: 'slow' | 'error' | 'lost-answer' | 'duplicate' | 'out-of-order' | 'undeliverable' | 'receipt-lost',
    more?: { count?: number; delayMs?: number },
  ): Promise<void>;
  clearFaults(system: string): Promise<void>;
  /** What a process of its own is told to work in this office. */
  environment: NodeJS.ProcessEnv;
  /** Lets the engine's time and the clock run ahead together; only with `engine: 'time-skipping'`. */
  skip(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface OfficeOptions {
  demo?: boolean;
  /**
   * Where the clock begins, and its cases are completed by it: for what counts by Shanghai days, which a midnight would part. In the past, for
   * what a case waits for is reckoned by the engine's time.
   */
  at?: string;
  /** Replaces activities by name, e.g. to stop one at a certain place. */
  activities?: Partial<Record<Queue, (real: object) => object>>;
  /** Histories that a test or a recording reads as they were said: nothing is encrypted. */
  plainHistories?: boolean;
  workers?: boolean;
  /** A bundle made beforehand; by default the sources are bundled once a run. */
  bundlePath?: string;
  /** The run's server, whose timers keep real time, or one of the office's own that can skip it. */
  engine?: 'real' | 'time-skipping';
  /** Other servers than the run's: an empty database, an engine. */
  servers?: { databaseUrl?: string; temporalAddress?: string };
  /** Where the API, and nobody else, reaches the engine: the address of a line that a test can cut. */
  apiReachesEngineAt?: (engineAddress: string) => Promise<string>;
}

/** Printing is measured and tested on its own; here a page is a few bytes that say what they are. */
async function plainPdf(title: string): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.setTitle(`${title} ${randomUUID()}`);
  document.addPage();
  return Buffer.from(await document.save());
}
const documents = {
  tokenLabel: () => plainPdf('label'),
  dispatchList: () => plainPdf('list'),
  pickList: () => plainPdf('pick list'),
  applicationForm: () => plainPdf('form'),
  receipt: () => plainPdf('receipt'),
  reconciliation: () => plainPdf('reconciliation'),
};

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  quietEngine('ERROR');
  const home = mkdtempSync(join(tmpdir(), 'xinyin-office-'));
  const closing: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(home, { recursive: true, force: true }))];
  const clock = createClock();
  if (options.at) clock.set(new Date(options.at));
  const databaseUrl = options.servers?.databaseUrl ?? (await freshDatabase());
  const ownEngine =
    options.engine === 'time-skipping'
      ? await skippingEngine()
      : await namespaceOn(options.servers?.temporalAddress ?? world().temporalAddress);
  closing.push(() => ownEngine.close());
  const secrets = makeSecrets();
  const temporal = {
    address: ownEngine.address,
    namespace: ownEngine.namespace,
    ...(options.plainHistories ? {} : { payloadKey: payloadKeyOf(secrets) }),
  };

  const data = createDataSource({ url: databaseUrl, applicationName: 'office', poolSize: 20 });
  await data.initialize();
  await data.runMigrations();
  closing.push(() => data.destroy());

  const apiServer = { url: '' };
  /** The API's address is known only once it listens; who calls it asks at each call. */
  const callback = (system: string, key: { keyId: string; secret: string }) => ({
    get url() {
      return `${apiServer.url}/api/v1/callbacks/${system}`;
    },
    ...key,
  });
  const sandboxApp = createSandbox({
    folder: join(home, 'sandbox'),
    secrets,
    renderPdf: (html) => plainPdf(html.slice(0, 20)),
    // Both sides sign by the office's clock, so that a test may move it: what is signed must not look stale.
    now: clock.now,
    bankPush: callback('bank', secrets.bankPush),
    platformPush: callback('platform', secrets.platformPush),
    courierPush: callback('courier', secrets.courierPush),
    smsReceipts: { sms: callback('sms', secrets.smsReceipts), sms2: callback('sms2', secrets.sms2Receipts) },
  });
  const sandboxUrl = await listen(sandboxApp.app.listen(0, '127.0.0.1'), closing);
  closing.push(() => Promise.resolve(sandboxApp.close()));

  const settings = makeSettings({ home, databaseUrl, temporal, sandboxUrl, secrets, demo: options.demo ?? true });
  const engine = await connectEngine({ ...temporal, address: (await options.apiReachesEngineAt?.(temporal.address)) ?? temporal.address });
  closing.push(() => engine.close());
  const gateways = createGateways(settings.gateways, { ...settings, now: clock.now });
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
  apiServer.url = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  settings.urls.api = apiServer.url;
  closing.push(() => app.close());

  const urls = { crl: 'http://127.0.0.1/crl/issuing.crl', ocsp: 'http://127.0.0.1/ocsp', caIssuers: 'http://127.0.0.1/ca/issuing.cer' };
  const authority = await openAuthority({ folder: settings.folders.pki, passphrase: PKI_PASSPHRASE, urls, now: clock.now });
  const real: Record<Queue, () => object> = {
    business: () => {
      const deps = { data, now: clock.now, holidays: publishedHolidays, gateways, objects };
      const business = createBusinessActivities({ ...{ ...settings, apiUrl: settings.urls.api }, ...deps });
      return options.at ? completedBy(clock.now, business) : business;
    },
    documents: () => createDocumentActivities({ data, now: clock.now, holidays: publishedHolidays, gateways, objects, documents }),
    pki: () =>
      createPkiActivities({
        data,
        now: clock.now,
        holidays: publishedHolidays,
        authority,
        ocspSecret: OCSP_SECRET,
        demo: settings.demo,
        checkpoints: checkpointCopy(settings.folders.audit),
      }),
    station: () =>
      createStationActivities({
        data,
        now: clock.now,
        holidays: publishedHolidays,
        drawer: openTokenDrawer(settings.folders.station, { adminPin, scrypt: { cost: 1024, blockSize: 8, parallelization: 1 } }),
      }),
  };
  const staffOfWorkers = workersOf(settings, options.bundlePath, (queue) => options.activities?.[queue]?.(real[queue]()) ?? real[queue]());
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
    lookForTerminations: () => app.get(OperatorActs).lookForTerminations(),
    lookForResets: () => app.get(OperatorActs).lookForResets(),
    until: teller.until,
    startWorkers: (which) => staffOfWorkers.start(which),
    stopWorkers: () => staffOfWorkers.stop(),
    fault: (system, kind, more = {}) => tell('POST', '/faults', { system, kind, ...more }),
    clearFaults: (system) => tell('DELETE', `/faults/${system}`),
    environment: environmentOf(settings),
    skip: async (ms) => {
      await ownEngine.skip(ms);
      clock.forward(ms);
    },
    close: async () => {
      for (const close of closing.reverse()) await close();
    },
  };
}

/** As `loadSettings` derives it: a worker in a process of its own reads the same histories. */
const payloadKeyOf = ({ sessionSecret }: { sessionSecret: string }) =>
  createHmac('sha256', sessionSecret).update('temporal-payload').digest();

async function listen(server: Server, closing: (() => Promise<unknown>)[]): Promise<string> {
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const randomAddress = () => `198.51.${randomBytes(1)[0] ?? 0}.${randomBytes(1)[0] ?? 0}`;
