/** A whole office whose worker runs in a process of its own, as in service, so that its memory is nobody else's. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openOffice, type Office } from '../../world/office.js';
import { startApart } from './apart.js';
import { throwawayWorld } from './throwaway-world.js';

const BUNDLE = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));

/**
 * @param queues of the worker, as on its command line
 * @param fill what is there before the worker starts; the office's own workers run meanwhile
 * @param measure is given the worker's process id
 */
export async function withWorkerApart<Result>(
  queues: string,
  fill: (office: Office) => Promise<void>,
  measure: (office: Office, pid: number) => Promise<Result>,
): Promise<Result> {
  const world = await throwawayWorld();
  let opened: Office | undefined;
  try {
    const office = (opened = await openOffice(existsSync(BUNDLE) ? { bundlePath: BUNDLE } : {}));
    await fill(office);
    await office.stopWorkers();
    // As the launcher starts it: with the heap that it gives to workers.
    const env = { ...office.environment, NODE_OPTIONS: '--max-old-space-size=200', MALLOC_ARENA_MAX: '2' };
    const worker = await startApart('../../apps/worker/src/main.js', ['--queues', queues], env);
    try {
      return await measure(office, worker.pid);
    } finally {
      await worker.stop();
    }
  } finally {
    await opened?.close();
    await world.stop();
  }
}
