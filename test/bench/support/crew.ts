/** Workers by turns, on one server with the same queues and settings: ours, those here and those apart, or bare ones while ours rest. */
import { fileURLToPath } from 'node:url';
import { connectWorkers, createWorker } from '#temporal';
import { queues, type Queue } from '#workflows/contract';
import type { Client } from '@temporalio/client';
import { activityInfo } from '@temporalio/activity';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Office } from '../../world/office.js';
import { createProgress, workflowIn, type Progress } from '../bare/progress.js';
import { startApart } from './apart.js';

/** As in service: the keys and the tokens are in processes of their own, in both measurements. */
export const HERE: Queue[] = ['business', 'documents'];
const APART: Queue[] = ['pki', 'station'];

export type BareWork = (client: Client, progress: Progress) => Promise<void>;

export interface Crew {
  /**
   * Seconds that bare workflows take for this work, without the time that workers take to start and stop, and without what comes first, to
   * warm them up. Ours work again afterwards.
   */
  bare(work: BareWork, first?: BareWork): Promise<number>;
  close(): Promise<void>;
}

export async function startCrew(office: Office): Promise<Crew> {
  const apart = () => {
    const ahead = String(office.clock.now().getTime() - Date.now());
    return startApart('./support/keys-and-tokens.js', [], { ...office.environment, XINYIN_BENCH_AHEAD_MS: ahead });
  };
  let away = await apart();
  await office.startWorkers(HERE);
  process.once('exit', () => away.kill());
  const { temporal } = office.settings;
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../bare/workflows.js', import.meta.url)),
    logger: silent,
  });
  const connection = await connectWorkers(temporal);
  const progress = createProgress();
  const activities = { nothing: async () => progress.did(activityInfo().workflowExecution?.workflowId ?? '') };
  const hear = (line: string) => progress.did(workflowIn(line) ?? '');
  const settings = (queue: Queue) => ({ taskQueue: queues[queue], activities, ...(queue === 'business' ? { workflows: { code } } : {}) });
  const rest = async () => void (await Promise.all([office.stopWorkers(), away.stop()]));
  return {
    async bare(work, first) {
      await rest();
      const workers = await Promise.all(HERE.map((queue) => createWorker(connection, temporal, settings(queue))));
      const running = workers.map((worker) => worker.run());
      const others = await startApart('./bare/worker.js', [temporal.address, temporal.namespace, ...APART], process.env, hear);
      await first?.(office.engine.client, progress);
      const seconds = await secondsOf(() => work(office.engine.client, progress));
      for (const worker of workers) worker.shutdown();
      await Promise.all([...running, others.stop()]);
      away = await apart();
      await office.startWorkers(HERE);
      return seconds;
    },
    close: async () => {
      await connection.close();
      await rest();
    },
  };
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const silent = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, log: () => {} };
