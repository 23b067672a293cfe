/** The responder's process: public and read-only. It has no key and writes nothing. */
import { loadSettings } from '#config';
import { createLogger } from '#observability';
import { createDataSource } from '#persistence';
import { createResponder } from './index.js';

const settings = loadSettings();
const log = createLogger('responder');
const data = createDataSource({ url: settings.databaseUrl, applicationName: 'xinyin-responder', poolSize: 4 });
await data.initialize();
const server = createResponder(data).listen(Number(process.env['PORT'] ?? 3001), '127.0.0.1', () => log.info('responder ready'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => server.close(() => void data.destroy().finally(() => process.exit(0))));
}
