/** Workers of an office, in this process, by queue. */
import type { Settings } from '#config';
import { connectWorkers, createWorker } from '#temporal';
import { queues, type Queue } from '#workflows/contract';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { workflowBundle } from './bundle.js';

export interface OfficeWorkers {
  start(which?: readonly Queue[]): Promise<void>;
  stop(): Promise<void>;
}

export function workersOf(settings: Settings, bundlePath: string | undefined, activitiesOf: (queue: Queue) => object): OfficeWorkers {
  let running: { worker: Worker; done: Promise<void> }[] = [];
  let connections: NativeConnection[] = [];
  return {
    async start(which = ['business', 'documents', 'pki', 'station']) {
      const connection = await connectWorkers(settings.temporal);
      connections.push(connection);
      const workflows = { bundlePath: bundlePath ?? (await workflowBundle()) };
      for (const queue of which) {
        const worker = await createWorker(connection, settings.temporal, {
          taskQueue: queues[queue],
          activities: activitiesOf(queue),
          ...(queue === 'business' ? { workflows } : {}),
        });
        running.push({ worker, done: worker.run() });
      }
    },
    async stop() {
      for (const { worker } of running) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(running.map(({ done }) => done));
      running = [];
      await Promise.all(connections.map((connection) => connection.close()));
      connections = [];
    },
  };
}
