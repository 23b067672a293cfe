/**
 * What operators do to cases with the engine's own tools, or the engine when it gives one up: a case that was terminated is closed in our
 * rows, one that was reset has it in its audit, each within a minute.
 */
import { minutes, staffIdIn } from '#domain';
import { Application } from '#persistence';
import { caseWorkflowId, queues, workflowTypes, type TerminationInput } from '#workflows/contract';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { In } from 'typeorm';
import { ApiContext } from '../platform/context.js';
import { every, type Repeating } from '../platform/every.js';

const LOOK_EVERY_MS = minutes(1);
/** What was missed while every API was down is found by the first look afterwards. */
const LOOK_BACK_MS = minutes(60 * 24 * 7);
/** The engine's list of executions may be behind its executions by moments. */
const LIST_BEHIND_MS = minutes(2);
const GIVEN_UP = ['TERMINATED', 'FAILED', 'TIMED_OUT', 'CANCELLED'];
const ROWS_AT_ONCE = 500;
const RECORDED_WITHIN_MS = 10_000;

interface Run {
  id: string;
  runId: string;
  startTime: Date;
}

@Injectable()
export class OperatorActs implements OnApplicationBootstrap, OnApplicationShutdown {
  private looking: Repeating | undefined;
  private resetsFrom = new Date(Date.now() - LOOK_BACK_MS);

  constructor(private readonly context: ApiContext) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown) =>
      this.context.log.warn({ failure: error instanceof Error ? error.name : '' }, 'what operators did was not looked for');
    const look = async () => {
      await this.lookForTerminations();
      await this.lookForResets();
    };
    this.looking = every(LOOK_EVERY_MS, look, failed);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looking?.end();
  }

  /** Returns how many cases it found that had ended without their rows knowing. */
  async lookForTerminations(): Promise<number> {
    const { engine, data } = this.context;
    const since = new Date(Date.now() - LOOK_BACK_MS).toISOString();
    const query = `ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled') AND BusinessType IS NOT NULL AND CloseTime > '${since}'`;
    const ids = new Set<string>();
    for await (const { workflowId } of engine.workflow.list({ query })) ids.add(caseIn(workflowId));
    let found = 0;
    for (const id of ids) {
      const application = await data.manager.findOneBy(Application, { id });
      if (!application || application.stage === 'closed' || !(await this.hasEnded(id))) continue;
      found += await this.recordTermination(id);
    }
    return found;
  }

  /** Returns how many resets it found that the audit did not know. */
  async lookForResets(): Promise<number> {
    const begun = Date.now();
    const query = `BusinessType IS NOT NULL AND StartTime > '${this.resetsFrom.toISOString()}'`;
    const runs: Run[] = [];
    for await (const { workflowId, runId, startTime } of this.context.engine.workflow.list({ query }))
      runs.push({ id: caseIn(workflowId), runId, startTime });
    let found = 0;
    for (const run of await this.begunAgain(runs)) found += await this.recordReset(run);
    this.resetsFrom = new Date(begun - LIST_BEHIND_MS);
    return found;
  }

  /** A reset ends a run, too, and another goes on under the same name. */
  private async hasEnded(id: string): Promise<boolean> {
    const { status } = await this.context.engine.workflow.getHandle(caseWorkflowId(id)).describe();
    return GIVEN_UP.includes(status.name);
  }

  /** Runs that began when their cases had been under way already. */
  private async begunAgain(runs: readonly Run[]): Promise<Run[]> {
    const again: Run[] = [];
    for (let from = 0; from < runs.length; from += ROWS_AT_ONCE) {
      const some = runs.slice(from, from + ROWS_AT_ONCE);
      const where = { id: In(some.map(({ id }) => id)) };
      const rows = await this.context.data.manager.find(Application, { where, select: { id: true, startedAt: true } });
      const startedAt = new Map(rows.map((row) => [row.id, row.startedAt]));
      again.push(...some.filter(({ id, startTime }) => (startedAt.get(id) ?? startTime) < startTime));
    }
    return again;
  }

  private async recordTermination(id: string): Promise<number> {
    const { events } = await this.context.engine.workflow.getHandle(caseWorkflowId(id)).fetchHistory();
    const terminated = events?.at(-1)?.workflowExecutionTerminatedEventAttributes;
    const input: TerminationInput = { applicationId: id, ...(terminated && { by: staffIdIn(terminated.reason ?? '') }) };
    return this.record(workflowTypes.recordTermination, `${caseWorkflowId(id)}/terminated`, input);
  }

  private async recordReset({ id, runId }: Run): Promise<number> {
    const { events } = await this.context.engine.workflow.getHandle(caseWorkflowId(id), runId).fetchHistory();
    const reset = events?.find(({ workflowTaskFailedEventAttributes: failed }) => failed?.newRunId === runId);
    if (!reset) return 0;
    // The engine keeps no other name of who asked for a reset, or a termination, than what they wrote.
    const by = staffIdIn(reset.workflowTaskFailedEventAttributes?.failure?.message ?? '');
    return this.record(workflowTypes.recordReset, `${caseWorkflowId(id)}/reset/${runId}`, { applicationId: id, runId, by });
  }

  private async record(type: keyof typeof SUMMARIES, workflowId: string, input: object): Promise<number> {
    const { engine } = this.context;
    const options = { workflowId, taskQueue: queues.business, args: [input], staticSummary: SUMMARIES[type] };
    try {
      // Where nobody works it is begun all the same, and done when somebody does.
      await engine.withDeadline(Date.now() + RECORDED_WITHIN_MS, () =>
        engine.workflow.execute(type, { ...options, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' }),
      );
      return 1;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 0;
      throw error;
    }
  }
}

const SUMMARIES = {
  [workflowTypes.recordTermination]: '记录终止 Record a termination',
  [workflowTypes.recordReset]: '记录重置 Record a reset',
} as const;

const caseIn = (workflowId: string) => workflowId.slice(caseWorkflowId('').length);
