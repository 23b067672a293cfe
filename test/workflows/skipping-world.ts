/**
 * Workflows on the server that skips time, on their four queues, with recording stand-ins for their activities. Time is skipped only by
 * `env.sleep` and while a result is awaited; otherwise the clock runs as the wall's does, so a deadline never runs off by itself.
 */
import { randomUUID } from 'node:crypto';
import { XinyinError, type ErrorCode, type Outcome, type ReviewOutcome } from '#domain';
import { createWorker, failureCode } from '#temporal';
import {
  caseView,
  caseWorkflowId,
  creditArrived,
  decideReview,
  dispatchProgress,
  queues,
  resumeCase,
  searchAttributes,
  resendPhoneCode,
  submitCorrection,
  verifyPhone,
  workflowTypes,
  type CaseInput,
  type CaseView,
  type CreditNotice,
  type DispatchNotice,
  type Queue,
} from '#workflows/contract';
import { expect, jest } from '@jest/globals';
import type { WorkflowHandle, WorkflowStartOptions } from '@temporalio/client';
import { defaultPayloadConverter, type UpdateDefinition } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { workflowBundle } from '../world/bundle.js';
import { startSkippingServer } from '../world/engine.js';
import { unreplayable, type LivedHistory } from './replaying.js';
import { onQueue, type ActivityName, type StandIns } from './stand-ins.js';

// A test takes a fraction of a second; a machine busy with other things may take its time.
jest.setTimeout(60_000);

export interface Call {
  activity: ActivityName;
  input: unknown;
  ended: 'not yet' | 'well' | 'badly';
}

export interface Gate {
  wait(): Promise<void>;
  open(): void;
}

export interface SkippingWorld {
  env: TestWorkflowEnvironment;
  /** Replaces stand-ins until the end of the test. */
  answer(answers: Partial<StandIns>): void;
  /** Every call so far in the order of beginning, a retry as another call. */
  calls: readonly Call[];
  /** The inputs of one activity's calls. */
  inputs<Name extends ActivityName>(activity: Name): Parameters<StandIns[Name]>[0][];
  /** Texts sent, by template. */
  texts(): string[];
  start(type: string, workflowId: string, args: unknown[], more?: Partial<WorkflowStartOptions>): Promise<WorkflowHandle>;
  /** 证书新办 online, unless another is given. */
  startCase(given?: Partial<CaseInput>, more?: Partial<WorkflowStartOptions>): Promise<CaseRun>;
  /** A stand-in that answers only when the test opens it, or ends. */
  gate(): Gate;
  /** What a real activity would throw. */
  error(code: ErrorCode): Error;
  until(look: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** Ends what the test left running, and forgets its calls and answers. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export interface CaseRun {
  id: string;
  number: string;
  handle: WorkflowHandle;
  view(): Promise<CaseView>;
  reach(part: Partial<CaseView>): Promise<CaseView>;
  decide(outcome: ReviewOutcome, round?: number, by?: string): Promise<void>;
  /** Any other decision; under the same id it is the same. */
  send<Answer, Input>(definition: UpdateDefinition<Answer, [Input]>, input: Input, updateId?: string): Promise<Answer>;
  correct(correctionId?: string, phoneChanged?: boolean): Promise<void>;
  credit(result: CreditNotice['result'], creditId?: string): Promise<void>;
  dispatched(notice: DispatchNotice): Promise<void>;
  verify(codeId?: string): Promise<void>;
  resend(): Promise<void>;
  resume(): Promise<void>;
  /** What an operator reads in the engine's own screens. */
  details(): Promise<string>;
  /** Skips time until the case has ended. */
  outcome(): Promise<Outcome>;
}

export async function openSkippingWorld(): Promise<SkippingWorld> {
  quiet();
  const env = await startSkippingServer();
  await registerAttributes(env);
  const calls: Call[] = [];
  const answers: Partial<StandIns> = {};
  const left: WorkflowHandle[] = [];
  const gates: Gate[] = [];
  const histories: LivedHistory[] = [];
  const workers = await startWorkers(env, calls, answers);

  const start = async (type: string, workflowId: string, args: unknown[], more: Partial<WorkflowStartOptions> = {}) => {
    const handle = await env.client.workflow.start(type, { ...more, workflowId, taskQueue: queues.business, args });
    left.push(handle);
    return handle;
  };
  const inputs = <Name extends ActivityName>(activity: Name) =>
    calls.filter((call) => call.activity === activity).map((call) => call.input as Parameters<StandIns[Name]>[0]);
  return {
    env,
    calls,
    inputs,
    start,
    until,
    gate: () => {
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      const gate = { wait: () => opened, open };
      gates.push(gate);
      return gate;
    },
    error: (code) => new XinyinError(code),
    answer: (given) => void Object.assign(answers, given),
    texts: () => inputs('sendSms').map(({ template }) => template),
    startCase: async (given = {}, more) => {
      const id = randomUUID();
      const input: CaseInput = { applicationId: id, number: 'XB-2026-000001-7', business: 'new', channel: 'online', ...given };
      return caseRun(input, await start(workflowTypes[input.business], caseWorkflowId(id), [input], more));
    },
    forget: async () => {
      for (const gate of gates.splice(0)) gate.open();
      for (const name of Object.keys(answers) as ActivityName[]) delete answers[name];
      for (const handle of left) await until(() => isAtRest(handle), `${handle.workflowId} at rest`);
      for (const handle of left) histories.push({ workflowId: handle.workflowId, history: await handle.fetchHistory() });
      await Promise.all(left.splice(0).map((handle) => handle.terminate().catch(() => undefined)));
      calls.length = 0;
    },
    close: async () => {
      await workers.stop();
      await env.teardown();
      expect(await unreplayable(histories)).toEqual([]);
    },
  };
}

/** The test server says at each worker's start which of the real one's abilities it lacks. */
function quiet(): void {
  if (Runtime._instance !== undefined) return;
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
}

/** `PendingActivityState` of Temporal's API (temporal/api/enums/v1/workflow.proto). */
const SCHEDULED = 1;

/**
 * This server lets time stand still while a workflow task or an activity is under way, and for ever when its workflow is terminated
 * meanwhile (it then never gives the lock back): so a test's run is ended only between two steps.
 */
async function isAtRest(handle: WorkflowHandle): Promise<boolean> {
  const before = (await handle.fetchHistory()).events ?? [];
  const { raw } = await handle.describe();
  const events = (await handle.fetchHistory()).events ?? [];
  const backingOff = (raw.pendingActivities ?? []).every(({ state, attempt }) => state === SCHEDULED && (attempt ?? 1) > 1);
  const begun = events.filter((event) => event.workflowTaskScheduledEventAttributes).length;
  const over = events.filter(
    (event) =>
      event.workflowTaskCompletedEventAttributes ?? event.workflowTaskFailedEventAttributes ?? event.workflowTaskTimedOutEventAttributes,
  ).length;
  return events.length === before.length && backingOff && begun === over;
}

/** `IndexedValueType` of Temporal's API (temporal/api/enums/v1/common.proto). */
const INDEXED_AS = { KEYWORD: 2, DATETIME: 6 } as const;

/** This server can be given search attributes and cannot list them, so the product's own registration does not work here. */
async function registerAttributes(env: TestWorkflowEnvironment): Promise<void> {
  const wanted = Object.values(searchAttributes).map(({ name, type }) => [name, INDEXED_AS[type]]);
  const scheduled = ['TemporalScheduledStartTime', INDEXED_AS.DATETIME];
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries([...wanted, scheduled]) as Record<string, number>,
  });
}

async function startWorkers(env: TestWorkflowEnvironment, calls: Call[], answers: Partial<StandIns>) {
  const bundlePath = await workflowBundle();
  const running = await Promise.all(
    (Object.keys(queues) as Queue[]).map(async (queue) => {
      const worker = await createWorker(
        env.nativeConnection,
        { namespace: 'default' },
        {
          taskQueue: queues[queue],
          activities: recording(queue, calls, answers),
          ...(queue === 'business' ? { workflows: { bundlePath } } : {}),
        },
      );
      return { worker, ended: worker.run() };
    }),
  );
  return {
    async stop() {
      for (const { worker } of running) worker.shutdown();
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

function recording(queue: Queue, calls: Call[], answers: Partial<StandIns>): object {
  const record = (activity: ActivityName) => async (input: unknown) => {
    const call: Call = { activity, input, ended: 'not yet' };
    calls.push(call);
    const standIn = (answers[activity] ?? onQueue[queue][activity]) as (input: unknown) => Promise<unknown>;
    try {
      const answer = await standIn(input);
      call.ended = 'well';
      return answer;
    } catch (error) {
      call.ended = 'badly';
      throw error;
    }
  };
  const names = Object.keys(onQueue[queue]) as ActivityName[];
  return Object.fromEntries(names.map((name) => [name, record(name)]));
}

function caseRun({ applicationId, number }: CaseInput, handle: WorkflowHandle): CaseRun {
  const view = () => handle.query(caseView);
  return {
    id: applicationId,
    number,
    handle,
    view,
    reach: async (part) => {
      const reached = async () => Object.entries(part).every(([name, value]) => Object.is(value, found[name as keyof CaseView]));
      let found = await view();
      await until(async () => ((found = await view()), reached()), `the case at ${JSON.stringify(part)}`);
      return found;
    },
    decide: (outcome, round = 1, by) =>
      handle.executeUpdate(decideReview, { args: [{ decisionId: `${outcome}/${round}`, outcome, ...(by === undefined ? {} : { by }) }] }),
    send: (definition, input, updateId = randomUUID()) => handle.executeUpdate(definition, { args: [input], updateId }),
    correct: (correctionId = randomUUID(), phoneChanged = false) =>
      handle.executeUpdate(submitCorrection, { args: [{ correctionId, phoneChanged }] }),
    credit: (result, creditId = randomUUID()) => handle.signal(creditArrived, { creditId, result }),
    dispatched: (notice) => handle.signal(dispatchProgress, notice),
    verify: (codeId = randomUUID()) => handle.executeUpdate(verifyPhone, { args: [{ codeId }] }),
    resend: () => handle.executeUpdate(resendPhoneCode, { args: [{ requestId: randomUUID() }] }),
    resume: () => handle.executeUpdate(resumeCase, { args: [{ reason: 'cause-mended', by: OPERATOR }] }),
    details: async () => (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '',
    outcome: () => handle.result() as Promise<Outcome>,
  };
}

/** The staff id of whoever sends what operators send. */
export const OPERATOR = '0198c0de-0000-7000-8000-000000000001';

const LOOK_EVERY_MS = 15;
const PATIENCE_MS = 15_000;

export async function until(look: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const giveUp = Date.now() + PATIENCE_MS; !(await look());) {
    if (Date.now() > giveUp) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The code with which something was refused. */
export const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'was not refused',
    (error: unknown) => failureCode(error) ?? String(error),
  );

/** Names of the updates that a history holds: one that was refused by its validator is not among them. */
export async function acceptedUpdates(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) =>
    accepted ? [accepted.acceptedRequest?.input?.name ?? ''] : [],
  );
}

/** What a workflow told others, in its order: whom, and what. */
export async function told(handle: WorkflowHandle): Promise<[workflowId: string, notice: unknown][]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ signalExternalWorkflowExecutionInitiatedEventAttributes: signal }) => {
    const payload = signal?.input?.payloads?.[0];
    return payload ? [[signal?.workflowExecution?.workflowId ?? '', defaultPayloadConverter.fromPayload(payload)]] : [];
  });
}
