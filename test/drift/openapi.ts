/** Fails when docs/openapi.json is not what the API says of itself. `--write` brings it up to date. */
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLogger, createMetrics } from '#observability';
import { publishedHolidays } from '#config';
import { createApi, describeApi } from '../../apps/api/src/app.js';
import { ApiContext } from '../../apps/api/src/platform/context.js';

const file = resolve(import.meta.dirname, '../../docs/openapi.json');
// Describing the API touches nothing it would work with.
const nothing = undefined as never;
const context = new ApiContext(
  nothing,
  nothing,
  nothing,
  nothing,
  publishedHolidays,
  nothing,
  createLogger('api', 'silent'),
  createMetrics(),
  () => new Date(),
);
const described = `${JSON.stringify(describeApi(await createApi(context)), null, 2)}\n`;

if (process.argv.includes('--write')) writeFileSync(file, described);
else if (readFileSync(file, 'utf8') !== described) {
  console.error('docs/openapi.json is not what the API says of itself. Run: npm run openapi');
  process.exitCode = 1;
}
process.exit();
