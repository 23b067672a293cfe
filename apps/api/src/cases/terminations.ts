/** Cases that an operator has terminated in the Temporal UI, or that the engine gave up: their rows say so within a minute. */
import { minutes } from '#domain';
import { Application } from '#persistence';
import { caseWorkflowId, queues, workflowTypes } from '#workflows/contract';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { ApiContext } from '../platform/context.js';

const LOOK_EVERY_MS = minutes(1);
/** What was missed while every API was down is found by the first look afterwards. */
const LOOK_BACK_MS = minutes(60 * 24 * 7);
const GIVEN_UP = ['TERMINATED', 'FAILED', 'TIMED_OUT', 'CANCELLED'];

@Injectable()
export class Terminations implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly context: ApiContext) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown) =>
      this.context.log.warn({ failure: error instanceof Error ? error.name : '' }, 'terminated cases were not looked for');
    this.timer = setInterval(() => void this.look().catch(failed), LOOK_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Returns how many cases it found that had ended without their rows knowing. */
  async look(): Promise<number> {
    const { engine, data } = this.context;
    const since = new Date(Date.now() - LOOK_BACK_MS).toISOString();
    const query = `ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled') AND BusinessType IS NOT NULL AND CloseTime > '${since}'`;
    const ids = new Set<string>();
    for await (const { workflowId } of engine.workflow.list({ query })) ids.add(workflowId.slice(caseWorkflowId('').length));
    let found = 0;
    for (const id of ids) {
      const application = await data.manager.findOneBy(Application, { id });
      if (application && application.stage !== 'closed' && (await this.hasEnded(id))) found += await this.record(application);
    }
    return found;
  }

  /** A reset ends a run, too, and another goes on under the same name. */
  private async hasEnded(id: string): Promise<boolean> {
    const { status } = await this.context.engine.workflow.getHandle(caseWorkflowId(id)).describe();
    return GIVEN_UP.includes(status.name);
  }

  private async record({ id }: Application): Promise<number> {
    try {
      await this.context.engine.workflow.execute(workflowTypes.recordTermination, {
        workflowId: `${caseWorkflowId(id)}/terminated`,
        taskQueue: queues.business,
        args: [{ applicationId: id }],
        staticSummary: '记录终止 Record a termination',
      });
      return 1;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 0;
      throw error;
    }
  }
}
