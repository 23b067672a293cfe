/** A worker's process: `--queues business,documents`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '#config';
import { openWorkers } from './compose.js';
import { queuesFromArguments } from './flags.js';

const bundlePath = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));
// Compiled, or, where this program runs from its sources, not.
const [sourcesPath = ''] = ['index.js', 'index.ts']
  .map((file) => fileURLToPath(new URL(`../../../workflows/${file}`, import.meta.url)))
  .filter(existsSync);
const served = queuesFromArguments(process.argv);
const { workers, log, close } = await openWorkers(loadSettings(), served, existsSync(bundlePath) ? { bundlePath } : { sourcesPath });

const running = workers.map((worker) => worker.run());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown()));
}
log.info({ queues: served }, 'worker ready');
try {
  await Promise.all(running);
} finally {
  await close();
}
process.exit(0);
