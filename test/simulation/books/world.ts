/** A database of the simulation's own, and the office's real activities over it, each at the time of what it records. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBusinessActivities } from '#activities';
import { publishedHolidays } from '#config';
import { createGateways, type Gateways, type GatewaySettings } from '#gateways';
import { createDataSource, folderObjectStore } from '#persistence';
import type { DataSource } from 'typeorm';
import { seedTariff } from '../../../apps/worker/src/seed.js';

/** Nothing of the simulation leaves the machine. */
const NOBODY: GatewaySettings = { baseUrl: 'http://127.0.0.1:9', keyId: 'none', secret: 'none' };

export type BusinessActivities = ReturnType<typeof createBusinessActivities>;

export interface BooksWorld {
  data: DataSource;
  act: BusinessActivities;
  /** Does it at that time of the simulated clock. */
  at<T>(when: Date, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openBooksWorld(databaseUrl: string, poolSize = 8): Promise<BooksWorld> {
  const data = createDataSource({ url: databaseUrl, applicationName: 'simulation', poolSize });
  await data.initialize();
  await data.runMigrations();
  await seedTariff(data);
  const folder = mkdtempSync(join(tmpdir(), 'xinyin-simulation-'));
  const clock = new AsyncLocalStorage<Date>();
  const now = () => {
    const at = clock.getStore();
    if (!at) throw new Error('no simulated time here');
    return at;
  };
  const objects = folderObjectStore(folder, Buffer.alloc(32));
  const act = createBusinessActivities({
    data,
    now,
    holidays: publishedHolidays,
    gateways: playedGateways(),
    objects,
    ...{ codeKey: Buffer.alloc(32), apiUrl: 'http://127.0.0.1:9', ownAccounts: [], demo: false },
  });
  return {
    data,
    act,
    at: (when, work) => clock.run(when, work),
    close: async () => {
      await data.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const invoiceMade = ({ idempotencyKey }: { idempotencyKey: string }) =>
  Promise.resolve({ invoiceNumber: `INV/${idempotencyKey}`, link: 'https://invoice.invalid/simulated' });

/** The bank takes every order and says later how it ended; the provider makes every invoice. */
export function playedGateways(): Gateways {
  const real = createGateways({ sms: NOBODY, sms2: NOBODY, bank: NOBODY, platform: NOBODY, invoice: NOBODY, courier: NOBODY });
  return {
    ...real,
    bank: { ...real.bank, pay: ({ idempotencyKey }) => Promise.resolve({ reference: `paid/${idempotencyKey}`, status: 'accepted' }) },
    invoice: {
      order: invoiceMade,
      reverse: invoiceMade,
      files: () => Promise.resolve({ pdf: Buffer.from('pdf'), xml: Buffer.from('xml') }),
    },
  };
}
