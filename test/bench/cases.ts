/**
 * Whole new-certificate cases a second, from submission to the courier through the HTTP API, beside bare workflows with the same number
 * of activities, updates, signals and timers, on the same server in the same run. PDFs are left out; `documents` measures them.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectWorkers, createWorker } from '#temporal';
import { queues, type Queue } from '#workflows/contract';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { Application } from '#persistence';
import { openOffice, type Office } from '../world/office.js';
import { inParallel, prepareDraft, type Prepared } from './support/drive.js';
import { startApart, type Apart } from './support/apart.js';
import { throwawayWorld } from './support/throwaway-world.js';

const LEVELS = [
  { atOnce: 1, cases: 6 },
  { atOnce: 8, cases: 32 },
  { atOnce: 32, cases: 64 },
] as const;
/** As in service: the keys and the tokens are in processes of their own, in both measurements. */
const HERE: Queue[] = ['business', 'documents'];
const APART: Queue[] = ['pki', 'station'];

export default async function bench() {
  const world = await throwawayWorld();
  const spent = new Map<string, number>();
  const bundlePath = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  let opened: Office | undefined;
  try {
    const office = await openOffice({
      ...(existsSync(bundlePath) ? { bundlePath } : {}),
      activities: timed(spent),
      workers: false,
    });
    opened = office;
    const apart = () => startApart('./support/keys-and-tokens.js', [], office.environment);
    const staff = await startStaff(office, apart);
    const bare = await openBare(office, staff);
    const figures: Record<string, number | string> = {};
    const ratios: number[] = [];
    let caseSeconds = 0;
    for (const { atOnce, cases } of LEVELS) {
      const prepared = await inParallel(Array.from({ length: cases }), 8, () => prepareDraft(office.person(), office.sandbox));
      const ours = await measure(() => runCases(office, prepared, atOnce));
      const bound = await bare.run(cases, atOnce);
      caseSeconds += ours;
      ratios.push(bound / ours);
      figures[`cases/s, ${atOnce} at once`] = round(cases / ours);
      figures[`bare workflows/s, ${atOnce} at once`] = round(cases / bound);
      figures[`ratio, ${atOnce} at once`] = round(bound / ours);
    }
    figures['best ratio (wanted: at least 0.5)'] = round(Math.max(...ratios));
    const total = LEVELS.reduce((sum, level) => sum + level.cases, 0);
    const shares = [...spent].sort((a, b) => b[1] - a[1]).slice(0, 8);
    for (const [activity, seconds] of shares) figures[`ms a case in ${activity}`] = round((seconds / total) * 1000);
    await bare.close();
    await staff.rest();
    return {
      name: 'cases',
      figures,
      notes: [
        `Time inside activities of this process (pki and station have one of their own) overlaps; ${round((caseSeconds / total) * 1000)} ms of wall time a case on average. PDF rendering left out.`,
      ],
    };
  } finally {
    await opened?.close();
    await world.stop();
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000;

async function measure(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function runCases(office: Office, prepared: Prepared[], atOnce: number): Promise<void> {
  const reviewer = await office.staff('reviewer');
  const dispatcher = await office.staff('dispatcher');
  const watch = watcher(office, atOnce === 1 ? 20 : 100);
  const ids = await inParallel(prepared, atOnce, async ({ draftId, person, name }) => {
    const { id } = await person.post<{ id: string }>(`/api/v1/drafts/${draftId}/submission`, {}, person.key());
    await watch.reached(id, 'review');
    await reviewer.post(`/api/v1/reviews/${id}/claim`);
    await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved' }, reviewer.key());
    await watch.reached(id, 'payment');
    const order = await person.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${id}/order`);
    await office.sandbox.transfer({ payerName: name, amountFen: order.amountFen, remittance: order.reference });
    await watch.reached(id, 'dispatch');
    return id;
  });
  const { dispatchDay } = await office.data.manager.findOneByOrFail(Application, { id: ids[0] ?? '' });
  await dispatcher.post(`/api/v1/dispatches/${dispatchDay}`);
  await office.until(
    async () =>
      (
        await dispatcher.attempt('POST', `/api/v1/dispatches/${dispatchDay}/hand-over`, {
          json: {},
          headers: { 'Idempotency-Key': dispatcher.key() },
        })
      ).status === 200
        ? true
        : null,
    'the hand-over',
  );
  await Promise.all(ids.map((id) => watch.reached(id, 'closed')));
  watch.stop();
}

/** One query for all cases waited for, and seldom where many are under way: watching is not what is measured. */
function watcher(office: Office, everyMs: number) {
  const waiting = new Map<string, { stage: string; found: () => void }>();
  const timer = setInterval(() => void look(), everyMs);
  let looking = false;
  async function look() {
    if (looking || waiting.size === 0) return;
    looking = true;
    const rows: { id: string; stage: string }[] = await office.data.query('SELECT id, stage FROM application WHERE id = ANY($1)', [
      [...waiting.keys()],
    ]);
    for (const { id, stage } of rows) {
      const each = waiting.get(id);
      if (each?.stage !== stage) continue;
      waiting.delete(id);
      each.found();
    }
    looking = false;
  }
  return {
    reached: (id: string, stage: string) => new Promise<void>((found) => waiting.set(id, { stage, found })),
    stop: () => clearInterval(timer),
  };
}

interface Staff {
  rest(): Promise<void>;
  work(): Promise<void>;
}

/** Our own workers, those here and those apart. */
async function startStaff(office: Office, apart: () => Promise<Apart>): Promise<Staff> {
  let away = await apart();
  await office.startWorkers(HERE);
  process.once('exit', () => away.kill());
  return {
    rest: async () => void (await Promise.all([office.stopWorkers(), away.stop()])),
    work: async () => {
      away = await apart();
      await office.startWorkers(HERE);
    },
  };
}

/** The bare workflows on the same server, with the same queues and worker settings, while our own workers rest. */
async function openBare(office: Office, staff: Staff) {
  const { temporal } = office.settings;
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./bare/workflows.js', import.meta.url)),
    logger: silent,
  });
  const connection = await connectWorkers(temporal);
  const activities = { nothing: () => Promise.resolve() };
  const settings = (queue: Queue) => ({ taskQueue: queues[queue], activities, ...(queue === 'business' ? { workflows: { code } } : {}) });
  return {
    /** Seconds for so many, without the time that workers take to start and stop. */
    async run(count: number, atOnce: number): Promise<number> {
      await staff.rest();
      const workers = await Promise.all(HERE.map((queue) => createWorker(connection, temporal, settings(queue))));
      const running = workers.map((worker) => worker.run());
      const apart = await startApart('./bare/worker.js', [temporal.address, temporal.namespace, ...APART], process.env);
      const seconds = await measure(() => runBare(office.engine.client, count, atOnce));
      for (const worker of workers) worker.shutdown();
      await Promise.all([...running, apart.stop()]);
      await staff.work();
      return seconds;
    },
    close: () => connection.close(),
  };
}

async function runBare(client: Client, count: number, atOnce: number): Promise<void> {
  const run = randomUUID();
  const taskQueue = queues.business;
  const start = (type: string, workflowId: string, args: unknown[]) => client.workflow.start(type, { taskQueue, workflowId, args });
  const decide = (handle: WorkflowHandle) => handle.executeUpdate('decide', { args: [{ decisionId: randomUUID() }] });
  const caseIds = Array.from({ length: count }, (_, index) => `bare/${run}/${index}`);
  const cases = await inParallel(caseIds, atOnce, async (caseId) => {
    const handle = await start('bareCase', caseId, []);
    await decide(handle);
    const credit = await start('bareCredit', `${caseId}/credit`, [{ caseId }]);
    await credit.result();
    return handle;
  });
  const batch = await start('bareBatch', `bare/${run}/batch`, [{ caseIds }]);
  await decide(batch);
  await Promise.all([batch.result(), ...cases.map((handle) => handle.result())]);
}

const silent = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, log: () => {} };

function timed(spent: Map<string, number>) {
  const wrap = (real: object) =>
    Object.fromEntries(
      Object.entries(real).map(([name, work]: [string, (input: never) => Promise<unknown>]) => [
        name,
        async (input: never) => {
          const began = performance.now();
          try {
            return await work(input);
          } finally {
            spent.set(name, (spent.get(name) ?? 0) + (performance.now() - began) / 1000);
          }
        },
      ]),
    );
  return Object.fromEntries(HERE.map((queue) => [queue, wrap]));
}
