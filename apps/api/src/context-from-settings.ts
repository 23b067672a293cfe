/** Opens what the API needs from its settings. The engine is reached at first use, so that the API can start and refuse politely without it. */
import { publishedHolidays, type Settings } from '#config';
import { createGateways } from '#gateways';
import { createLogger, createMetrics } from '#observability';
import { createDataSource, folderObjectStore } from '#persistence';
import { lazyEngine } from '#temporal';
import { ApiContext } from './platform/context.js';

export async function openContext(settings: Settings): Promise<{ context: ApiContext; close: () => Promise<void> }> {
  const data = createDataSource({ url: settings.databaseUrl, applicationName: 'xinyin-api', poolSize: 12 });
  await data.initialize();
  const engine = lazyEngine(settings.temporal);
  const objects = folderObjectStore(settings.folders.objects, Buffer.from(settings.secrets.objectKey, 'base64'));
  const gateways = createGateways(settings.gateways, settings);
  const context = new ApiContext(
    data,
    engine.client,
    objects,
    gateways,
    publishedHolidays,
    settings,
    createLogger('api'),
    createMetrics(),
    () => new Date(),
  );
  return { context, close: async () => void (await Promise.allSettled([data.destroy(), engine.close()])) };
}
