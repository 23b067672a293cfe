/** The API's process. */
import { loadSettings } from '#config';
import { createApi } from './app.js';
import { openContext } from './context-from-settings.js';

const settings = loadSettings();
const { context, close } = await openContext(settings);
const app = await createApi(context);
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
context.log.info({ url: await app.getUrl() }, 'api ready');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(
    signal,
    () =>
      void app
        .close()
        .then(close)
        .finally(() => process.exit(0)),
  );
}
