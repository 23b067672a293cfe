/**
 * The real workflows on the server that skips time, over a database of their own. What records is the office's own activities, at the time of
 * the engine; what would leave the machine, or take keys, is played. The engine's time is the simulated time and a fixed distance.
 */
import { activityInfo } from '@temporalio/activity';
import type { SmsTemplate } from '#domain';
import { connectEngine, connectWorkers, createWorker, quietEngine, type Engine } from '#temporal';
import { queues, type Queue } from '#workflows/contract';
import { skippingEngine } from '../../world/engine.js';
import { onQueue } from '../../workflows/stand-ins.js';
import { openBooksWorld, type BooksWorld } from '../books/world.js';

export interface SampleEngine {
  books: BooksWorld;
  engine: Engine;
  /** Names of the recording activities of each case that have ended, in their order. */
  steps: ReadonlyMap<string, string[]>;
  /** Messages of each case, by template, in their order. */
  texts: ReadonlyMap<string, SmsTemplate[]>;
  /** Lets the engine's time run on until that simulated moment. */
  skipTo(simulated: Date): Promise<void>;
  /** A few seconds on: a deadline was counted from when the workflow heard of it, a little after its simulated moment. */
  nudge(): Promise<true>;
  close(): Promise<void>;
}

const NUDGE_MS = 30_000;

/** Plays what is outside, by name. */
export type Played = Record<string, (input: never, at: Date) => Promise<unknown>>;

export async function openSampleEngine(options: {
  databaseUrl: string;
  bundlePath: string;
  begin: Date;
  play: (books: BooksWorld) => Played;
}): Promise<SampleEngine> {
  quietEngine('ERROR');
  const books = await openBooksWorld(options.databaseUrl);
  const skipping = await skippingEngine();
  const distance = (await skipping.now()).getTime() - options.begin.getTime();
  const address = { address: skipping.address, namespace: skipping.namespace };
  const engine = await connectEngine(address);
  const steps = new Map<string, string[]>();
  const texts = new Map<string, SmsTemplate[]>();
  const simulatedNow = async () => new Date((await skipping.now()).getTime() - distance);

  const played = options.play(books);
  /** Each activity at simulated time, with instants in its input brought back from the engine's. */
  const wrapped = (name: string, real: (input: never) => Promise<unknown>) => async (input: object) => {
    const at = await simulatedNow();
    const given = broughtBack(input, distance);
    const answer = await books.at(at, () => (played[name] ? played[name](given as never, at) : real(given as never)));
    note(steps, name);
    return answer;
  };
  const message = async (input: { applicationId: string; template?: SmsTemplate }) => {
    const template = input.template ?? CODES[activityInfo().activityType];
    if (template) texts.set(input.applicationId, [...(texts.get(input.applicationId) ?? []), template]);
    return Promise.resolve();
  };
  const business = { ...onQueue.business, ...books.act, rebindAccounts: () => Promise.resolve() };
  const activitiesOf = (queue: Queue) => ({
    ...mapped(queue === 'business' ? business : onQueue[queue], wrapped),
    ...(queue === 'business' ? { sendSms: message, sendAgentCode: message, sendUnlockCode: message } : {}),
  });

  const connection = await connectWorkers(address);
  const running = await Promise.all(
    (Object.keys(queues) as Queue[]).map(async (queue) => {
      const workflows = queue === 'business' ? { workflows: { bundlePath: options.bundlePath } } : {};
      const worker = await createWorker(connection, address, {
        taskQueue: queues[queue],
        activities: activitiesOf(queue),
        ...workflows,
      });
      return { worker, ended: worker.run() };
    }),
  );
  return {
    ...{ books, engine, steps, texts },
    skipTo: async (simulated) => {
      const ahead = simulated.getTime() + distance - (await skipping.now()).getTime();
      if (ahead > 0) await skipping.skip(ahead);
    },
    nudge: async () => {
      await skipping.skip(NUDGE_MS);
      return true;
    },
    close: async () => {
      for (const { worker } of running) worker.shutdown();
      await Promise.all(running.map(({ ended }) => ended));
      await connection.close();
      await engine.close();
      await skipping.close();
      await books.close();
    },
  };
}

const CODES: Record<string, SmsTemplate | undefined> = { sendAgentCode: 'agent-code', sendUnlockCode: 'unlock-code' };

function note(steps: Map<string, string[]>, name: string): void {
  const { workflowExecution } = activityInfo();
  const [, caseId = ''] = /^application\/(.*)$/.exec(workflowExecution?.workflowId ?? '') ?? [];
  if (caseId) steps.set(caseId, [...(steps.get(caseId) ?? []), name]);
}

type Activity = (input: never) => Promise<unknown>;
const mapped = (activities: object, wrap: (name: string, real: Activity) => (input: object) => Promise<unknown>) =>
  Object.fromEntries(Object.entries(activities as Record<string, Activity>).map(([name, real]) => [name, wrap(name, real)]));

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Instants that the engine has given, as simulated ones. Days are simulated already: they come from the rows. */
function broughtBack(input: object, distance: number): object {
  const entries = Object.entries(input ?? {}).map(([name, value]: [string, unknown]) => {
    const instant = typeof value === 'string' && INSTANT.test(value);
    return [name, instant ? new Date(Date.parse(value) - distance).toISOString() : value] as const;
  });
  return Object.fromEntries(entries);
}
